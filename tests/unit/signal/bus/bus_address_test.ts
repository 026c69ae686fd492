import assert from "node:assert/strict";
import { parseBusAddress } from "../../../../src/signal/bus/bus_address.ts";

Deno.test("parseBusAddress() reads one NATS or several, with the usual port where none is given", () => {
  assert.deepEqual(parseBusAddress("nats://a"), { servers: ["a:4222"], tls: false });
  assert.deepEqual(parseBusAddress(" nats://a:1, nats://[::1]:2 ,"), {
    servers: ["a:1", "[::1]:2"],
    tls: false,
  });
  assert.deepEqual(parseBusAddress("tls://a"), { servers: ["a:4222"], tls: true });
});

Deno.test("parseBusAddress() reads credentials of any of them", () => {
  assert.deepEqual(parseBusAddress("nats://a,nats://me:p%40ss@b"), {
    servers: ["a:4222", "b:4222"],
    tls: false,
    user: "me",
    password: "p@ss",
  });
  assert.deepEqual(parseBusAddress("nats://t0ken@a"), {
    servers: ["a:4222"],
    tls: false,
    token: "t0ken",
  });
});

for (const text of ["", ",", "a:4222", "http://a", "nats://", "nats://me:secret@", "nats://a b"]) {
  Deno.test(`parseBusAddress() refuses ${JSON.stringify(text)} without showing it`, () => {
    assert.throws(() => parseBusAddress(text), {
      code: "bad_bus",
      message: /^(?!.*secret).*expected nats:\/\/host:port/,
    });
  });
}
