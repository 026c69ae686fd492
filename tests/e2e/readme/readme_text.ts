import { join, relative } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";

/** The commands of one fenced block, in order. */
export type ShellBlock = readonly string[];

/** A fenced block of any language. */
export interface Fence {
  /** What stands behind the fence: `sh`, `ts npm`. */
  readonly info: string;
  readonly code: string;
}

/** Folders without a README of ours. */
const NOT_OURS: ReadonlySet<string> = new Set(["dist", "node_modules", "target", ".git"]);

/** A block, wherever its fence stands and whatever it is of. */
const FENCE = /^([ >]*)(`{3,}|~{3,})(.*)\n([^]*?)^\1\2[ ]*$/gm;

/** What shells are called behind a fence; without a name it may be anything. */
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "zsh", "shell", "console", ""]);

/** What a command in the text begins with, where it is more than a name. */
const PROGRAM = new RegExp(
  "^(?:\\$ )?(?:\\w+=\\S* )*(?:sudo )?(?:gemmapod(?:-signal|-pack)?|deno|node|npm|npx|pm2|brew|curl|wget|" +
    "sqlite3|nats-server|docker|systemctl|journalctl|loginctl|launchctl|sysadminctl|ulimit|ollama|gh|" +
    "git|apt-get|cargo|go|sh|sha256sum|tar|cp|mkdir|chmod) \\S",
);

/** The READMEs of the checkout, by their paths below it. */
export async function readmes(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of (await readmesBelow(ROOT_DIR)).sort()) {
    found.set(relative(ROOT_DIR, path).replaceAll("\\", "/"), await Deno.readTextFile(path));
  }
  return found;
}

/** The fenced blocks of a text. */
export function fencesOf(text: string): Fence[] {
  return [...text.matchAll(FENCE)].map(([, indent = "", , info = "", code = ""]) => ({
    info: info.trim(),
    code: code.split("\n").map((line) => line.startsWith(indent) ? line.slice(indent.length) : line)
      .join("\n"),
  }));
}

/** The commands of a text's fenced blocks of a shell: without comments, continued lines in one. */
export function shellBlocks(text: string): ShellBlock[] {
  return fencesOf(text).filter(({ info }) => SHELLS.has(info)).map(({ code }) => commandsIn(code));
}

/** Fenced blocks that are no shell's. */
export function otherFences(text: string): Fence[] {
  return fencesOf(text).filter(({ info }) => !SHELLS.has(info));
}

/** The commands in a text's sentences and tables: code that begins with a program. */
export function inlineCommands(text: string): string[] {
  const spans = [...withoutFences(text).matchAll(/(`+)([^`](?:[^]*?[^`])??)\1(?!`)/g)]
    .map(([, , code = ""]) => code.replace(/\s+/g, " ").trim());
  return [...new Set(spans.filter(isCommand))].map((code) => code.replace(/^\$ /, ""));
}

/** A text without its fenced blocks. */
export function withoutFences(text: string): string {
  return text.replace(FENCE, "");
}

/** Whether a line calls a program that people know. */
export function isCommand(line: string): boolean {
  return PROGRAM.test(line);
}

function commandsIn(code: string): string[] {
  return code.replaceAll("\\\n", " ").split("\n")
    .map((line) => line.trim().replace(/^\$ /, "").replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

async function readmesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && !NOT_OURS.has(name)) found.push(...await readmesBelow(join(folder, name)));
    else if (name.endsWith(".md")) found.push(join(folder, name));
  }
  return found;
}
