import assert from "node:assert/strict";
import { httpAddress } from "../../../src/base/mod.ts";

Deno.test("httpAddress reads what people write, with a scheme or without", () => {
  for (
    const [text, href] of [
      ["localhost:11434", "http://localhost:11434/"],
      ["localhost", "http://localhost/"],
      ["10.0.0.7:8080/v1", "http://10.0.0.7:8080/v1"],
      ["[::1]:8080", "http://[::1]:8080/"],
      ["HTTPS://Models.Example/v1", "https://models.example/v1"],
      ["http://münchen.example", "http://xn--mnchen-3ya.example/"],
      ["http://me:secret@models.example", "http://me:secret@models.example/"],
      ["me:secret@models.example/v1", "http://me:secret@models.example/v1"],
    ] as const
  ) {
    assert.equal(httpAddress(text).href, href);
  }
});

Deno.test("httpAddress refuses what no request could be sent to, and repeats none of it", () => {
  for (
    const text of [
      ...["", " ", "ht!tp:", "http:", "http://", "http:x", "https:/x", "http:///x", "localhost:"],
      ...["/v1", "//x", "8080", "a b", "http://a b", "http://h:99999", "file:///x", "C:\\models"],
      `http://${"a".repeat(3_000)}`,
    ]
  ) {
    assert.throws(() => httpAddress(text), { code: "bad_address" }, text);
  }
  assert.throws(() => httpAddress("ftp://models.example"), {
    message: "ftp: is not http: or https:",
  });
  assert.throws(() => httpAddress("http://me:hidden@a b"), { message: "it is no address" });
  // `URL` would take the scheme for the host, and the password for a part of the path.
  for (const scheme of ["ftp", "ws"]) {
    assert.throws(() => httpAddress(`${scheme}://me:hidden@models.example`), {
      message: `${scheme}: is not http: or https:`,
    });
  }
  assert.throws(() => httpAddress("http:me@models.example"), { message: "it is no address" });
});
