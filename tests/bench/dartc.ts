/**
 * What DARTC's frames cost: signing and serialising, parsing and verifying, and a whole run between
 * two sessions. Prints a table, asserts nothing. `deno run -A tests/bench/dartc.ts`
 *
 * @module
 */
import { toHex } from "../../src/base/mod.ts";
import {
  type Ed25519,
  loadCore,
  nobleEd25519,
  wasmEd25519,
  webCryptoEd25519,
} from "../../src/core/mod.ts";
import { nodeEd25519 } from "../../src/core/native.ts";
import {
  type Frame,
  originCard,
  OriginSession,
  signingText,
  uuidv7,
  VisitorSession,
} from "../../src/dartc/mod.ts";
import { parseFrame } from "../../src/dartc/parse_frame.ts";
import { signedText, unsignedText } from "../../src/dartc/sign_frame.ts";
import { signatureHolds } from "../../src/dartc/verify_frame.ts";
import { channelPair } from "../unit/dartc/channel_pair.ts";

/** How long each line is measured, in milliseconds. */
const MEASURE_MS = 500;

const POD_ID = "hello-pod";
const TOKENS = 2000;

function draft(publicKey: string): Omit<Frame, "signature"> {
  const runId = uuidv7();
  return {
    dartc: { chunk_id: 7, stream: true },
    from: `origin:${publicKey}`,
    msg_id: uuidv7(),
    payload: {
      event: {
        delta: " hello",
        messageId: `${runId}:assistant`,
        runId,
        threadId: runId,
        type: "TEXT_MESSAGE_CONTENT",
      },
      schema: "dartc.ui.event/0.1",
    },
    timestamp: Date.now(),
    to: `visitor:${publicKey}`,
    topic: "gemmapod.ui.event",
    version: "0.2",
  };
}

/** Microseconds a call takes, one after another. */
async function microseconds(call: () => unknown): Promise<number> {
  for (let i = 0; i < 100; i++) await call();
  const begin = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < MEASURE_MS) {
    for (let i = 0; i < 50; i++) {
      const result = call();
      if (result instanceof Promise) await result;
    }
    calls += 50;
    elapsed = performance.now() - begin;
  }
  return elapsed * 1000 / calls;
}

function row(what: string, us: number): Record<string, string | number> {
  return { what, "us a frame": us.toFixed(1), "frames/s": Math.round(1e6 / us) };
}

async function frameRows(ed25519: Ed25519): Promise<Record<string, string | number>[]> {
  const key = await ed25519.generate();
  const publicKey = toHex(key.publicKey);
  const verifying = await ed25519.verifyingKey(key.publicKey);
  const sign = () => {
    const text = unsignedText(draft(publicKey));
    return signedText(text, new TextEncoder().encode(text), key);
  };
  const text = await sign();
  return [
    row(`${ed25519.name}: sign and serialise ${text.length} bytes`, await microseconds(sign)),
    row(
      `${ed25519.name}: parse and verify the same`,
      await microseconds(() => signatureHolds(parseFrame(text), verifying)),
    ),
  ];
}

/** A burst of tokens from one session to the other, until the last one has been told. */
async function burst(ed25519: Ed25519): Promise<Record<string, string | number>> {
  const [far, near] = channelPair({ delivery: "microtask" });
  let told = 0;
  const finished = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  using _origin = await OriginSession.open<unknown>({
    channel: near,
    podId: POD_ID,
    ed25519,
    verifyManifest: () => undefined,
    card: () => originCard({ id: POD_ID, name: "Hello" }),
    onEvent: async (event, session) => {
      if (event.type !== "chat") return;
      const { requestId, conversationId } = event.request;
      const run = session.run({ requestId, threadId: conversationId });
      for (let i = 0; i < TOKENS; i++) {
        run.text(" hello");
        await run.writable();
      }
      run.finish();
    },
  });
  using visitor = await VisitorSession.open({
    channel: far,
    podId: POD_ID,
    ed25519,
    onEvent: ({ type }) => {
      if (type === "ready") begun.resolve();
      if (type === "delta") told++;
      if (type === "done") finished.resolve();
    },
  });
  await begun.promise;
  const begin = performance.now();
  visitor.chat({ messages: [{ role: "user", content: "Hello?" }] });
  await finished.promise;
  return row(
    `${ed25519.name}: a run of ${told} tokens, both sides`,
    (performance.now() - begin) * 1000 / told,
  );
}

const webcrypto = await webCryptoEd25519();
const key = await nodeEd25519().generate();
const frame = draft(toHex(key.publicKey));
const unsorted = Object.fromEntries(Object.entries(frame).reverse());
const rows = [
  row("signing text, members in order", await microseconds(() => signingText(frame))),
  row("signing text, members in another order", await microseconds(() => signingText(unsorted))),
];
for (
  const ed25519 of [
    nodeEd25519(),
    ...(webcrypto === undefined ? [] : [webcrypto]),
    wasmEd25519(await loadCore()),
    nobleEd25519(),
  ]
) {
  rows.push(...await frameRows(ed25519), await burst(ed25519));
}
console.table(rows);
