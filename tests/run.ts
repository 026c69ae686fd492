/**
 * The test command: `deno task test [group…]`.
 *
 * Runs every group but those by hand, or the ones named; brings what they need where it may, and
 * ends with one line, `N passed, N failed`. What a machine can't run is said before that line; in
 * CI it is a failure.
 *
 * @module
 */
import { splitLines } from "./runner/lines.ts";
import {
  bring,
  CHROMIUM,
  FIREFOX,
  NATS,
  type Need,
  OPERATORS_TOOLS,
  SQLITE,
  WASM_TOOLCHAIN,
} from "./runner/needs.ts";
import { ACTIONLINT } from "./runner/actionlint.ts";
import { COMPILER } from "./runner/compiler.ts";
import { IMAGE_TOOLS } from "./runner/image_tools.ts";
import { PM2 } from "./runner/pm2.ts";
import { OTHER_SHELLS } from "./runner/shells.ts";

/** Tests that run in one `deno test`. */
interface Group {
  name: string;
  /** Arguments of `deno test`. */
  args: readonly string[];
  /**
   * A folder whose test files run in a process each: the WebRTC addon keeps handles of the isolate
   * that loaded it, and `deno test` gives each file an isolate of its own.
   */
  folder?: string;
  /**
   * So many files of the folder at a time, where they mostly wait. Their lines come file by file.
   * @default 1
   */
  atOnce?: number;
  /** Without it the group can't run. */
  needs?: Need;
  /** Runs only when it is named: it needs rights over the machine that few have. */
  byHand?: true;
  /** Without these the group runs, and its tests say what was left out. */
  uses?: readonly Need[];
}

const GROUPS: readonly Group[] = [
  {
    name: "unit",
    args: ["--parallel", "tests/unit"],
    uses: [WASM_TOOLCHAIN, ACTIONLINT],
  },
  { name: "doc", args: ["--doc", "src", "web"] },
  { name: "fuzz", args: ["--parallel", "tests/fuzz"] },
  { name: "e2e", args: [], folder: "tests/e2e", atOnce: 2, uses: [OTHER_SHELLS] },
  { name: "bus", args: [], folder: "tests/e2e/bus", needs: NATS },
  {
    name: "service",
    args: [],
    folder: "tests/e2e/service",
    needs: OPERATORS_TOOLS,
    uses: [PM2],
  },
  { name: "browser", args: [], folder: "tests/e2e/browser", needs: CHROMIUM },
  { name: "firefox", args: [], folder: "tests/e2e/firefox", needs: FIREFOX },
  { name: "image", args: [], folder: "tests/e2e/image", needs: IMAGE_TOOLS, byHand: true },
  { name: "readme", args: [], folder: "tests/e2e/readme", needs: SQLITE },
  { name: "binaries", args: [], folder: "tests/e2e/binaries", needs: COMPILER },
];

/** What came of a group. */
interface Result {
  passed: number;
  failed: number;
}

/** Deno's closing line of a run: `ok | 12 passed (3 steps) | 0 failed | …`. */
const CLOSING_LINE = /^(?:ok|FAILED) \| (\d+) passed(?: \(.*?\))? \| (\d+) failed/;

async function runGroup({ name, args, folder, atOnce = 1 }: Group): Promise<Result> {
  console.log(`\n# ${name}`);
  const total: Result = { passed: 0, failed: 0 };
  const waiting = (folder === undefined ? [args] : await testFiles(folder)).values();
  async function runNext(): Promise<void> {
    for (const one of waiting) { // the next that nobody has taken
      const { passed, failed } = await runTests(one, atOnce === 1 ? "as it comes" : "together");
      if (passed + failed === 0) console.log(`${name}: no test ran in ${one.join(" ")}`);
      total.passed += passed;
      total.failed += passed + failed === 0 ? 1 : failed;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runNext));
  return total;
}

/** The test files of a folder itself, each as the arguments of a `deno test` of its own. */
async function testFiles(folder: string): Promise<string[][]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => name.endsWith("_test.ts")).sort()
    .map((name) => [`${folder}/${name}`]);
}

async function runTests(
  args: readonly string[],
  output: "as it comes" | "together",
): Promise<Result> {
  const child = new Deno.Command(Deno.execPath(), {
    // Types are `deno task check`'s: here, every file's process would look at the same ones again.
    args: ["test", "-A", "--quiet", "--no-prompt", "--no-check", ...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const result: Result = { passed: 0, failed: 0 };
  const said: string[] = [];
  const say = output === "together" ? (line: string) => void said.push(line) : console.log;
  const linesOf = (stream: ReadableStream<Uint8Array<ArrayBuffer>>) =>
    stream.pipeThrough(new TextDecoderStream()).pipeThrough(splitLines());
  async function count(): Promise<void> {
    for await (const line of linesOf(child.stdout)) {
      say(line);
      const closing = CLOSING_LINE.exec(line);
      if (closing === null) continue;
      result.passed += Number(closing[1]);
      result.failed += Number(closing[2]);
    }
  }
  async function complain(): Promise<void> {
    for await (const line of linesOf(child.stderr)) say(line);
  }
  const [{ code }] = await Promise.all([child.status, count(), complain()]);
  if (said.length > 0) console.log(said.join("\n"));
  // A crash, a leak outside a test or a type error fails the run without failing a test.
  if (code !== 0 && result.failed === 0) result.failed = 1;
  return result;
}

const inCi = ["1", "true"].includes(Deno.env.get("CI") ?? "");
const wanted = Deno.args.length === 0
  ? GROUPS.filter(({ byHand }) => !byHand).map(({ name }) => name)
  : Deno.args;
const unknown = wanted.filter((name) => !GROUPS.some((group) => group.name === name));
if (unknown.length > 0) {
  console.error(
    `Cannot run ${unknown.join(", ")}: expected any of ${GROUPS.map(({ name }) => name).join(" ")}`,
  );
  Deno.exit(2);
}

const total: Result = { passed: 0, failed: 0 };
const leftOut: string[] = [];
for (const group of GROUPS.filter(({ name }) => wanted.includes(name))) {
  const { needs, uses = [] } = group;
  // Outside CI only what a group can't do without is installed: Rust is large, and its test small.
  // What changes nothing about the machine is brought all the same.
  for (const use of uses) {
    if (inCi || use.install ? await bring(use) !== "missing" : await use.found()) continue;
    leftOut.push(`${use.what} did not run; to run it: ${use.advice}`);
    if (inCi) total.failed++;
  }
  if (needs !== undefined && await bring(needs) === "missing") {
    leftOut.push(`${needs.what} did not run; to run them: ${needs.advice}`);
    if (inCi) total.failed++;
    continue;
  }
  const { passed, failed } = await runGroup(group);
  total.passed += passed;
  total.failed += failed;
}

console.log("");
for (const line of leftOut) console.log(line);
console.log(`${total.passed} passed, ${total.failed} failed`);
Deno.exit(total.failed === 0 ? 0 : 1);
