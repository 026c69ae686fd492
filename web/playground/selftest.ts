import type { Manifest } from "../entry-site.ts";
import { GemmaPod } from "./gemmapod.ts";
import { element, made, reloadOnChange } from "./page.ts";

/** RFC 8032, section 7.1, test 1: of the empty message. */
const RFC = {
  secretKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555" +
    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
};

const core = await GemmaPod.initCore();
const owner = await core.generateKey();
const message = new TextEncoder().encode("Hello from this browser");
const manifest: Manifest = {
  v: 1,
  id: "selftest",
  name: "Self-test",
  persona: "Checks itself",
  system_prompt: "You are a test.",
  owner_pubkey: owner.publicKey,
  transport: { dartc: { signal_url: "wss://signal.example/signal", pod_id: "selftest" } },
  tools: [],
};
const signed = await core.signManifest(manifest, owner.secretKey);

/** Each throws, or resolves to false, where it does not hold. */
const CHECKS: readonly (readonly [string, () => unknown])[] = [
  ["A signature is that of RFC 8032", async () => {
    return hex(await core.signBytes(new Uint8Array(), RFC.secretKey)) === RFC.signature;
  }],
  ["That signature verifies", () => {
    return core.verifyBytes(new Uint8Array(), bytes(RFC.signature), RFC.publicKey);
  }],
  ["What a new key signs verifies", async () => {
    return core.verifyBytes(
      message,
      await core.signBytes(message, owner.secretKey),
      owner.publicKey,
    );
  }],
  ["Another key does not verify it", async () => {
    const signature = await core.signBytes(message, owner.secretKey);
    return !await core.verifyBytes(message, signature, (await core.generateKey()).publicKey);
  }],
  ["Another message does not verify", async () => {
    const signature = await core.signBytes(message, owner.secretKey);
    return !await core.verifyBytes(new TextEncoder().encode("Hello"), signature, owner.publicKey);
  }],
  ["A key of small order is refused", () =>
    refused(() => {
      return core.verifyBytes(message, new Uint8Array(64), "00".repeat(32));
    })],
  ["A signed manifest reads back as it was", async () => {
    const { name, system_prompt } = await core.verifyManifest(signed);
    return name === manifest.name && system_prompt === manifest.system_prompt;
  }],
  [`Each of its ${signed.length} bytes, tampered with, is noticed`, async () => {
    for (let at = 0; at < signed.length; at++) {
      const tampered = Uint8Array.from(signed);
      tampered[at] = (tampered[at] ?? 0) ^ 1;
      if (!await refused(() => core.verifyManifest(tampered))) return false;
    }
    return true;
  }],
  ["A manifest that is cut short is refused", () => {
    return refused(() => core.verifyManifest(signed.slice(0, -1)));
  }],
  ["A manifest of another owner is not signed", async () => {
    const { publicKey } = await core.generateKey();
    return refused(() => {
      return core.signManifest({ ...manifest, owner_pubkey: publicKey }, owner.secretKey);
    });
  }],
];

reloadOnChange();
let failed = 0;
for (const [what, check] of CHECKS) {
  const begun = performance.now();
  const holds = await attempt(check);
  if (!holds) failed++;
  const row = document.createElement("tr");
  row.append(
    made("td", what),
    made("td", holds ? "pass" : "fail", { "data-outcome": holds ? "pass" : "fail" }),
    made("td", (performance.now() - begun).toFixed(1), { class: "number" }),
  );
  element("checks").append(row);
}
const summary = element("summary");
summary.textContent = failed === 0 ? `All ${CHECKS.length} hold.` : `${failed} do not hold.`;
summary.dataset.outcome = failed === 0 ? "pass" : "fail";

async function attempt(check: () => unknown): Promise<boolean> {
  try {
    return await check() !== false;
  } catch {
    return false;
  }
}

async function refused(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
}

function hex(of: Uint8Array): string {
  return [...of].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
