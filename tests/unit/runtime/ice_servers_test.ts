import assert from "node:assert/strict";
import { DEFAULT_ICE_SERVERS, iceServersOf } from "../../../src/runtime/ice_servers.ts";

Deno.test("a broker on this machine needs no ICE servers; any other gets the defaults", () => {
  const of = (signalUrl: string) => iceServersOf({ signalUrl, podId: "p" });
  for (const host of ["localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:80", "x.localhost"]) {
    assert.deepEqual(of(`ws://${host}/signal`), [], host);
  }
  for (const host of ["signal.gemmapod.com", "127.0.0.1.example", "192.168.1.4", "10.0.0.1"]) {
    assert.equal(of(`wss://${host}/signal`), DEFAULT_ICE_SERVERS, host);
  }
});

Deno.test("a pod's own ICE servers are taken as they are", () => {
  const iceServers = [{ urls: "turn:turn.example", username: "u", credential: "c" }];
  const config = { signalUrl: "ws://localhost/signal", podId: "p", iceServers };
  assert.equal(iceServersOf(config), iceServers);
});
