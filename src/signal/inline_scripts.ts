/** Where a script's text lies in the bytes of a page. */
export interface ScriptSpan {
  readonly start: number;
  readonly end: number;
}

/** More scripts than any packed page has. */
const MAX_SCRIPTS = 16;

/** More of `<` outside of scripts than any packed page has: what follows is not looked at. */
const MAX_TAGS = 10_000;

/**
 * What a page may consist of beside its scripts: elements that neither run nor load anything, hold
 * no document of their own (`iframe srcdoc` shares the origin and the policy of its page, and hides
 * a script in an attribute) and do not change how the text after them is parsed (`svg`, `select`,
 * `template` and `frameset` do).
 */
const PLAIN_ELEMENTS: ReadonlySet<string> = new Set(
  ("a article aside b body br code div em footer h1 h2 h3 h4 h5 h6 head header hr html i img li " +
    "link main meta nav noscript ol p pre script section small span strong style title ul")
    .split(" "),
);

/** Elements whose content is text to a browser that runs scripts, up to their end tag. */
const TEXT_ELEMENTS: ReadonlySet<string> = new Set(["noscript", "script", "style", "title"]);

/**
 * The scripts that a browser runs of a page, in order; undefined where a page is not plainly made of
 * {@linkcode PLAIN_ELEMENTS} and of scripts that are inline and without attributes.
 *
 * A tokenizer of the HTML standard (13.2.5) that gives up wherever a browser would have to recover:
 * what it returns is what every browser finds. It takes the bytes of a page in UTF-8, and reads each
 * of them once.
 */
export function inlineScripts(html: Uint8Array): ScriptSpan[] | undefined {
  const scripts: ScriptSpan[] = [];
  let tags = 0;
  for (let at = html.indexOf(LESS, 0); at !== -1; at = html.indexOf(LESS, at)) {
    if (++tags > MAX_TAGS) return undefined;
    const next = html[at + 1] ?? 0;
    if (next === EXCLAMATION) {
      const end = declarationEnd(html, at + 2);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (next === QUESTION) return undefined; // a comment by recovery
    const isEndTag = next === SLASH;
    const start = isEndTag ? at + 2 : at + 1;
    if (!isLetter(html[start] ?? 0)) {
      if (isEndTag) return undefined;
      at++; // a plain character
      continue;
    }
    const name = nameAt(html, start);
    if (name === undefined || !PLAIN_ELEMENTS.has(name)) return undefined;
    const tagEnd = endOfTag(html, start + name.length);
    if (tagEnd === undefined) return undefined;
    at = tagEnd;
    if (isEndTag || !TEXT_ELEMENTS.has(name)) continue;
    const textEnd = endOfText(html, tagEnd, name);
    if (textEnd === undefined) return undefined;
    if (name === "script") {
      const isBare = tagEnd === start + "script>".length;
      if (!isBare || scripts.length === MAX_SCRIPTS) return undefined;
      scripts.push({ start: tagEnd, end: textEnd });
    }
    at = textEnd;
  }
  return scripts;
}

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const DASH = 0x2d;
const EQUALS = 0x3d;
const DOUBLE = 0x22;
const SINGLE = 0x27;

/** Longer than the name of any plain element. */
const MAX_NAME = 16;

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Tab, line feed, form feed, carriage return (a line feed by the time that it is parsed), space. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d;
}

/** The name of a tag in lower case; undefined where it is too long to be one that we know. */
function nameAt(html: Uint8Array, start: number): string | undefined {
  for (let end = start; end - start <= MAX_NAME; end++) {
    const byte = html[end];
    if (byte === undefined) return undefined;
    if (isSpace(byte) || byte === SLASH || byte === GREATER) {
      return String.fromCharCode(...html.subarray(start, end)).toLowerCase();
    }
    if (byte >= 0x80) return undefined;
  }
  return undefined;
}

/**
 * Where the attributes of a tag and the tag itself end. Undefined for what a browser has to recover
 * from: a tag that does not end, quotes in names and in values without quotes.
 */
function endOfTag(html: Uint8Array, from: number): number | undefined {
  let at = from;
  for (;;) {
    at = skipSpace(html, at);
    let byte = html[at];
    if (byte === undefined) return undefined;
    if (byte === GREATER) return at + 1;
    if (byte === SLASH) {
      at++;
      continue;
    }
    const nameStart = at;
    for (; byte !== undefined && isNameByte(byte); byte = html[++at]);
    if (at === nameStart) return undefined;
    const afterName = skipSpace(html, at);
    if (html[afterName] !== EQUALS) continue;
    at = skipSpace(html, afterName + 1);
    const quote = html[at];
    if (quote === DOUBLE || quote === SINGLE) {
      const end = html.indexOf(quote, at + 1);
      if (end === -1) return undefined;
      at = end + 1;
      continue;
    }
    const valueStart = at;
    byte = html[at];
    // As in a name, but for a slash, which is part of such a value.
    for (; byte !== undefined && (isNameByte(byte) || byte === SLASH); byte = html[++at]);
    if (at === valueStart) return undefined;
  }
}

/** A byte that an attribute's name, or its value without quotes, has without an error. */
function isNameByte(byte: number): boolean {
  return !isSpace(byte) && byte !== SLASH && byte !== GREATER && byte !== EQUALS &&
    byte !== DOUBLE && byte !== SINGLE && byte !== LESS && byte !== 0x60 && byte !== 0;
}

function skipSpace(html: Uint8Array, at: number): number {
  while (isSpace(html[at] ?? 0)) at++;
  return at;
}

/** Where `<!…` ends that begins before `from`: a doctype, or a comment without peculiarities. */
function declarationEnd(html: Uint8Array, from: number): number | undefined {
  if (html[from] !== DASH || html[from + 1] !== DASH) {
    const word = String.fromCharCode(...html.subarray(from, from + 7)).toLowerCase();
    const end = html.indexOf(GREATER, from);
    return word === "doctype" && end !== -1 ? end + 1 : undefined;
  }
  const start = from + 2;
  if (html[start] === GREATER || (html[start] === DASH && html[start + 1] === GREATER)) {
    return undefined; // ends at once, as an error
  }
  for (let at = start; at < html.length; at++) {
    if (html[at] !== DASH || html[at + 1] !== DASH) continue;
    if (html[at + 2] === GREATER) return at + 3;
    if (html[at + 2] === EXCLAMATION) return undefined; // `--!>` ends it too, as an error
  }
  return undefined;
}

/**
 * Where the text of an element ends: before its end tag. Undefined where there is none, and for a
 * script with `<!--`, behind which `</script` may not be its end (13.2.5.20).
 */
function endOfText(html: Uint8Array, from: number, name: string): number | undefined {
  for (let at = from; at < html.length; at++) {
    if (html[at] !== LESS) continue;
    if (html[at + 1] === SLASH) {
      if (isName(html, at + 2, name)) return at;
    } else if (name === "script" && html[at + 1] === EXCLAMATION && html[at + 2] === DASH) {
      if (html[at + 3] === DASH) return undefined;
    }
  }
  return undefined;
}

/** Whether just this name of a tag stands somewhere, in letters of either case. */
function isName(html: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    if (((html[at + i] ?? 0) | 0x20) !== name.charCodeAt(i)) return false;
  }
  const next = html[at + name.length] ?? 0;
  return isSpace(next) || next === SLASH || next === GREATER;
}
