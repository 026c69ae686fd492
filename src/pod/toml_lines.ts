/** The way from a TOML document's root to a value: keys, and indices in arrays. */
export type TomlPath = readonly (string | number)[];

/** Says on which line something stands. */
export interface TomlLines {
  /**
   * The line, from 1, on which `path` is written; where it is not, that of the nearest table around
   * it, and 1 for the root.
   */
  lineOf(path: TomlPath): number;
}

/**
 * Finds the lines of a TOML document's keys and values, which the TOML library does not give.
 *
 * It expects a document that the library has accepted: it reads just enough of the grammar (TOML
 * 1.0) to know where keys begin, and checks nothing. Of any other text it finds less, in linear
 * time, without throwing.
 *
 * @example
 * ```ts
 * import { tomlLines } from "./toml_lines.ts";
 *
 * const lines = tomlLines('name = "x"\n[[tools]]\nname = "a"\n[[tools]]\nname = "b"\n');
 * if (lines.lineOf(["tools", 1, "name"]) !== 5) throw new Error("not found");
 * if (lines.lineOf(["tools", 1, "description"]) !== 4) throw new Error("not the table's");
 * ```
 */
export function tomlLines(toml: string): TomlLines {
  const lines = new Scanner(toml).scan();
  return {
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = lines.get(nameOf(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

/** How deep inline values are followed; the library refuses deeper ones. */
const MAX_DEPTH = 1000;

/** The longest path that is remembered: twice what pod.toml has, and bounded memory for any text. */
const MAX_REMEMBERED = 16;

function inside(path: TomlPath, step: string | number): TomlPath {
  return path.length < MAX_REMEMBERED ? [...path, step] : path;
}

function nameOf(path: TomlPath): string {
  return JSON.stringify(path);
}

/** A cursor over the text; it owns the position and what was found so far. */
class Scanner {
  readonly #toml: string;
  readonly #lines = new Map<string, number>();
  /** How many tables each array of tables has so far. */
  readonly #tables = new Map<string, number>();
  #at = 0;
  #line = 1;

  constructor(toml: string) {
    this.#toml = toml;
  }

  scan(): ReadonlyMap<string, number> {
    let table: TomlPath = [];
    while (this.#skipBlank("\n")) {
      if (this.#peek() === "[") table = this.#header();
      else this.#pair(table, 0);
      this.#skipLine(); // a comment, or what is not TOML
    }
    return this.#lines;
  }

  /** `[a.b]` or `[[a.b]]`; gives the path of the table that it opens. */
  #header(): TomlPath {
    const line = this.#line;
    const isArray = this.#toml.startsWith("[[", this.#at);
    this.#at += isArray ? 2 : 1;
    const keys = this.#keys();
    let path: TomlPath = [];
    keys.forEach((key, index) => {
      path = inside(path, key);
      const name = nameOf(path);
      this.#found(name, line);
      const count = this.#tables.get(name);
      if (isArray && index === keys.length - 1) {
        this.#tables.set(name, (count ?? 0) + 1);
        path = inside(path, count ?? 0);
      } else if (count !== undefined) {
        path = inside(path, count - 1); // `[a.b]` speaks of the newest table of `[[a]]`
      }
      this.#found(nameOf(path), line);
    });
    return path;
  }

  /** `a.b = value` inside the table at `table`. */
  #pair(table: TomlPath, depth: number): void {
    const line = this.#line;
    let path = table;
    for (const key of this.#keys()) {
      path = inside(path, key);
      this.#found(nameOf(path), line);
    }
    this.#skipBlank("");
    if (this.#peek() !== "=") return;
    this.#at++;
    this.#skipBlank("");
    this.#value(path, depth);
  }

  #value(path: TomlPath, depth: number): void {
    const first = this.#peek();
    if (first === '"' || first === "'") this.#string();
    else if ((first === "[" || first === "{") && depth < MAX_DEPTH) this.#inline(path, depth + 1);
    else this.#skipWhile((character) => !",]}#\n".includes(character));
  }

  /** An array or an inline table. */
  #inline(path: TomlPath, depth: number): void {
    const end = this.#peek() === "[" ? "]" : "}";
    this.#at++;
    for (let index = 0; this.#skipBlank("\n,"); index++) {
      if (this.#peek() === end) {
        this.#at++;
        return;
      }
      const before = this.#at;
      if (end === "}") {
        this.#pair(path, depth);
      } else {
        const item = inside(path, index);
        this.#found(nameOf(item), this.#line);
        this.#value(item, depth);
      }
      if (this.#at === before) return; // not TOML: leave it rather than stand still
    }
  }

  /** Dotted keys, bare or quoted. */
  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#skipBlank("");
      const first = this.#peek();
      if (first === '"' || first === "'") {
        keys.push(this.#string());
      } else {
        const from = this.#at;
        this.#skipWhile((character) => /[A-Za-z0-9_-]/.test(character));
        keys.push(this.#toml.slice(from, this.#at));
      }
      this.#skipBlank("");
    } while (this.#peek() === "." && ++this.#at);
    return keys;
  }

  /** Any of the four kinds of string; gives what it says, where it is a basic or literal one. */
  #string(): string {
    const quote = this.#peek();
    const long = quote.repeat(3);
    const from = this.#at;
    const isLong = this.#toml.startsWith(long, from);
    this.#at += isLong ? 3 : 1;
    while (this.#at < this.#toml.length) {
      const character = this.#peek();
      if (character === "\\" && quote === '"') {
        this.#step();
      } else if (isLong ? this.#toml.startsWith(long, this.#at) : character === quote) {
        break;
      } else if (!isLong && character === "\n") {
        return ""; // not TOML
      }
      this.#step();
    }
    this.#at += isLong ? 3 : 1;
    // `""""` ends a string with one quote inside it, at most two.
    while (isLong && this.#peek() === quote) this.#at++;
    const written = this.#toml.slice(from + 1, this.#at - 1);
    return quote === '"' && !isLong ? unescape(written) : written;
  }

  #found(name: string, line: number): void {
    if (!this.#lines.has(name)) this.#lines.set(name, line);
  }

  #peek(): string {
    return this.#toml.charAt(this.#at);
  }

  #step(): void {
    if (this.#peek() === "\n") this.#line++;
    this.#at++;
  }

  #skipWhile(test: (character: string) => boolean): void {
    while (this.#at < this.#toml.length && test(this.#peek())) this.#step();
  }

  #skipLine(): void {
    this.#skipWhile((character) => character !== "\n");
  }

  /** Skips white space and `also`; where that has line ends, comments too. False at the end. */
  #skipBlank(also: string): boolean {
    const blank = ` \t\r${also}`;
    this.#skipWhile((character) => blank.includes(character));
    while (also !== "" && this.#peek() === "#") {
      this.#skipLine();
      this.#skipWhile((character) => blank.includes(character));
    }
    return this.#at < this.#toml.length;
  }
}

/** The text of a basic string's escapes, of which `\U` and `\e` alone are not JSON's. */
function unescape(written: string): string {
  return written.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g, (...match) => {
    const [all, short, long, letter]: (string | undefined)[] = match;
    const code = short ?? long;
    if (code !== undefined) {
      const point = parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : "";
    }
    return ESCAPES[letter ?? ""] ?? letter ?? all ?? "";
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\u001b",
};
