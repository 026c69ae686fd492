import assert from "node:assert/strict";
import {
  type BusMessage,
  encodeBusMessage,
  parseBusMessage,
} from "../../../../src/signal/bus/bus_message.ts";
import { BUS_MESSAGE_BYTES } from "../../../../src/signal/bus/limits.ts";
import { newName, podSubject, podToken } from "../../../../src/signal/bus/names.ts";
import { MESSAGE_BYTES, parseClientMessage } from "../../../../src/signaling/mod.ts";

const [from, link] = [newName(), newName()];

function parsed(value: unknown): BusMessage | undefined {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return parseBusMessage(new TextEncoder().encode(text));
}

Deno.test("parseBusMessage() reads what encodeBusMessage() writes", () => {
  const messages: BusMessage[] = [
    {
      t: "say",
      from,
      link,
      n: 0,
      say: { t: "offer", podId: "é.*.>", sessionId: "s", sdp: "v=0" },
    },
    { t: "say", from, link, n: 1, say: { t: "answer", sdp: "v=0" } },
    { t: "say", from, link, n: 2, say: { t: "candidate", candidate: null } },
    {
      t: "say",
      from,
      link,
      n: 3,
      say: { t: "candidate", candidate: { candidate: "c", sdpMid: null, sdpMLineIndex: 0 } },
    },
    { t: "say", from, link, n: 4, say: { t: "error", message: "full" } },
    { t: "say", from, link, n: 5, say: { t: "end" } },
    { t: "taken", from, link, n: 5 },
    { t: "nobody", from, link },
    { t: "replaced", from, podId: "cafe" },
  ];
  for (const message of messages) {
    assert.deepEqual(parseBusMessage(encodeBusMessage(message)), message);
  }
});

const refused: readonly [why: string, value: unknown][] = [
  ["nothing", ""],
  ["no JSON", "{"],
  ["null", "null"],
  ["a list", []],
  ["an unknown type", { t: "stop", from, link }],
  ["a name that is a subject", { t: "nobody", from: "a.*.>aaaaaaaaaaaaaaaaa", link }],
  ["a short name", { t: "nobody", from: "a", link }],
  ["a number below 0", { t: "taken", from, link, n: -1 }],
  ["a number that is none", { t: "taken", from, link, n: "1" }],
  ["an unknown saying", { t: "say", from, link, n: 0, say: { t: "register" } }],
  ["an offer without a pod", {
    t: "say",
    from,
    link,
    n: 0,
    say: { t: "offer", sessionId: "s", sdp: "v=0" },
  }],
  ["an sdp over its size", {
    t: "say",
    from,
    link,
    n: 0,
    say: { t: "answer", sdp: "x".repeat(64 * 1024 + 1) },
  }],
  ["a pod id over its size", { t: "replaced", from, podId: "x".repeat(129) }],
  ["whatever is over the size of all", " ".repeat(BUS_MESSAGE_BYTES) + "1"],
];

for (const [why, value] of refused) {
  Deno.test(`parseBusMessage() leaves out ${why}`, () => assert.equal(parsed(value), undefined));
}

Deno.test("a client's largest message fits the bus, however it was escaped", () => {
  for (const escaped of ["\\n", "\\u0001", "\\ud800", "\u00e9", "\\/", "€", "😀"]) {
    const head = '{"t":"offer","podId":"cafe","sessionId":"s","sdp":"';
    const bytes = new TextEncoder().encode(escaped).length;
    const times = Math.floor((MESSAGE_BYTES - head.length - 2) / bytes);
    const sdps = [times, Math.floor(64 * 1024 / bytes)].map((count) => escaped.repeat(count));
    for (const sdp of sdps) {
      let offer;
      try {
        offer = parseClientMessage(`${head}${sdp}"}`);
      } catch {
        continue; // over the limit of an sdp: the broker never has it
      }
      assert(offer.t === "offer");
      const message: BusMessage = { t: "say", from, link, n: 0, say: offer };
      assert.deepEqual(parseBusMessage(encodeBusMessage(message)), message);
    }
  }
});

Deno.test("podToken() makes one harmless token of any pod id, and different ones of different", () => {
  const podIds = [">", "*", "a.b", "a b", "", "\r\n", "é", "A", "a", "x".repeat(128)];
  for (const podId of podIds) {
    assert.match(podToken(podId), /^[A-Za-z0-9_-]{43}$/);
    assert.match(podSubject(podId), /^gemmapod\.1\.pod\.[A-Za-z0-9_-]{43}$/);
  }
  assert.equal(new Set(podIds.map(podToken)).size, podIds.length);
});
