import assert from "node:assert/strict";
import {
  DEFAULT_ICE_SERVERS,
  nativeIceServers,
  parseIceServers,
} from "../../../src/rtc/ice_servers.ts";

const user = { username: "ada", credential: "p@ss:word/" };
const turn = (hostname: string, port: number, relayType: string) => ({
  hostname,
  port,
  username: user.username,
  password: user.credential,
  relayType,
});

for (
  const [url, expected] of [
    ["stun:stun.example.org", "stun:stun.example.org:3478"],
    ["stun:stun.example.org:19302", "stun:stun.example.org:19302"],
    ["stun:[2001:db8::1]:3478", "stun:[2001:db8::1]:3478"],
    ["turn:turn.example.org", turn("turn.example.org", 3478, "TurnUdp")],
    ["turn:turn.example.org:80?transport=tcp", turn("turn.example.org", 80, "TurnTcp")],
    ["turn:[2001:db8::1]:9?transport=udp", turn("2001:db8::1", 9, "TurnUdp")],
    ["turns:turn.example.org", turn("turn.example.org", 5349, "TurnTls")],
  ] as const
) {
  Deno.test(`nativeIceServers() knows ${url}`, () => {
    assert.deepEqual(nativeIceServers([{ urls: url, ...user }]), [expected]);
  });
}

Deno.test("nativeIceServers() takes a list of addresses, and the default ones", () => {
  assert.equal(nativeIceServers([{ urls: ["stun:a.example", "stun:b.example"] }]).length, 2);
  assert.equal(nativeIceServers(DEFAULT_ICE_SERVERS).length, 2);
});

for (
  const url of [
    "",
    "example.org",
    "http://example.org",
    "stun:",
    "stun:a:0",
    "stun:a:70000",
    "stun:u@a",
  ]
) {
  Deno.test(`nativeIceServers() refuses the address ${JSON.stringify(url)}`, () => {
    assert.throws(() => nativeIceServers([{ urls: url }]), { code: "bad_ice_servers" });
  });
}

Deno.test("nativeIceServers() refuses TURN without a name and password", () => {
  assert.throws(() => nativeIceServers([{ urls: "turn:a.example" }]), { code: "bad_ice_servers" });
});

for (const json of ["", "{}", '[{"url":"stun:a"}]', '[{"urls":[]}]', '[{"urls":"http://a"}]']) {
  Deno.test(`parseIceServers() refuses ${json || "nothing"}`, () => {
    assert.throws(() => parseIceServers(json), { code: "bad_ice_servers" });
  });
}

Deno.test("parseIceServers() reads RTCIceServer as JSON, also none", () => {
  const servers = [{ urls: ["turn:a.example"], ...user }];
  assert.deepEqual(parseIceServers(JSON.stringify(servers)), servers);
  assert.deepEqual(parseIceServers("[]"), []);
});
