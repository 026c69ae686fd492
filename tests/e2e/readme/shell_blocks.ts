import { join, relative } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";

/** The commands of one fenced block, in order. */
export type ShellBlock = readonly string[];

/** Folders without a README of ours. */
const NOT_OURS: ReadonlySet<string> = new Set(["dist", "node_modules", "target", ".git"]);

/** The READMEs of the checkout, by their paths below it, each with its blocks of `sh`. */
export async function readmeBlocks(): Promise<Map<string, readonly ShellBlock[]>> {
  const found = new Map<string, readonly ShellBlock[]>();
  for (const path of (await readmesBelow(ROOT_DIR)).sort()) {
    const blocks = shellBlocks(await Deno.readTextFile(path));
    if (blocks.length > 0) found.set(relative(ROOT_DIR, path).replaceAll("\\", "/"), blocks);
  }
  return found;
}

/** The commands of a text's fenced blocks of `sh`: without comments, continued lines in one. */
export function shellBlocks(text: string): ShellBlock[] {
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, code = ""]) =>
    code.replaceAll("\\\n", " ").split("\n").map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
      .filter((line) => line !== "")
  );
}

async function readmesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && !NOT_OURS.has(name)) found.push(...await readmesBelow(join(folder, name)));
    else if (name === "README.md") found.push(join(folder, name));
  }
  return found;
}
