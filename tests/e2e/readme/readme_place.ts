import { join } from "node:path";
import { freshWeb, ROOT_DIR } from "../../../src/assets/native.ts";
import { createLogger } from "../../../src/base/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { backgroundHostOf } from "../background_host.ts";
import { FROM_SOURCE } from "../chain.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { type Running, start } from "../processes.ts";
import { endService, writeSystemctl } from "../systemctl_stand_in.ts";
import { tempFolder } from "../temp_folder.ts";
import type { ShellBlock } from "./readme_text.ts";

/** What a program says when it serves, and goes on until it is stopped. */
const SERVES =
  /registered for pod|ready at http|listening on|http:\/\/127\.0\.0\.1:\d+\/[\w-]{12}$/;

/** A reader's machine: an empty home, the programs on PATH, a model, a broker. */
export interface ReadmePlace extends AsyncDisposable {
  /** Where the commands are run. */
  readonly folder: string;
  /** A model endpoint. */
  readonly modelUrl: string;
  /**
   * Runs commands one after the other, in a folder below, as a reader types them: each must end
   * well, or serve. What serves is stopped behind the last.
   */
  run(block: ShellBlock, below?: string): Promise<void>;
  /** Starts one that goes on. */
  start(line: string): Running;
}

/** Ctrl-C, and waits for its end. */
async function interrupt({ pid, status }: Running): Promise<void> {
  try {
    Deno.kill(-pid, "SIGINT");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // it has ended
  }
  await status;
}

/** Makes such a machine. */
export async function readmePlace(): Promise<ReadmePlace> {
  await freshWeb(); // one README reads what is built
  await using open = new AsyncDisposableStack();
  const folder = open.use(await tempFolder("readme")).path;
  const model = open.use(startModelEndpoint({ models: ["gemma4:e4b"] }));
  const dataDir = join(folder, "broker");
  const log = createLogger({ name: "signal", write: () => {} });
  const broker = open.use(await startBroker({ port: 0, limits: "off", dataDir, log }));
  const bin = join(folder, "bin");
  const home = join(folder, "home");
  const place = join(folder, "place");
  for (const dir of [bin, home, place]) await Deno.mkdir(dir);
  open.use(backgroundHostOf(join(home, ".gemmapod")));
  open.defer(() => endService(home)); // it may not listen yet
  await Deno.symlink(join(ROOT_DIR, "dist"), join(place, "dist"));
  await Deno.copyFile(
    join(ROOT_DIR, "src", "cli", "service", "install.sh"),
    join(place, "install.sh"),
  );
  const programs = {
    "gemmapod": FROM_SOURCE.gemmapod,
    "gemmapod-signal": FROM_SOURCE.signal,
    "gemmapod-pack": FROM_SOURCE.pack,
    // Fills in what a template leaves to its owner.
    "edit": ["sed", "-i.old", "s/<[^>]*>/Ada/g"],
  };
  for (const [name, argv] of Object.entries(programs)) {
    const words = argv.map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
  await writeSystemctl(bin);
  const { DENO_DIR, PATH = "", HOME = "" } = Deno.env.toObject();
  const env = {
    PATH: `${bin}:${PATH}`,
    HOME: home,
    DENO_DIR: DENO_DIR ?? join(HOME, ".cache", "deno"),
    npm_config_cache: join(HOME, ".npm"),
    EDITOR: "edit",
    BROKER: broker.url,
    BROKER_DATA: dataDir,
    OLLAMA_URL: model.url,
    GEMMAPOD_ICE_SERVERS: "[]",
    GEMMAPOD_PORT: "0",
    PORT: "0",
    NO_COLOR: "1",
  };

  async function run(block: ShellBlock, below = "."): Promise<void> {
    await using serving = new AsyncDisposableStack();
    for (const line of block) {
      const cwd = /\bdeno\b/.test(line) ? ROOT_DIR : join(place, below);
      // In a group of its own, so that what it starts can be stopped with it.
      const running = start(["setsid", "sh", "-ec", line], { cwd, env });
      serving.defer(() => interrupt(running));
      const serves = running.line(SERVES).then(() => undefined);
      serves.catch(() => {}); // it ended: its exit code says how
      const ended = await Promise.race([serves, running.status]);
      if (ended === undefined || ended.success) continue;
      throw new Error(`${line}: exit code ${ended.code}\n${running.lines.join("\n")}`);
    }
    await end(["gemmapod", "kill"]);
  }

  /** Ends what a command has left in the background. */
  async function end(argv: readonly string[]): Promise<void> {
    await using stopped = start(["sh", "-c", argv.join(" ")], { cwd: place, env });
    await stopped.status; // fails where nothing runs
  }

  open.defer(() => end(["gemmapod", "kill"]));
  const owned = open.move();
  return {
    folder: place,
    modelUrl: model.url,
    run,
    start: (line) => start(["sh", "-ec", `exec ${line}`], { cwd: place, env }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
