import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CodedError, errorMessage, toBase64, utf8Encode } from "../../base/mod.ts";

/** A module as a URL that every Deno can import, a compiled program included. */
export interface ModuleSource {
  /** `data:`, with the text of the module, and of those that it imports by path, inside. */
  readonly url: string;
  /** A message of Deno's about it, with the names of the files in place of the URLs. */
  named(message: string): string;
}

/** The most bytes of one file: it is code that a person wrote. */
const MAX_FILE_BYTES = 1024 * 1024;

/** How deep files may import files: each level is encoded into the one above it. */
const MAX_LEVELS = 8;

const DATA_URL = "data:text/javascript;base64,";

/** How much of the two ends of a `data:` URL Deno shows in a stack. */
const SHOWN_CHARS = 20;

const TYPESCRIPT = /\.m?ts$/;
const SCRIPT = /\.m?[tj]s$/;

/**
 * Reads a module of an owner's, TypeScript or JavaScript, as one that can be imported. A compiled
 * program imports JavaScript from outside and no TypeScript, so the types are taken out here, in
 * place, which keeps every line where it was; imports by path are resolved the same way, since a
 * `data:` module has no folder. Bare imports stay: Deno resolves `ai` and `zod` to ours by the
 * import map, which a compiled program carries.
 *
 * Rejects with {@linkcode CodedError} `bad_tools`, whose message names file and line.
 */
export async function readModule(path: string): Promise<ModuleSource> {
  const [{ transformSync }, lexer] = await Promise.all([
    import("amaro"),
    import("es-module-lexer"),
  ]);
  await lexer.init;
  const urls = new Map<string, string>(); // by path

  async function urlOf(file: string, importers: readonly string[]): Promise<string> {
    const known = urls.get(file);
    if (known !== undefined) return known;
    if (importers.includes(file)) throw bad(file, "it imports itself, by way of other files");
    if (importers.length >= MAX_LEVELS) throw bad(file, `more than ${MAX_LEVELS} files deep`);
    const text = withoutTypes(file, await textOf(file));
    const edits: Edit[] = [];
    for (const found of importsOf(file, text)) {
      const { type, start, end, specifier } = found;
      if (type === "import-meta") edits.push({ start, end, text: metaOf(file) });
      else if (specifier && /^\.{0,2}\//.test(specifier)) {
        const target = new URL(specifier, pathToFileURL(file));
        const url = SCRIPT.test(target.pathname)
          ? await urlOf(fileURLToPath(target), [...importers, file])
          : target.href;
        // of a static import the place is that within the quotes, of a dynamic one with them
        edits.push({ start, end, text: type === "dynamic" ? JSON.stringify(url) : url });
      }
    }
    // Deno shows the beginning and the end of a long URL: the number tells one file from another
    const source = `${edited(text, edits)}\n// file ${`${urls.size}`.padStart(SHOWN_CHARS, "0")}`;
    const url = `${DATA_URL}${toBase64(utf8Encode(source))}`;
    urls.set(file, url);
    return url;
  }

  function withoutTypes(file: string, text: string): string {
    if (!TYPESCRIPT.test(file)) return text;
    try {
      return transformSync(text, { mode: "strip-only", filename: file }).code;
    } catch (error) {
      const { startLine, startColumn, message } = syntaxErrorOf(error);
      throw bad(`${file}:${startLine}:${startColumn + 1}`, message, error);
    }
  }

  function importsOf(file: string, text: string) {
    try {
      return lexer.parse(text)[0];
    } catch (error) {
      const line = text.slice(0, indexOf(error)).split("\n").length;
      throw bad(`${file}:${line}`, "it is not JavaScript", error);
    }
  }

  const url = await urlOf(path, []);
  return {
    url,
    named: (message) =>
      // the last first: it holds the others
      [...urls].toReversed().reduce(
        (said, [file, of]) => said.replaceAll(of, file).replaceAll(shortened(of), file),
        message,
      ),
  };
}

/** A URL as Deno writes it into stacks. */
function shortened(url: string): string {
  return `${url.slice(0, DATA_URL.length + SHOWN_CHARS)}......${url.slice(-SHOWN_CHARS)}`;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text: instead } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + instead;
    at = end;
  }
  return result + text.slice(at);
}

/** What stands for `import.meta`, so that a tool finds the files beside it. */
function metaOf(file: string): string {
  const url = JSON.stringify(pathToFileURL(file).href);
  const members = [
    `url: ${url}`,
    `filename: ${JSON.stringify(file)}`,
    `dirname: ${JSON.stringify(dirname(file))}`,
    "main: false",
    `resolve: (to) => new URL(to, ${url}).href`,
  ];
  return `({ ${members.join(", ")} })`;
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await Deno.stat(file);
    if (size > MAX_FILE_BYTES) throw bad(file, `it has more than ${MAX_FILE_BYTES} bytes`);
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const missing = error instanceof Deno.errors.NotFound;
    throw bad(file, missing ? "there is no such file" : errorMessage(error), error);
  }
}

function bad(where: string, why: string, cause?: unknown): CodedError {
  return new CodedError("bad_tools", `Cannot load ${where}: ${why}`, { cause });
}

/** What amaro throws: a plain object, not an Error. */
function syntaxErrorOf(thrown: unknown) {
  const { startLine = 1, startColumn = 0, message = "it is not TypeScript" }: Partial<
    { startLine: number; startColumn: number; message: string }
  > = typeof thrown === "object" && thrown !== null ? thrown : {};
  return { startLine, startColumn, message };
}

/** Where es-module-lexer stumbled. */
function indexOf(thrown: unknown): number {
  const found = typeof thrown === "object" && thrown !== null && "idx" in thrown ? thrown.idx : 0;
  return typeof found === "number" ? found : 0;
}
