/** What a property list may hold, as far as ours do. */
export type PlistValue = string | number | boolean | PlistValue[] | { [key: string]: PlistValue };

/** A tag, or the text before one. */
const TOKEN = /<(\/?)([A-Za-z]+)(?: [^<>]*?)?(\/?)>|([^<]+)/y;

/** Reads an XML property list. Throws where it is not well-formed, or holds what is not expected. */
export function parsePlist(xml: string): PlistValue {
  const text = xml.replace(/^<\?xml [^?]*\?>\s*/, "").replace(/<!DOCTYPE [^>]*>/, "")
    .replace(/<!--(?:(?!--)[^])*-->/g, "");
  const tokens = tokensOf(text);
  const [root, end] = [element(), tokens.next().value];
  if (end !== undefined) throw new SyntaxError(`after the root: ${JSON.stringify(end)}`);
  return root;

  function take(): Token {
    const { value } = tokens.next();
    if (value === undefined) throw new SyntaxError("it ends too early");
    return value;
  }

  function element(): PlistValue {
    const token = take();
    if (token.kind !== "open") throw new SyntaxError(`expected an element: ${token.text}`);
    return content(token.text);
  }

  function content(name: string): PlistValue {
    switch (name) {
      case "true":
      case "false":
        close(name);
        return name === "true";
      case "string":
      case "key":
      case "integer": {
        const token = take();
        const value = token.kind === "text" ? unescaped(token.text) : "";
        if (token.kind === "text") close(name);
        else if (token.kind !== "close" || token.text !== name) throw new SyntaxError(token.text);
        return name === "integer" ? Number(value) : value;
      }
      case "array":
      case "plist":
      case "dict": {
        const values: PlistValue[] = [];
        for (;;) {
          const token = take();
          if (token.kind === "close") {
            if (token.text !== name) throw new SyntaxError(`</${token.text}> closes <${name}>`);
            break;
          }
          if (token.kind === "text") throw new SyntaxError(`a stray ${JSON.stringify(token.text)}`);
          values.push(content(token.text));
        }
        if (name === "array") return values;
        if (name === "plist") return values[0] ?? {};
        const keys = values.filter((_, index) => index % 2 === 0).map(String);
        return Object.fromEntries(keys.map((key, index) => [key, values[2 * index + 1] ?? ""]));
      }
    }
    throw new SyntaxError(`<${name}> is not expected`);
  }

  function close(name: string): void {
    const token = take();
    if (token.kind !== "close" || token.text !== name) {
      throw new SyntaxError(`<${name}> is not closed`);
    }
  }
}

interface Token {
  kind: "open" | "close" | "text";
  text: string;
}

function* tokensOf(text: string): Generator<Token, undefined> {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [whole, slash, name = "", empty, between] = TOKEN.exec(text) ?? [];
    if (whole === undefined) throw new SyntaxError(`not XML: ${text.slice(at, at + 40)}`);
    if (between !== undefined) {
      if (between.trim() !== "") yield { kind: "text", text: between };
      continue;
    }
    yield { kind: slash === "/" ? "close" : "open", text: name };
    if (empty === "/") yield { kind: "close", text: name };
  }
  return undefined;
}

function unescaped(text: string): string {
  if (/&(?!#\d+;|amp;|lt;|gt;|quot;|apos;)/.test(text)) {
    throw new SyntaxError(`a bare & in ${text}`);
  }
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
