import { join } from "node:path";
import { run, type Running, start } from "./processes.ts";

/** How each program is called: from source, or compiled. */
export interface Programs {
  gemmapod: readonly string[];
  signal: readonly string[];
  pack: readonly string[];
}

/** The whole environment of the programs, where a test gives them one. */
export type Environment = Record<string, string>;

const ROOT = join(import.meta.dirname ?? ".", "..", "..");

function source(entry: string): readonly string[] {
  return [Deno.execPath(), "run", "-A", "--quiet", "--no-prompt", join(ROOT, entry)];
}

/** The programs as `deno run` runs them from this checkout. */
export const FROM_SOURCE: Programs = {
  gemmapod: source("src/cli/main.ts"),
  signal: source("src/signal/main.ts"),
  pack: source("src/pack/main.ts"),
};

/** What the owner's prompt and persona are in these tests; no page may show the prompt. */
export const PROMPT = "You are the secret prompt of the test pod.";

/** The whole product on loopback: a broker, a packed pod on it, a Host that serves it. */
export interface Chain extends AsyncDisposable {
  readonly broker: Running;
  readonly host: Running;
  /** The broker, `http://127.0.0.1:<port>`. */
  readonly brokerUrl: string;
  /** The page as the broker serves it. */
  readonly pageUrl: string;
  /** The page as the packer wrote it. */
  readonly pageFile: string;
  /** The folder of it all: the pod, the Host's home; gone when the chain is disposed of. */
  readonly folder: string;
  /** Starts the Host once more, as after a crash. */
  startHost(): Promise<Running>;
  /** Starts the broker once more, where it was. */
  startBroker(): Promise<Running>;
}

/** Options of {@linkcode startChain}. */
export interface ChainOptions {
  programs?: Programs;
  /** The model endpoint's base URL. */
  modelUrl: string;
  /** @default "test-model" */
  model?: string;
  /** The whole environment of the programs; default: ours, with a `GEMMAPOD_HOME` of their own. */
  env?: Environment;
}

/**
 * Does what an owner does, with real programs: keys, packs, starts a broker, uploads the page,
 * runs the pod. Ready when the Host has registered.
 */
export async function startChain(options: ChainOptions): Promise<Chain> {
  const { programs = FROM_SOURCE, modelUrl, model = "test-model" } = options;
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-chain-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const env = options.env ?? { ...Deno.env.toObject(), GEMMAPOD_HOME: join(folder, "home") };
  const at = { cwd: folder, env };

  const brokers = open.use(new AsyncDisposableStack());
  async function brokerAt(port: string): Promise<{ broker: Running; brokerUrl: string }> {
    const argv = [...programs.signal, "--port", port, "--limits", "off"];
    // What it keeps while it runs goes with the folder: it is killed at the end.
    const broker = brokers.use(start(argv, { ...at, env: { ...env, TMPDIR: folder } }));
    const [, brokerUrl] = await broker.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    if (brokerUrl === undefined) throw new Error("the broker did not say its address");
    return { broker, brokerUrl };
  }
  const { broker, brokerUrl } = await brokerAt("0");

  const pod = join(folder, "pod");
  await Deno.mkdir(pod);
  await Deno.writeTextFile(join(pod, "pod.toml"), podToml(brokerUrl, model));
  await run([...programs.pack, "keygen", pod], at);
  const pageFile = join(folder, "page.html");
  await run([...programs.pack, "build", pod, "--out", pageFile], at);
  const pageUrl = await upload(brokerUrl, pageFile);

  const hosts = open.use(new AsyncDisposableStack());
  async function startHost(): Promise<Running> {
    const argv = [...programs.gemmapod, "run", pod, "--provider-url", modelUrl, "--port", "0"];
    const host = hosts.use(start(argv, at));
    await host.line(/registered for pod test-pod/);
    return host;
  }
  const host = await startHost();
  const owned = open.move();
  return {
    broker,
    host,
    brokerUrl,
    pageUrl,
    pageFile,
    folder,
    startHost,
    startBroker: async () => (await brokerAt(new URL(brokerUrl).port)).broker,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function podToml(brokerUrl: string, model: string): string {
  return `name = "Test pod"
persona = "A pod for tests"
system_prompt = "${PROMPT}"
model = "${model}"

[transport.dartc]
signal_url = "${brokerUrl}/signal"
pod_id = "test-pod"
`;
}

/** Uploads a page and returns its address. */
async function upload(brokerUrl: string, pageFile: string): Promise<string> {
  const answer = await fetch(`${brokerUrl}/pods`, {
    method: "POST",
    headers: { "content-type": "text/html" },
    body: await Deno.readFile(pageFile),
  });
  if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
  const { id } = await answer.json();
  return `${brokerUrl}/${id}`;
}
