import type { OnLoadResult, PluginBuild } from "esbuild";

/** The module of fast-json-patch that applies an operation. */
const CORE = /fast-json-patch[/\\].*core\.mjs$/;

/** And the one that has its error. */
const HELPERS = /fast-json-patch[/\\].*helpers\.mjs$/;

/** How its `applyOperation` begins: what it is told beside the operation, and the defaults. */
const SIGNATURE =
  /(function applyOperation\(document, operation), validateOperation, mutateDocument, banPrototypeModifications, (index\) \{)(?:\s*if \(\w+ === void 0\) \{ \w+ = \w+; \})+/;

/** The library's own check, chosen where the caller has none. */
const VALIDATOR = "validateFunction = validator;";

/** `move` and `copy` of objects, and of lists: `json_patch.ts` says both in terms of the others. */
const OPERATIONS = [
  /^ {4}move: function [^]*?^ {4}copy: function [^]*?^ {4}\},\n/m,
  /^ {4}move: objOps\.move,\n {4}copy: objOps\.copy,\n/m,
];

/** The same at the root of the document. */
const ROOT_OPERATIONS = /^ {8}else if \(operation\.op === 'move' [^]*?^ {8}\}\n/m;

/** How its own error comes in: one whose message has the whole document in it, twice. */
const ERROR_IMPORT = "import { PatchError, ";

/** The same without the document; `json_patch.ts` reads the name alone. */
const SMALL_ERROR = `class PatchError extends Error {
  constructor(message, name) {
    super(message);
    this.name = name;
  }
}
`;

/**
 * Reads fast-json-patch as if its options were constants, which in our one call they are
 * (`src/dartc/json_patch.ts`), so that esbuild leaves out the checks that it does not ask for.
 */
export function readPatchLibrary(build: PluginBuild): void {
  build.onLoad({ filter: CORE }, async ({ path }): Promise<OnLoadResult> => {
    return { contents: withConstantOptions(await Deno.readTextFile(path)), loader: "js" };
  });
  build.onLoad({ filter: HELPERS }, async ({ path }): Promise<OnLoadResult> => {
    // Functions called once, to make its error and what that extends: esbuild may leave them out.
    const source = await Deno.readTextFile(path);
    const contents = source.replace(
      /(?:\(this && this\.\w+\) \|\| |\/\*\* @class \*\/ )(?=\(function)/g,
      "/* @__PURE__ */ ",
    );
    return { contents, loader: "js" };
  });
}

/**
 * The text of that module with its options as constants: no check of the operation, the document
 * changed in place, no step to a prototype, no `move` and `copy`. The arguments keep their places.
 *
 * Throws where the library does not read as expected: another version wants another look.
 */
export function withConstantOptions(source: string): string {
  const unused = [...OPERATIONS, ROOT_OPERATIONS];
  const isKnown = SIGNATURE.test(source) && source.includes(VALIDATOR) &&
    source.startsWith(ERROR_IMPORT) && unused.every((part) => part.test(source));
  if (!isKnown) throw new Error("fast-json-patch does not read as expected");
  return unused.reduce((text, part) => text.replace(part, ""), source)
    .replace(ERROR_IMPORT, `${SMALL_ERROR}import { `)
    .replace(
      SIGNATURE,
      "$1, unused1, unused2, unused3, $2 " +
        "const validateOperation = false, mutateDocument = true, banPrototypeModifications = true;",
    )
    .replace(VALIDATOR, "");
}
