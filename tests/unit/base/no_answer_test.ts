import assert from "node:assert/strict";
import { noAnswer } from "../../../src/base/mod.ts";

/** A failed `fetch` as Deno 2.9 throws it. */
function failed(words: string): TypeError {
  const cause = new Error(`error sending request for url (https://tls.example/): ${words}`);
  return new TypeError("fetch failed", { cause });
}

Deno.test("noAnswer says in a few words what happened, on every system", () => {
  for (
    const [words, why] of [
      ["client error (Connect): tcp connect error: Connection refused (os error 111)", /refused/],
      [
        "client error (Connect): tcp connect error: actively refused it. (os error 10061)",
        /refused/,
      ],
      [
        "client error (Connect): dns error: failed to lookup address information",
        /no host of that/,
      ],
      ["client error (Connect): invalid peer certificate: UnknownIssuer", /not trusted here/],
      ["client error (Connect): received corrupt message of type InvalidContentType", /speak TLS/],
      ["client error (Connect): received fatal alert: HandshakeFailure", /no encrypted connection/],
      ["client error (Connect): Network is unreachable (os error 101)", /no way leads there/],
      ["client error (SendRequest): connection closed before message completed", /closed the conn/],
      ["client error (SendRequest): invalid HTTP version parsed", /does not speak HTTP/],
    ] as const
  ) {
    const answer = noAnswer(failed(words));
    assert.match(answer.why, why, words);
    assert(answer.todo !== "" && answer.why.length < 60, answer.why);
    assert.match(noAnswer(new TypeError(words)).why, why, "as Deno 2.6 throws it");
  }
  assert.match(
    noAnswer(new DOMException("Signal timed out.", "TimeoutError")).why,
    /not .* in time/,
  );
  assert.match(noAnswer(new TypeError("error reading a body from connection")).why, /broke off/);
});

Deno.test("noAnswer repeats what it does not know, without the address", () => {
  const { why } = noAnswer(failed("client error (Connect): the moon is full"));
  assert.equal(why, "the moon is full");
  const cause = new Error("error sending request for url (http://me:secret@h/)");
  assert(!noAnswer(new TypeError("fetch failed", { cause })).why.includes("secret"));
  const loop = new Error("round");
  loop.cause = loop;
  assert.equal(noAnswer(loop).why, "round");
});

Deno.test("noAnswer knows what this Deno says", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  closed.close();
  await using plain = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(null, { status: 302, headers: { location: "/" } }),
  );
  const { port } = plain.addr;
  for (
    const [url, why] of [
      [`http://127.0.0.1:${closed.addr.port}/`, /refused/],
      ["http://nowhere.invalid/", /no host of that name/],
      [`https://127.0.0.1:${port}/`, /does not speak TLS/],
      [`http://127.0.0.1:${port}/`, /elsewhere/],
    ] as const
  ) {
    const error = await fetch(url, { redirect: "error" }).catch((error: unknown) => error);
    assert.match(noAnswer(error).why, why, url);
  }
});
