import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROGRAMS } from "../../src/assets/compile/program_list.ts";
import { TARGET_NAMES } from "../../src/assets/compile/targets.ts";
import { toHex } from "../../src/base/mod.ts";
import { run, start } from "./processes.ts";
import { tempFolder } from "./temp_folder.ts";

const FOLDER = fileURLToPath(new URL("../../src/cli/service/", import.meta.url));

/** The system's own programs, with nothing of a developer's. */
const PATH = "/usr/bin:/bin";

const TARGET = `${Deno.build.os === "darwin" ? "macos" : "linux"}-${
  Deno.build.arch === "aarch64" ? "arm64" : "x64"
}`;

/** A release on loopback: programs that say their version. */
interface Release extends AsyncDisposable {
  readonly folder: string;
  readonly url: string;
  /** What was asked of it. */
  readonly asked: readonly string[];
  /** Runs the script; `HOME` is a folder of its own. */
  install(args: readonly string[], env?: Record<string, string>): Promise<{
    code: number;
    said: string;
  }>;
}

async function release(version: string, programs: readonly string[]): Promise<Release> {
  await using open = new AsyncDisposableStack();
  const temp = open.use(await tempFolder("release"));
  const folder = temp.path;
  const sums: string[] = [];
  for (const program of programs) {
    await Deno.writeTextFile(join(folder, program), `#!/bin/sh\necho ${version}\n`, {
      mode: 0o755,
    });
    const archive = `${program}-${TARGET}.tar.gz`;
    await Deno.writeTextFile(join(folder, "LICENCES.txt"), "licences\n");
    await run(["/bin/tar", "-czf", archive, program, "LICENCES.txt"], { cwd: folder });
    const bytes = await Deno.readFile(join(folder, archive));
    const hash = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    sums.push(`${hash}  ${archive}`);
  }
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), `${sums.join("\n")}\n`);
  const asked: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const [, , name] = /^\/(latest\/download|download\/v[\d.]+)\/([\w.-]+)$/.exec(pathname) ?? [];
      try {
        return new Response(await Deno.readFile(join(folder, name ?? "nothing")));
      } catch {
        return new Response("no such file", { status: 404 });
      }
    },
  );
  open.defer(() => server.shutdown());
  const home = join(folder, "home");
  await Deno.mkdir(home);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const owned = open.move();
  return {
    folder,
    url,
    asked,
    install: async (args, env = {}) => {
      const script = start(["/bin/sh", join(FOLDER, "install.sh"), ...args], {
        env: { HOME: home, PATH, GEMMAPOD_RELEASES: url, NO_PROXY: "127.0.0.1", ...env },
      });
      const { code } = await script.status;
      return { code, said: script.lines.join("\n") };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("the install script brings the newest release into the owner's folder", async () => {
  await using server = await release("0.7.0", ["gemmapod"]);
  const { code, said } = await server.install([]);
  assert.equal(code, 0, said);
  const program = join(server.folder, "home/.local/bin/gemmapod");
  assert.match(said, /^installed .*\/home\/\.local\/bin\/gemmapod 0\.7\.0$/m);
  assert.match(said, /export PATH=".*\/home\/\.local\/bin:\$PATH"/);
  assert.equal(await run([program, "--version"]), "0.7.0");
  assert.equal(((await Deno.stat(program)).mode ?? 0) & 0o777, 0o755);
  assert.deepEqual(server.asked, [
    "/latest/download/SHA256SUMS",
    `/latest/download/gemmapod-${TARGET}.tar.gz`,
  ]);
  const left = (await Array.fromAsync(Deno.readDir(join(program, "..")))).map(({ name }) => name);
  assert.deepEqual(left, ["gemmapod"]);

  const again = await server.install([], { PATH: `${PATH}:${join(program, "..")}` });
  assert.equal(again.code, 0, "over the one that is there");
  assert(!again.said.includes("export PATH"));
});

Deno.test("the install script takes a version, a folder and programs", async () => {
  await using server = await release("0.6.1", ["gemmapod", "gemmapod-signal", "gemmapod-pack"]);
  const dir = join(server.folder, "a folder");
  const { code, said } = await server.install([
    ...["--version", "v0.6.1", "--dir", dir, "gemmapod-signal", "gemmapod-pack"],
  ]);
  assert.equal(code, 0, said);
  const names = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
  assert.deepEqual(names, ["gemmapod-pack", "gemmapod-signal"]);
  assert(server.asked.every((path) => path.startsWith("/download/v0.6.1/")));
});

Deno.test("the install script installs nothing that is not what the release says", async () => {
  await using server = await release("0.7.0", ["gemmapod"]);
  const archive = join(server.folder, `gemmapod-${TARGET}.tar.gz`);
  await Deno.writeFile(archive, new Uint8Array([0]), { append: true });
  const { code, said } = await server.install([]);
  assert.equal(code, 1);
  assert.match(
    said,
    /error: gemmapod-\S+ is not what the release says: SHA-256 [0-9a-f]{64}, expected/,
  );
  assert.deepEqual(
    await Array.fromAsync(Deno.readDir(join(server.folder, "home/.local/bin"))),
    [],
  );
});

Deno.test("the install script says what is wrong in one line", async () => {
  await using server = await release("0.7.0", ["gemmapod"]);
  const missing = await server.install(["gemmapod-pack"]);
  assert.equal(missing.code, 1);
  assert.match(missing.said, /^error: the release has no gemmapod-pack-\S+\.tar\.gz$/m);
  const nowhere = await server.install([], { GEMMAPOD_RELEASES: `${server.url}/else` });
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.said, /error: cannot download .*\/else\/latest\/download\/SHA256SUMS/);
  for (const args of [["--dir"], ["--frobnicate"], ["gemmapod-chat"]]) {
    const wrong = await server.install(args);
    assert.equal(wrong.code, 2);
    assert.match(wrong.said, /^error: /);
  }
  const help = await server.install(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.said, /Example:\n {2}sh install\.sh/);
});

Deno.test("a script that arrived in part runs nothing", async () => {
  await using server = await release("0.7.0", ["gemmapod"]);
  const text = await Deno.readTextFile(join(FOLDER, "install.sh"));
  const cut = join(server.folder, "cut.sh");
  for (const part of [0.3, 0.6, 0.9]) {
    await Deno.writeTextFile(cut, text.slice(0, Math.floor(text.length * part)));
    const script = start(["/bin/sh", cut], {
      env: { HOME: join(server.folder, "home"), PATH, GEMMAPOD_RELEASES: server.url },
    });
    await script.status;
  }
  assert.deepEqual(server.asked, []);
});

Deno.test("formula.sh makes a Homebrew formula of a release", async () => {
  await using folder = await tempFolder("formula");
  const sums = join(folder.path, "SHA256SUMS");
  const targets = ["linux-arm64", "linux-x64", "macos-arm64", "macos-x64"];
  const lines = targets.map((target, index) =>
    `${`${index + 1}`.repeat(64)}  gemmapod-${target}.tar.gz`
  );
  await Deno.writeTextFile(
    sums,
    `${lines.join("\n")}\n${"f".repeat(64)}  gemmapod-pack-linux-x64.tar.gz\n`,
  );
  const env = { PATH };
  const formula = await run(["/bin/sh", join(FOLDER, "formula.sh"), "v1.2.3", sums], { env });
  assert.match(formula, /^class Gemmapod < Formula$/m);
  assert.match(formula, /^ {2}version "1\.2\.3"$/m);
  assert(!/@[A-Z_0-9]+@/.test(formula));
  const pairs = [
    ...formula.matchAll(/url "\S+\/v1\.2\.3\/gemmapod-(\S+)\.tar\.gz"\s+sha256 "(\d)/g),
  ];
  assert.deepEqual(pairs.map(([, target, digit]) => `${target} ${digit}`).sort(), [
    "linux-arm64 1",
    "linux-x64 2",
    "macos-arm64 3",
    "macos-x64 4",
  ]);
  const starts = formula.match(/\b(?:class|do|def)\b.*$/gm)?.length;
  assert.equal(formula.match(/^ *end$/gm)?.length, starts, "as many ends as beginnings");
  if (await isFile("/usr/bin/ruby")) {
    const path = join(folder.path, "gemmapod.rb");
    await Deno.writeTextFile(path, formula);
    await run(["/usr/bin/ruby", "-c", path]);
  }
  await Deno.writeTextFile(sums, lines.slice(1).join("\n"));
  const short = start(["/bin/sh", join(FOLDER, "formula.sh"), "1.2.3", sums], { env });
  assert.equal((await short.status).code, 1);
  assert.deepEqual(short.lines, [`error: ${sums} has no gemmapod-linux-arm64.tar.gz`]);
});

Deno.test("release.sh makes a release of archives: every file has its sum", async () => {
  await using folder = await tempFolder("whole-release");
  const made = join(folder.path, "release");
  await Deno.mkdir(made);
  const files = TARGET_NAMES.flatMap((target) =>
    PROGRAMS.map(({ name }) => `${name}-${target}.tar.gz`)
  ).concat("gemmapod-embed-1.2.3.tgz");
  for (const name of files) await Deno.writeTextFile(join(made, name), name);
  const release = ["/bin/sh", join(FOLDER, "release.sh"), "v1.2.3", made];
  await run(release, { env: { PATH } });
  await run(release, { env: { PATH } }); // again, over what it has made
  const names = (await Array.fromAsync(Deno.readDir(made))).map(({ name }) => name).sort();
  assert.deepEqual(names, [...files, "SHA256SUMS", "gemmapod.rb", "install.sh"].sort());
  const sums = (await Deno.readTextFile(join(made, "SHA256SUMS"))).trim().split("\n");
  const named = sums.map((line) => line.replace(/^[0-9a-f]{64} [ *]/, ""));
  assert.deepEqual(named.sort(), names.filter((name) => name !== "SHA256SUMS"));
  await run(["sha256sum", "--check", "--strict", "SHA256SUMS"], { cwd: made, env: { PATH } });

  for (const missing of ["gemmapod-signal-windows-x64.tar.gz", "gemmapod-embed-1.2.3.tgz"]) {
    await Deno.remove(join(made, missing));
    const incomplete = start(release, { env: { PATH } });
    assert.equal((await incomplete.status).code, 1);
    assert.deepEqual(incomplete.lines, [`error: there is no ${missing}`]);
    await Deno.writeTextFile(join(made, missing), "");
  }
});

Deno.test("the scripts are sh as POSIX has it", async () => {
  const scripts = ["install.sh", "formula.sh", "release.sh"].map((name) => join(FOLDER, name));
  for (const script of scripts) await run(["/bin/sh", "-n", script]);
  if (await isFile("/usr/bin/shellcheck")) {
    await run(["/usr/bin/shellcheck", "--shell=sh", "--severity=style", ...scripts]);
  }
});

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
