import assert from "node:assert/strict";
import { join } from "node:path";
import { FROM_SOURCE } from "./chain.ts";
import { run, start } from "./processes.ts";
import { tempFolder } from "./temp_folder.ts";
import { startInTerminal } from "./terminal.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** The program of a shell, where this machine has it. */
async function installed(shell: string): Promise<string | undefined> {
  for (const folder of ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]) {
    try {
      if ((await Deno.stat(join(folder, shell))).isFile) return join(folder, shell);
    } catch { /* the next */ }
  }
  return undefined;
}

async function scripts(): Promise<Record<typeof SHELLS[number], string>> {
  const said = await Promise.all(
    SHELLS.map((shell) => run([...FROM_SOURCE.gemmapod, "completions", shell])),
  );
  const [bash = "", zsh = "", fish = "", powershell = ""] = said;
  return { bash, zsh, fish, powershell };
}

const SCRIPTS = await scripts();

/** The commands that `--help` shows. */
async function commands(): Promise<string[]> {
  const help = await run([...FROM_SOURCE.gemmapod, "--help"]);
  const names = [...help.slice(help.indexOf("Commands:")).matchAll(/^ {2}([a-z]+)[ |]/gm)];
  return names.flatMap(([, name]) => name === undefined || name === "gemmapod" ? [] : [name]);
}

Deno.test("the completions of every shell name every command", async () => {
  const all = (await commands()).filter((name) => name !== "help");
  assert(all.length > 20, all.join());
  for (const shell of SHELLS) {
    for (const name of all) {
      assert(new RegExp(`\\b${name}\\b`).test(SCRIPTS[shell]), `${shell}: ${name}`);
    }
  }
});

Deno.test("bash completes commands, flags and their values", async () => {
  const bash = await installed("bash");
  assert(bash !== undefined, "tests need bash: apt-get install bash");
  await using folder = await tempFolder("bash");
  const file = join(folder.path, "completions.bash");
  await Deno.writeTextFile(file, SCRIPTS.bash);
  async function complete(...words: string[]): Promise<string[]> {
    const quoted = ["gemmapod", ...words].map((word) => `'${word}'`).join(" ");
    const said = await run([
      bash ?? "",
      "--norc",
      "-c",
      `source ${file}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _gemmapod; ` +
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ]);
    return said.split("\n").filter((word) => word !== "").sort();
  }
  assert.deepEqual(await complete("st"), ["start", "status", "stop"]);
  assert.deepEqual(await complete("run", "--prov"), ["--provider", "--provider-url"]);
  assert.deepEqual(await complete("run", "--provider", ""), ["demo", "endpoint"]);
  assert.deepEqual(await complete("run", "--provider", "=", "d"), ["demo"]);
  assert.deepEqual(await complete("memory", ""), ["clear", "export", "list", "show"]);
  assert.deepEqual(await complete("memory", "clear", "--y"), ["--yes"]);
  assert.deepEqual(await complete("completions", "z"), ["zsh"]);
  assert.deepEqual(await complete("link", ""), [], "bash completes folders itself");
  assert.deepEqual(await complete("run", "--model", "run"), [], "a value is no command");
  const shellcheck = await installed("shellcheck");
  if (shellcheck !== undefined) await run([shellcheck, "-s", "bash", file]);
});

Deno.test("zsh completes commands, flags and their values", async () => {
  const zsh = await installed("zsh");
  if (zsh === undefined) return assert.match(SCRIPTS.zsh, /^#compdef gemmapod$/m);
  await using folder = await tempFolder("zsh");
  const file = join(folder.path, "_gemmapod");
  await Deno.writeTextFile(file, SCRIPTS.zsh);
  await run([zsh, "-n", file]);
  await Deno.writeTextFile(
    join(folder.path, "gemmapod"),
    '#!/bin/sh\nprintf "called:"; printf " <%s>" "$@"; printf "\\n"\n',
    { mode: 0o755 },
  );
  await using shell = startInTerminal(["exec", zsh, "-f", "-i"], {
    cwd: folder.path,
    env: { HOME: folder.path, PATH: `${folder.path}:/usr/bin:/bin`, TERM: "xterm", PS1: "% " },
  });
  await shell.type(
    `stty cols 100; autoload -Uz compinit && compinit -u -d ${folder.path}/dump; source ${file}; echo rea"dy"\r`,
  );
  await shell.line(/^ready/);
  await shell.type("gemmapod statu\t\r");
  await shell.line(/called: <status>$/);
  await shell.type("gemmapod memory exp\t\r");
  await shell.line(/called: <memory> <export>$/);
  await shell.type("gemmapod run --provider de\t\r");
  await shell.line(/called: <run> <--provider> <demo>$/);
  await shell.type("gemmapod start --deta\t\r");
  await shell.line(/called: <start> <--detach>$/);
  await shell.type("gemmapod completions fi\t\r");
  await shell.line(/called: <completions> <fish>$/);
});

Deno.test("fish completes commands, flags and their values", async () => {
  const fish = await installed("fish");
  if (fish === undefined) {
    return assert.match(SCRIPTS.fish, /^complete -c gemmapod /m);
  }
  const program = fish;
  await using folder = await tempFolder("fish");
  const file = join(folder.path, "gemmapod.fish");
  await Deno.writeTextFile(file, SCRIPTS.fish);
  await run([fish, "--no-execute", file]);
  async function complete(line: string): Promise<string[]> {
    const said = await run(
      [program, "--no-config", "-c", `source ${file}; complete -C '${line}'`],
      { cwd: folder.path, env: { HOME: folder.path, PATH: "/usr/bin:/bin" } },
    );
    return said.split("\n").filter((text) => text !== "").map((text) => text.split("\t")[0] ?? "")
      .sort();
  }
  assert.deepEqual(await complete("gemmapod st"), ["start", "status", "stop"]);
  assert.deepEqual(await complete("gemmapod run --prov"), ["--provider", "--provider-url"]);
  assert.deepEqual(await complete("gemmapod run --provider "), ["demo", "endpoint"]);
  assert.deepEqual(await complete("gemmapod memory "), ["clear", "export", "list", "show"]);
  assert.deepEqual(await complete("gemmapod memory clear --y"), ["--yes"]);
  assert.deepEqual(await complete("gemmapod completions z"), ["zsh"]);
  assert.deepEqual(await complete("gemmapod build --ou"), ["--out"]);
  assert.deepEqual(await complete("gemmapod link gem"), ["gemmapod.fish"], "files for a folder");
});

Deno.test("PowerShell is given one completer with a table a command, all in balanced brackets", () => {
  const script = SCRIPTS.powershell;
  assert.match(
    script,
    /^Register-ArgumentCompleter -Native -CommandName 'gemmapod' -ScriptBlock \{$/m,
  );
  for (const table of ["''", "'run'", "'memory'", "'memory list'", "'service'"]) {
    assert(script.includes(`    ${table} = @(\n`), table);
  }
  assert(script.includes("    'run --provider' = @('endpoint', 'demo')\n"));
  assert.match(script, /@\('--detach', '[^\n]+', 'ParameterName'\)/);
  const code = script.replace(/'(?:[^']|'')*'/g, "''").replace(/"[^"]*"/g, '""');
  for (const [open, close] of [["{", "}"], ["(", ")"], ["[", "]"]] as const) {
    assert.equal(code.split(open).length, code.split(close).length, `${open}${close}`);
  }
  assert.equal(code.replaceAll("''", "").includes("'"), false, "every text is closed");
});

Deno.test("completions of an unknown shell is exit code 2; --help has an example and says how", async () => {
  const wrong = start([...FROM_SOURCE.gemmapod, "completions", "tcsh"]);
  assert.equal((await wrong.status).code, 2);
  assert.match(wrong.lines.join("\n"), /Allowed choices are bash, zsh, fish, powershell/);
  const help = await run([...FROM_SOURCE.gemmapod, "completions", "--help"]);
  assert.match(help, /gemmapod completions fish > ~\/\.config\/fish\/completions\/gemmapod\.fish/);
  assert.match(help, /Example:\n {2}gemmapod completions bash/);
});

Deno.test("a mistyped command or flag is exit code 2, with what was most likely meant", async () => {
  for (
    const [args, meant] of [
      [["statsu"], "status"],
      [["creat"], "create"],
      [["run", "--modle", "x"], "--model"],
      [["memory", "exprot"], "export"],
      [["memory", "list", "--jsn"], "--json"],
      [["init", "--nmae", "x"], "--name"],
      [["service", "instal"], "install"],
    ] as const
  ) {
    const called = start([...FROM_SOURCE.gemmapod, ...args]);
    assert.equal((await called.status).code, 2, args.join(" "));
    assert.match(called.lines.join("\n"), /^error: unknown (command|option) /m);
    assert(called.lines.some((line) => line.includes(`Did you mean ${meant}?`)), args.join(" "));
  }
});
