import assert from "node:assert/strict";
import { FROM_SOURCE } from "./chain.ts";
import { type BrokerClient, connect, connectHost, settled } from "./broker_client.ts";
import { type Running, start } from "./processes.ts";
import { tempFolder } from "./temp_folder.ts";

/** A broker in a process of its own. */
export interface BrokerProcess extends AsyncDisposable {
  readonly running: Running;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** Starts `gemmapod-signal` on a free port and waits until it listens. */
export function startSignal(...args: string[]): Promise<BrokerProcess> {
  return listening([...FROM_SOURCE.signal, "--port", "0", ...args]);
}

/** What the compiled program may do: it cannot ask for its limits, which are in `/proc`. */
const COMPILED = ["net", "read", "write", "env"].map((permission) => `--allow-${permission}`);

/**
 * Starts one that may have only so many files and connections open, and that may find out how many,
 * or not.
 */
export function startSignalWithFiles(
  files: number,
  knows: "its limits" | "nothing",
): Promise<BrokerProcess> {
  const limited = ["bash", "-c", `ulimit -n ${files}; exec "$@"`, "bash"];
  const program = FROM_SOURCE.signal.flatMap((word) =>
    word === "-A" && knows === "nothing" ? COMPILED : [word]
  );
  return listening([...limited, ...program, "--port", "0", "--limits", "off"]);
}

async function listening(argv: readonly string[]): Promise<BrokerProcess> {
  await using open = new AsyncDisposableStack();
  const folder = open.use(await tempFolder("signal")); // what it leaves when it is killed
  const env = { ...Deno.env.toObject(), TMPDIR: folder.path };
  const running = open.use(start(argv, { env }));
  const [, url] = await running.line(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
  assert(url !== undefined);
  const owned = open.move();
  return { running, url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** One message of a client, or of the broker. */
export type Message = Readonly<Record<string, unknown>>;

export const SDP = "v=0\r\nsecret-sdp\r\n";
export const CANDIDATE = { candidate: "candidate:1 1 UDP 1 192.0.2.7 9 typ host", sdpMid: "0" };

/** What a client is, and how far the one session has come that it shares with the other side. */
export const STATES = {
  nobody: { role: "nobody", session: "none" },
  visitor: { role: "visitor", session: "none" },
  "visitor, offered": { role: "visitor", session: "offered" },
  "visitor, answered": { role: "visitor", session: "answered" },
  "visitor, ended": { role: "visitor", session: "ended" },
  host: { role: "host", session: "none" },
  "host, offered": { role: "host", session: "offered" },
  "host, answered": { role: "host", session: "answered" },
  "host, ended": { role: "host", session: "ended" },
} as const;

/** One of {@linkcode STATES}. */
export type State = keyof typeof STATES;

/** A client in a state, and who is on the other side of its session. */
export interface Scene extends AsyncDisposable {
  readonly client: BrokerClient;
  /** A Host where the client is a visitor or nobody yet; a visitor where it is a Host. */
  readonly other: BrokerClient;
  /** The pod that the Host of the two has registered. */
  readonly podId: string;
  /** The id of their session, used or not. */
  readonly sessionId: string;
}

/** Brings a client of its own into a state. */
export async function enter(url: string, state: State): Promise<Scene> {
  const { role, session } = STATES[state];
  const [podId, sessionId] = [crypto.randomUUID(), crypto.randomUUID()];
  const host = await connectHost(url, podId);
  const visitor = await connect(url);
  if (role !== "nobody" && session === "none") {
    visitor.send({ t: "offer", podId: "nobody's", sessionId: crypto.randomUUID(), sdp: SDP });
    await visitor.next();
  }
  if (session !== "none") {
    visitor.send({ t: "offer", podId, sessionId, sdp: SDP });
    await host.next();
  }
  if (session === "answered") {
    host.send({ t: "answer", sessionId, sdp: SDP });
    await visitor.next();
  }
  if (session === "ended") {
    host.send({ t: "error", sessionId, message: "full" });
    await visitor.next();
  }
  return {
    ...(role === "host" ? { client: host, other: visitor } : { client: visitor, other: host }),
    podId,
    sessionId,
    async [Symbol.asyncDispose]() {
      await Promise.all([host.close(), visitor.close()]);
    },
  };
}

/** A Host and a visitor who use the same broker and have nothing to do with anybody else. */
export interface Bystanders extends AsyncDisposable {
  /** Opens a session between them, which is now in progress. Returns its id. */
  begin(): Promise<string>;
  /** Finishes that session. Rejects where either of them saw anything that was not theirs. */
  complete(): Promise<void>;
}

/** Connects them. Nobody can guess their pod id. */
export async function bystanders(url: string): Promise<Bystanders> {
  const podId = crypto.randomUUID();
  const host = await connectHost(url, podId);
  const visitor = await connect(url);
  let sessionId = "";

  async function passes(from: BrokerClient, to: BrokerClient, message: object): Promise<void> {
    from.send(message);
    assert.deepEqual(await to.next(), message, "a bystander's message must arrive as it is");
  }

  return {
    async begin() {
      sessionId = crypto.randomUUID();
      visitor.send({ t: "offer", podId, sessionId, sdp: SDP });
      assert.deepEqual(await host.next(), { t: "offer", sessionId, sdp: SDP });
      await passes(host, visitor, { t: "candidate", sessionId, candidate: CANDIDATE });
      return sessionId;
    },
    async complete() {
      assert.deepEqual(await settled(visitor), [], "the bystanding visitor must see nothing");
      await passes(visitor, host, { t: "candidate", sessionId, candidate: CANDIDATE });
      assert.deepEqual(await settled(host), [], "the bystanding Host must see nothing");
      await passes(host, visitor, { t: "answer", sessionId, sdp: SDP });
      await passes(visitor, host, { t: "candidate", sessionId, candidate: null });
      await passes(host, visitor, { t: "error", sessionId, message: "done" });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([host.close(), visitor.close()]);
    },
  };
}

/**
 * A client says something and is told what it should be: nothing, or one message; and then nothing
 * more. The answer is awaited before that is asked: two messages in a row, without an answer
 * between, take 40 ms (Nagle's algorithm), and there are hundreds of rows.
 */
export async function says(
  client: BrokerClient,
  message: Message | string | Uint8Array,
  reply: Message | undefined,
): Promise<void> {
  client.send(message);
  if (reply !== undefined) assert.deepEqual(await client.next(), reply);
  assert.deepEqual(await settled(client), []);
}

/** Waits until a broker counts so many sessions. */
export async function sessionsOpen(url: string, sessions: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while ((await (await fetch(`${url}/health`)).json()).sessions !== sessions) {
    assert(performance.now() < deadline, `there are never ${sessions} sessions`);
  }
}

/**
 * Runs the rows of a table against one broker, each beside bystanders: a Host and a visitor with a
 * session in progress, who must see nothing of it and finish it afterwards.
 */
export function table<Row>(
  sentence: string,
  rows: readonly (readonly [name: string, row: Row])[],
  check: (broker: BrokerProcess, row: Row, strangersSession: string) => Promise<void>,
): void {
  Deno.test(sentence, async (t) => {
    await using broker = await startSignal("--limits", "off");
    const others = await bystanders(broker.url);
    for (const [name, row] of rows) {
      await t.step(name, async () => {
        const strangersSession = await others.begin();
        await check(broker, row, strangersSession);
        await others.complete();
      });
    }
    await others[Symbol.asyncDispose]();
    await sessionsOpen(broker.url, 0);
  });
}
