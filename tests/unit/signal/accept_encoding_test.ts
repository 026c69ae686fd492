import assert from "node:assert/strict";
import { acceptedCodings } from "../../../src/signal/http/accept_encoding.ts";

const cases: readonly [header: string | undefined, codings: readonly string[]][] = [
  [undefined, ["identity"]],
  ["", ["identity"]],
  ["identity", ["identity"]],
  ["gzip, deflate, br, zstd", ["br", "gzip", "identity"]],
  ["GZIP, Br", ["br", "gzip", "identity"]],
  ["x-gzip", ["gzip", "identity"]],
  ["gzip;q=1.0, br;q=0.8", ["gzip", "br", "identity"]],
  ["br;q=0.001", ["br", "identity"]],
  ["br ; q=0.3 , gzip\t;\tQ=0.4", ["gzip", "br", "identity"]],
  ["br;q=0, gzip", ["gzip", "identity"]],
  ["br;q=0.000", ["identity"]],
  ["identity;q=0, gzip", ["gzip"]],
  ["identity;q=0", []],
  ["identity, br;q=0.5", ["identity", "br"]],
  ["*", ["br", "gzip", "identity"]],
  ["*;q=0", []],
  ["*;q=0, br", ["br"]],
  ["br;q=0, *", ["gzip", "identity"]],
  ["gzip, *;q=0", ["gzip"]],
  ["gzip, *;q=0.1", ["gzip", "br", "identity"]],
  ["identity;q=0.5, *;q=0", ["identity"]],
  ["compress, zstd", ["identity"]],
];

for (const [header, codings] of cases) {
  Deno.test(`Accept-Encoding ${JSON.stringify(header)} takes ${codings.join(" ") || "none"}`, () => {
    assert.deepEqual(acceptedCodings(header), codings);
  });
}

Deno.test("acceptedCodings() leaves out what cannot be read", () => {
  for (
    const element of ["br;q=2", "br;q=-1", "br;q=0.1234", "br;level=3", "br gzip", ";q=1", "é"]
  ) {
    assert.deepEqual(acceptedCodings(`${element}, gzip`), ["gzip", "identity"], element);
  }
});

Deno.test("acceptedCodings() takes time in proportion to a hostile header", () => {
  for (const part of ["br;q=0.1,", " ", "\t;", ";q", "*"]) {
    assert(Array.isArray(acceptedCodings(part.repeat(100_000))));
  }
});
