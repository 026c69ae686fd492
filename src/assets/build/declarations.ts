import { dirname, join } from "node:path";
import type TypeScript from "npm:typescript@6.0.3";
import { ROOT_DIR } from "../asset_files.ts";

type Ts = typeof TypeScript;

/** A declaration of ours at the top of a module: what a type or a value is declared by. */
type Declaration = TypeScript.Declaration & { parent: TypeScript.SourceFile };

/** What a declaration file says more than its module does. */
export interface DeclarationsOptions {
  /** What the entry exports beside types: the names that its bundle has. */
  readonly values: readonly string[];
  /** The global that a classic script of the same members makes (`export as namespace`). */
  readonly globalName: string;
}

/**
 * The declarations of an entry, made from the source: one file that imports nothing. It holds what
 * the entry exports and what that is made of, with its documentation; of two types with one name,
 * the one that is not exported gets a number.
 *
 * Every exported declaration of ours has its type written out, so each file is read by itself, and
 * no library's types are needed.
 *
 * Throws where a declaration lacks its type, or is of a kind that is not expected.
 *
 * @param entry a file below the checkout
 */
export async function declarationsOf(
  entry: string,
  { values, globalName }: DeclarationsOptions,
): Promise<string> {
  // Named here, not in `deno.json`: only who builds the npm package downloads it.
  const { default: ts } = await import("npm:typescript@6.0.3");
  const program = programOf(ts, join(ROOT_DIR, entry), await declaredModules(ts, entry));
  const text = rolledUp(ts, program, join(ROOT_DIR, entry), values);
  return `${text}export as namespace ${globalName};\n`;
}

const OPTIONS: TypeScript.CompilerOptions = {
  noLib: true,
  strict: true,
  declaration: true,
  isolatedDeclarations: true,
  allowImportingTsExtensions: true,
  target: 99, // ESNext
  module: 99, // ESNext
  moduleResolution: 100, // Bundler
  jsx: 4, // ReactJSX
  types: [],
};

/** What each module of ours declares, by its path: from the entry on, as far as types reach. */
async function declaredModules(ts: Ts, entry: string): Promise<Map<string, string>> {
  const declared = new Map<string, string>();
  const open = [join(ROOT_DIR, entry)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (declared.has(path)) continue;
    const { outputText } = ts.transpileDeclaration(await Deno.readTextFile(path), {
      fileName: path,
      compilerOptions: OPTIONS,
    });
    declared.set(path, outputText);
    for (const [, target = ""] of outputText.matchAll(/\bfrom "(\.[^"]+\.tsx?)"/g)) {
      open.push(join(dirname(path), target));
    }
  }
  return declared;
}

function programOf(
  ts: Ts,
  entry: string,
  declared: ReadonlyMap<string, string>,
): TypeScript.Program {
  const text = (path: string) => declared.get(join(path));
  return ts.createProgram([entry], OPTIONS, {
    fileExists: (path) => text(path) !== undefined,
    readFile: text,
    getSourceFile(path, target) {
      const found = text(path);
      return found === undefined ? undefined : ts.createSourceFile(path, found, target);
    },
    getDefaultLibFileName: () => "",
    getCurrentDirectory: () => ROOT_DIR,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => {},
  });
}

function rolledUp(
  ts: Ts,
  program: TypeScript.Program,
  entry: string,
  values: readonly string[],
): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`Cannot read what ${entry} exports`);

  const real = (symbol: TypeScript.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const names = new Map<TypeScript.Symbol, string>();
  const exported: string[] = [];
  const taken = platformNames(ts, program);
  const missing = new Set(values);
  for (const symbol of checker.getExportsOfModule(module)) {
    missing.delete(symbol.name);
    const target = real(symbol);
    taken.add(symbol.name);
    const known = names.get(target);
    if (known === undefined) names.set(target, symbol.name);
    exported.push(
      (values.includes(symbol.name) ? "" : "type ") +
        (known === undefined ? symbol.name : `${known} as ${symbol.name}`),
    );
  }
  if (missing.size > 0) throw new Error(`${entry} does not declare ${[...missing].join(", ")}`);
  const nameOf = (symbol: TypeScript.Symbol): string => {
    let name = names.get(symbol);
    if (name !== undefined) return name;
    name = symbol.name;
    for (let number = 2; taken.has(name); number++) name = `${symbol.name}${number}`;
    taken.add(name);
    names.set(symbol, name);
    return name;
  };

  const written = new Set<TypeScript.Symbol>();
  const open = [...names.keys()].reverse();
  const texts: string[] = [];
  const renamed = (identifier: TypeScript.Identifier) => {
    const found = checker.getSymbolAtLocation(identifier);
    if (found === undefined) return undefined;
    const target = real(found);
    if (!target.declarations?.some((one) => isTopLevel(ts, one))) return undefined;
    open.push(target);
    return nameOf(target);
  };
  for (const file of program.getSourceFiles()) {
    for (const statement of file.statements) {
      if (ts.isModuleDeclaration(statement) && statement.name.text === "global") {
        texts.push(declarationText(ts, statement, renamed));
      }
    }
  }
  for (let symbol = open.pop(); symbol !== undefined; symbol = open.pop()) {
    if (written.has(symbol)) continue;
    written.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      texts.push(declarationText(ts, declaration, renamed));
    }
  }
  return `${texts.join("\n")}\nexport {\n  ${exported.sort().join(",\n  ")},\n};\n`;
}

/** The names of the platform, as in `Promise`, that none of ours may hide. */
function platformNames(ts: Ts, program: TypeScript.Program): Set<string> {
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : undefined;
    if (name !== undefined && ts.isIdentifier(name)) {
      if (checker.getSymbolAtLocation(name)?.declarations === undefined) found.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  program.getSourceFiles().forEach(visit);
  return found;
}

function isTopLevel(ts: Ts, node: TypeScript.Declaration): node is Declaration {
  return !ts.isModuleDeclaration(node) && ts.isSourceFile(statementOf(ts, node).parent);
}

/** The statement that declares it: of a variable, the list's. */
function statementOf(ts: Ts, node: TypeScript.Declaration): TypeScript.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

/** A declaration with its documentation and the names of this file. */
function declarationText(
  ts: Ts,
  declaration: TypeScript.Declaration,
  rename: (identifier: TypeScript.Identifier) => string | undefined,
): string {
  const statement = statementOf(ts, declaration);
  const file = statement.getSourceFile();
  const begin = statement.getFullStart();
  let text = file.text.slice(begin, statement.getEnd());
  const changes: { at: number; length: number; text: string }[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) {
      const name = rename(node);
      if (name !== undefined && name !== node.text) {
        changes.push({ at: node.getStart(file) - begin, length: node.text.length, text: name });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  for (const { at, length, text: name } of changes.sort((one, other) => other.at - one.at)) {
    text = text.slice(0, at) + name + text.slice(at + length);
  }
  // The documentation stays; where a sentence names a page of our papers, that goes.
  const [, docs = "", rest = ""] = /^((?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*)([\s\S]*)$/.exec(text) ?? [];
  const kind = rest.replace(/^(?:export |declare |default )+/, "");
  const declare = /^(?:interface|type)\b/.test(kind) ? "" : "declare ";
  return `${papersLess(docs.trim())}\n${declare}${papersLess(kind)}`.trim();
}

function papersLess(text: string): string {
  const shown = text.replace(/(?:\s*\*)?\s*\* @example[^]*?(?=\s*\*\/)/g, (example) => {
    return /from "\.{1,2}\//.test(example) ? "" : example; // one for who has the source
  });
  return shown.replace(/\s\((?:seed \d+|(?:spec: )?\w+\.md)[^)]*\)/g, "");
}
