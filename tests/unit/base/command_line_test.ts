import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import {
  Command,
  Option,
  runCommandLine,
  SaidAlready,
  WrongUse,
} from "../../../src/base/native.ts";

/** A program of a test: `pack [dir] --out`, `memory list <pod>`. `act` is what each does. */
function program(act: (...args: unknown[]) => void = () => {}): Command {
  const pack = new Command("pack").argument("[dir]", "the folder", ".").action(act)
    .addOption(new Option("--out <file>", "the page")).option("--no-run", "do not run it");
  const list = new Command("list").argument("<pod>", "the pod").action(act);
  const memory = new Command("memory").addCommand(list);
  return new Command("test").version("1.2.3").addCommand(pack).addCommand(memory);
}

/** Runs it; returns the exit code, and what was said on stderr and, of help, on stdout. */
async function run(args: string[], act?: (...args: unknown[]) => void) {
  const said: string[] = [];
  const { error } = console;
  console.error = (line: string) => said.push(line);
  try {
    const command = program(act);
    const help: string[] = [];
    for (
      const one of [
        command,
        ...command.commands,
        ...command.commands.flatMap((c) => c.commands),
      ]
    ) {
      one.configureOutput({ writeOut: (text) => help.push(text) });
    }
    return {
      code: await runCommandLine(command, args),
      said: said.join("\n"),
      help: help.join(""),
    };
  } finally {
    console.error = error;
  }
}

Deno.test("help shows what it is asked for, at whichever word it stands", async () => {
  for (const args of [["help"], ["--help"]]) {
    assert.match((await run(args)).help, /^Usage: test \[options\] \[command\]/);
  }
  for (const args of [["help", "memory", "list"], ["memory", "help", "list"]]) {
    const { code, help } = await run(args);
    assert.deepEqual([code, help.split("\n")[0]], [0, "Usage: test memory list [options] <pod>"]);
  }
  const memory = await run(["help", "memory", "--whatever"]);
  assert.match(memory.help, /^Usage: test memory /);
});

Deno.test("help for what there is not says so, with the name that was meant, and ends with 2", async () => {
  for (
    const [args, wanted] of [
      [["help", "bogus"], "unknown command 'bogus'\n(`test --help` says how it is called)"],
      [["help", "pakc"], "unknown command 'pakc'\n(Did you mean pack?)"],
      [["help", "memory", "lsit"], "unknown command 'lsit'\n(Did you mean list?)"],
      [["memory", "help", "lsit"], "unknown command 'lsit'\n(Did you mean list?)"],
      [["memory", "lsit"], "unknown command 'lsit'\n(Did you mean list?)"],
      [
        ["memory", "bogus"],
        "unknown command 'bogus'\n(`test memory --help` says how it is called)",
      ],
      [["help", "pack", "x"], "unknown command 'x': pack has no commands of its own"],
    ] as const
  ) {
    assert.deepEqual(await run([...args]), { code: 2, said: `error: ${wanted}`, help: "" });
  }
});

Deno.test("a program that is one command has its help by that word, too", async () => {
  const help: string[] = [];
  const alone = new Command("alone").option("--port <number>", "the port").action(() => {})
    .configureOutput({ writeOut: (text) => help.push(text) });
  assert.equal(await runCommandLine(alone, ["help"]), 0);
  assert.match(help.join(""), /^Usage: alone/);
});

Deno.test("an empty text is refused wherever a text is taken: a shell makes it of an unset variable", async () => {
  for (const args of [["pack", ""], ["pack", "--out", " "], ["memory", "list", ""]]) {
    const { code, said } = await run(args, () => assert.fail("it was run"));
    assert.equal(code, 2);
    assert.match(said, /^error: .* is invalid.*Expected a text that is not empty\.$/);
  }
  assert.equal((await run(["pack", "dir", "--no-run"])).code, 0);
});

Deno.test("a command's errors are 1, of a wrong call 2, and those of files in plain words", async () => {
  const fails = (error: unknown) =>
    run(["pack"], () => {
      throw error;
    });
  assert.deepEqual(await fails(new CodedError("x", "Cannot pack: y")), {
    code: 1,
    said: "error: Cannot pack: y",
    help: "",
  });
  assert.deepEqual(await fails(new SaidAlready()), { code: 1, said: "", help: "" });
  assert.equal((await fails(new WrongUse("Cannot pack like this"))).code, 2);
  const raw = await Deno.readTextFile("no such file").catch((error: unknown) => error);
  assert.equal((await fails(raw)).said, "error: Cannot use no such file: it is not there");
});
