/**
 * How fast the programs start, from source and compiled: `deno run -A tests/bench/start.ts`.
 * Prints a table and asserts nothing. The compiled ones are those of `dist/bin`, where they are.
 *
 * @module
 */
import { join } from "node:path";
import { createLogger } from "../../src/base/mod.ts";
import { BIN_DIST_DIR } from "../../src/assets/compile/build_programs.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { FROM_SOURCE, type Programs } from "../e2e/chain.ts";
import { podToml } from "../e2e/host_setup.ts";
import { run, start } from "../e2e/processes.ts";
import { type Row, spread, table } from "./tools/table.ts";

/** How often each is started; the first start, which fills caches, does not count. */
const STARTS = 20;

const COMPILED: Programs = {
  gemmapod: [join(BIN_DIST_DIR, "gemmapod")],
  signal: [join(BIN_DIST_DIR, "gemmapod-signal")],
  pack: [join(BIN_DIST_DIR, "gemmapod-pack")],
};

await using open = new AsyncDisposableStack();
const folder = await Deno.makeTempDir({ prefix: "gemmapod-bench-" });
open.defer(() => Deno.remove(folder, { recursive: true }));
const quiet = createLogger({ name: "signal", write: () => {} });
const broker = open.use(await startBroker({ port: 0, limits: "off", log: quiet }));
await Deno.mkdir(join(folder, "pod"));
await Deno.writeTextFile(
  join(folder, "pod", "pod.toml"),
  podToml(`${broker.url}/signal`, "pod"),
);
const at = { env: { ...Deno.env.toObject(), GEMMAPOD_HOME: join(folder, "home") } };

const rows: Row[] = [];
const built = await Deno.stat(BIN_DIST_DIR).then(() => true, () => false);
for (const [how, programs] of Object.entries({ source: FROM_SOURCE, compiled: COMPILED })) {
  if (programs === COMPILED && !built) continue;
  for (const argv of [programs.gemmapod, programs.signal, programs.pack]) {
    const name = (argv.at(-1) ?? "").split(/[/\\]/).slice(-2).join("/");
    rows.push([
      `${how}: ${name} --version`,
      spread(await times(() => run([...argv, "--version"]))),
      "ms",
    ]);
  }
  const registered = await times(async () => {
    await using host = start(
      [...programs.gemmapod, "run", join(folder, "pod"), "--provider", "demo", "--port", "0"],
      at,
    );
    const from = performance.now();
    await host.line(/registered for pod/);
    return performance.now() - from;
  });
  rows.push([`${how}: gemmapod run, registered`, spread(registered), "ms"]);
}
table("Start", rows);

/** How long something takes, each time, in milliseconds; or as long as it says itself. */
async function times(once: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i <= STARTS; i++) {
    const from = performance.now();
    const said = await once();
    if (i > 0) taken.push(typeof said === "number" ? said : performance.now() - from);
  }
  return taken;
}
