/** A command that is not run as it stands, and why. */
export interface StandIn {
  /** Which commands. */
  readonly line: RegExp;
  readonly why: string;
  /** What is run in its place; nothing where it is left out. */
  readonly instead?: string;
  /** The test that runs it, or what it does, where it is left out and something can. */
  readonly test?: string;
}

/**
 * What a test can't have: somebody to answer, a machine on the network, itself. `$BROKER` is a
 * broker of the test's own, for the public one, and `$BROKER_DATA` its data folder.
 */
export const STAND_INS: readonly StandIn[] = [
  {
    line: /^(npx -y deno@\S+|deno) task test(?: service| image)?$/,
    why: "it is the command that runs this",
    test: "tests/run.ts",
  },
  {
    line: /^deno task check$/,
    why: "it looks at the sources for minutes, and CI runs it before this",
    test: ".ci/run",
  },
  {
    line: /^deno task bench$/,
    why: "it takes many minutes and the whole machine",
    test: "tests/bench/run.ts",
  },
  {
    line: /^deno task dev$/,
    why: "it serves until it is stopped, at an address of its own",
    test: "tests/e2e/dev_test.ts",
  },
  {
    line: /^deno task build( bin)?$/,
    why: "it compiles for minutes",
    test: "tests/e2e/binaries/compiled_programs.ts",
  },
  {
    line: /^deno task build npm$/,
    why: "it takes long, and is done in the test of the package",
    test: "tests/e2e/fixtures/npm_project.ts",
  },
  {
    line: /^deno task build wasm$/,
    why: "it needs Rust, and writes into the sources",
    test: "tests/unit/core/rebuild_test.ts",
  },
  { line: /^deno compile$/, why: "it is spoken of, and takes a program" },
  {
    line: /^curl -fsSL \S+\/src\/cli\/service\/install\.sh \| sh$/,
    why: "a release is on the network",
    instead: "sh install.sh --help",
    test: "tests/e2e/install_script_test.ts",
  },
  { line: /^gh attestation verify /, why: "it needs a release of GitHub's, and somebody there" },
  { line: /^ollama pull /, why: "it downloads gigabytes" },
  {
    line: /^gemmapod create$/,
    why: "it asks a person",
    instead: 'gemmapod create --name First --template blank --no-run --yes --broker "$BROKER"',
    test: "tests/e2e/create_test.ts",
  },
  {
    line: /^gemmapod (create|init) .*$/,
    why: "the public broker is on the network",
    instead: '$& --broker "$BROKER"',
  },
  {
    line: /^gemmapod completions <shell>$/,
    why: "a shell has a name",
    instead: "gemmapod completions bash",
    test: "tests/e2e/completions_test.ts",
  },
  {
    line: /^gemmapod run <pod>$/,
    why: "a pod has a name",
    instead: "gemmapod run my-pod",
  },
  {
    line: /^gemmapod origin$/,
    why: "it is told by variables what to run",
    instead: 'SIGNAL_URL="$BROKER/signal" POD_ID=older gemmapod origin',
    test: "tests/e2e/origin_command_test.ts",
  },
  {
    line: /^gemmapod-pack verify$/,
    why: "a page has a name",
    instead: "gemmapod-pack verify dist/*.html",
  },
  {
    line: /^gemmapod-signal (.*) --data-dir \/var\/lib\/gemmapod-signal$/,
    why: "only root may write there",
    instead: "gemmapod-signal $1 --data-dir data",
  },
  {
    line: /^(sqlite3|cp -r) \/var\/lib\/gemmapod-signal(.*)$/,
    why: "only root may read there; it is the data of a broker that runs",
    instead: '$1 "$BROKER_DATA"$2',
  },
  {
    line: /^gemmapod-signal --health$/,
    why: "the broker that runs is at a port of its own",
    instead: 'gemmapod-signal --health --port "${BROKER##*:}"',
  },
  {
    line: /^(gemmapod-signal .* --bus nats:|nats-server --jetstream$)/,
    why: "it takes machines that share NATS",
    test: "tests/e2e/bus/bus_chat_test.ts",
  },
  {
    line: /^pm2 start gemmapod /,
    why: "pm2 is not on every machine; a test of its own takes this very line",
    test: "tests/e2e/service/pm2_test.ts",
  },
  {
    line: /^docker (build|run) /,
    why: "there is no Docker in a test; the steps of its file are run without it",
    test: "tests/e2e/image/images_test.ts",
  },
  {
    line: /^(sudo )?launchctl /,
    why: "it is of a Mac; the property lists are read by a test",
    test: "tests/e2e/service_install_test.ts",
  },
  {
    line: /^(journalctl|loginctl) /,
    why: "they speak with a systemd that runs; the rest is run with a stand-in for systemctl",
    test: "tests/e2e/service_install_test.ts",
  },
];

/** The one for a command. */
export function standInFor(line: string): StandIn | undefined {
  return STAND_INS.find((one) => one.line.test(line));
}

/** What is run for a command: itself, something in its place, or nothing. */
export function runnable(line: string): string[] {
  const standIn = standInFor(line);
  if (standIn === undefined) return [line];
  return standIn.instead === undefined ? [] : [line.replace(standIn.line, standIn.instead)];
}
