import assert from "node:assert/strict";
import { stunFindings, udpServers } from "../../../../src/cli/doctor/check_stun.ts";
import {
  bindingRequest,
  newTransactionId,
  readBindingResponse,
} from "../../../../src/cli/doctor/stun.ts";
import { fromHex } from "../../../../src/base/mod.ts";
import { bindingResponse } from "../../../e2e/stun_responder.ts";

const ID = "b7e7a701bc34d686fa87dfae";

Deno.test("a binding request is twenty bytes with the cookie and the transaction", () => {
  assert.deepEqual(
    bindingRequest(ID),
    fromHex(`000100002112a442${ID}`),
  );
  assert.match(newTransactionId(), /^[0-9a-f]{24}$/);
});

Deno.test("the sample responses of RFC 5769 are read", () => {
  const ipv4 = fromHex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220" +
      "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" +
      "80280004c07d4c96",
  );
  assert.deepEqual(readBindingResponse(ipv4), {
    transactionId: ID,
    mapped: { address: "192.0.2.1", port: 32_853 },
  });
  const ipv6 = fromHex(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220" +
      "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf1" +
      "1784c97c8292c275bfe3ed4180280004c8fb0b4c",
  );
  assert.deepEqual(readBindingResponse(ipv6), {
    transactionId: ID,
    mapped: { address: "2001:db8:1234:5678:11:2233:4455:6677", port: 32_853 },
  });
});

Deno.test("no packet that is cut, or of another kind, is an answer", () => {
  const request = bindingRequest(ID);
  const whole = bindingResponse(request, "192.0.2.1", 32_853);
  assert(readBindingResponse(whole) !== undefined);
  for (let length = 0; length < whole.length; length++) {
    assert.equal(readBindingResponse(whole.subarray(0, length)), undefined);
  }
  assert.equal(readBindingResponse(request), undefined);
  for (let at = 0; at < whole.length; at++) {
    readBindingResponse(whole.with(at, 0xff)); // whatever it reads, it does not throw
  }
});

Deno.test("servers over UDP are asked, each once", () => {
  assert.deepEqual(
    udpServers([
      { urls: ["stun:one.example", "stun:one.example:3478", "stun:[2001:db8::1]:19302"] },
      { urls: "turn:two.example:80?transport=udp", username: "u", credential: "c" },
      { urls: ["turns:three.example", "turn:four.example?transport=tcp"] },
    ]),
    [
      { host: "one.example", port: 3478 },
      { host: "2001:db8::1", port: 19_302 },
      { host: "two.example", port: 80 },
    ],
  );
});

Deno.test("one answer is enough, and all that are silent are named", () => {
  const server = { host: "one.example", port: 3478 };
  const [none] = stunFindings([{ server, why: "it does not answer" }]);
  assert.equal(none?.status, "bad");
  const findings = stunFindings([
    { server, mapped: { address: "192.0.2.1", port: 1 }, ms: 12 },
    { server: { host: "two.example", port: 3478 }, why: "its name is not known here" },
  ]);
  assert.deepEqual(findings.map(({ status }) => status), ["good", "warn"]);
});
