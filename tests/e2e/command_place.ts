import { join } from "node:path";
import { createLogger } from "../../src/base/mod.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { endBackgroundHost } from "./background_host.ts";
import { FROM_SOURCE } from "./chain.ts";
import { podToml } from "./host_setup.ts";
import { type Running, start, type StartOptions } from "./processes.ts";

/** What a command that has ended has said, and with which exit code. */
export interface Called {
  readonly code: number;
  /** stdout and stderr, as they came. */
  readonly said: string;
}

/** A broker, a home of their own, and a folder, for programs to be started in. */
export interface CommandPlace extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  readonly signalUrl: string;
  readonly options: StartOptions;
  /** Starts `gemmapod`. */
  gemmapod(...args: string[]): Running;
  /** Runs `gemmapod` to its end, with a variable of its environment more. */
  call(args: readonly string[], env?: Record<string, string>): Promise<Called>;
  /** The same with `--json`, read. The exit code must be 0. */
  json(...args: string[]): Promise<unknown>;
  /** Writes a pod folder and returns it. */
  writePod(podId: string, toml?: string): Promise<string>;
}

/** Makes such a place; a Host that was left in the background ends with it. */
export async function commandPlace(): Promise<CommandPlace> {
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-run-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const quiet = createLogger({ name: "signal", write: () => {} });
  const broker = open.use(await startBroker({ port: 0, limits: "off", log: quiet }));
  const signalUrl = `${broker.url}/signal`;
  const home = join(folder, "home");
  open.defer(() => endBackgroundHost(home));
  const env = { ...Deno.env.toObject(), GEMMAPOD_HOME: home, NO_COLOR: "1" };
  const options: StartOptions = { cwd: folder, env };
  const argv = FROM_SOURCE.gemmapod;

  async function call(args: readonly string[], more: Record<string, string> = {}) {
    const at = { ...options, env: { ...env, ...more } };
    await using called = start([...argv, ...args], at);
    const { code } = await called.status;
    return { code, said: called.lines.join("\n") };
  }
  const owned = open.move();
  return {
    folder,
    home,
    signalUrl,
    options,
    gemmapod: (...args) => start([...argv, ...args], options),
    call,
    json: async (...args) => {
      const { code, said } = await call([...args, "--json"]);
      if (code !== 0) throw new Error(`${args.join(" ")}: exit code ${code}\n${said}`);
      return JSON.parse(said);
    },
    writePod: async (podId, toml = podToml(signalUrl, podId)) => {
      const dir = join(folder, podId);
      await Deno.mkdir(dir);
      await Deno.writeTextFile(join(dir, "pod.toml"), toml);
      return dir;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
