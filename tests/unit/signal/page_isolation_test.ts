import assert from "node:assert/strict";
import { isolationOf } from "../../../src/signal/http/page_isolation.ts";
import { RuntimeTrust } from "../../../src/signal/runtime_trust.ts";
import { podRecord } from "./pod_record.ts";

const [BUNDLE, WASM, OTHER] = ["aa".repeat(32), "bb".repeat(32), "cc".repeat(32)];
const [OWNER, STRANGER] = ["11".repeat(32), "22".repeat(32)];

const trust = new RuntimeTrust({
  known: [BUNDLE],
  list: { hashes: () => Promise.resolve(new Set([WASM])) },
  files: [],
});
const registry = { owner: (podId: string) => podId === "nobodys" ? undefined : OWNER };

const RECORD = podRecord("AbCdEf-_0123", {
  podId: "ada",
  ownerPubkey: OWNER,
  scripts: { runtimes: [BUNDLE, WASM], hashes: ["aGFzaA=="] },
});

Deno.test("a page of known runtimes and its pod's owner may run exactly its scripts", async () => {
  assert.deepEqual(await isolationOf(RECORD, trust, registry), {
    kind: "known",
    scriptHashes: ["aGFzaA=="],
  });
});

for (
  const [what, changes, reason] of [
    ["of scripts of another kind", { scripts: null }, { why: "scripts" }],
    [
      "with an unknown runtime",
      { scripts: { runtimes: [BUNDLE, OTHER], hashes: [] } },
      { why: "runtimes", unknown: [OTHER] },
    ],
    ["of a pod that is another's", { ownerPubkey: STRANGER }, { why: "owner" }],
    ["of a pod that nobody claimed", { podId: "nobodys" }, { why: "owner" }],
    ["of a pod without an id", { podId: "" }, { why: "owner" }],
  ] as const
) {
  Deno.test(`a page ${what} is sandboxed, and it is said why`, async () => {
    const isolation = await isolationOf({ ...RECORD, ...changes }, trust, registry);
    assert.deepEqual(isolation, { kind: "sandboxed", reason });
  });
}

Deno.test("where every page is its operator's own none is looked at", async () => {
  const record = { ...RECORD, scripts: null, ownerPubkey: STRANGER };
  assert.deepEqual(await isolationOf(record, undefined, registry), { kind: "off" });
});
