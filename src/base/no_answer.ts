import { errorMessage } from "./coded_error.ts";

/** Why a request came to nothing. */
export interface NoAnswer {
  /** What happened, as the end of a sentence: "there is no host of that name". */
  readonly why: string;
  /** What to do about it, as a sentence of its own begins after a semicolon: "check the address". */
  readonly todo: string;
}

/**
 * What the words of the platform mean. They are the words of hyper, of rustls and of the operating
 * systems, which every version of Deno puts together in its own way.
 */
const MEANINGS: readonly (NoAnswer & { readonly words: RegExp })[] = [
  {
    words: /connection refused|actively refused|os error (?:111|61|10061)\b/i,
    why: "nothing answers there (connection refused)",
    todo: "see whether it runs, and check the address and its port",
  },
  {
    words: /dns error|lookup address|no such host|name or service not known/i,
    why: "there is no host of that name",
    todo: "check how it is written, and that this machine is online",
  },
  {
    words: /InvalidContentType|record overflow/i,
    why: "it does not speak TLS",
    todo: "check the port, or write http: instead of https:",
  },
  {
    words: /certificate|UnknownIssuer|CaUsedAsEndEntity|NotValidForName/i,
    why: "its certificate is not trusted here",
    todo: "check the address and its certificate; DENO_TLS_CA_STORE=system trusts what the " +
      "system does",
  },
  {
    words: /handshake|\btls\b|fatal alert/i,
    why: "no encrypted connection could be made",
    todo: "check the address and its certificate",
  },
  {
    words: /unreachable|no route to host/i,
    why: "no way leads there from this network",
    todo: "check the address and the network",
  },
  {
    words: /invalid HTTP|http2 error|parse/i,
    why: "it does not speak HTTP",
    todo: "check the address and its port",
  },
  {
    words: /connection reset|connection closed|closed before|broken pipe|unexpected eof/i,
    why: "it closed the connection without an answer",
    todo: "check the address, or try again",
  },
  {
    words: /reading a body/i,
    why: "its answer broke off",
    todo: "try again",
  },
  {
    words: /ports? \d+ (?:is|are) blocked/i,
    why: "nothing answers there (no program may ask that port)",
    todo: "check the address and its port",
  },
  {
    words: /redirect/i,
    why: "it sends requests elsewhere (a redirect)",
    todo: "name the address where it leads",
  },
];

/**
 * What a failed `fetch` means to a person, in short: its own message is long, another in each
 * release, and often only "fetch failed".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { noAnswer } from "./no_answer.ts";
 *
 * const cause = new Error("client error (Connect): dns error: failed to lookup address");
 * const { why } = noAnswer(new TypeError("fetch failed", { cause }));
 * assert.equal(why, "there is no host of that name");
 * ```
 */
export function noAnswer(error: unknown): NoAnswer {
  if (error instanceof DOMException) {
    return { why: "it did not answer in time", todo: "check the address, or try again" };
  }
  const words = wordsOf(error).replace(/\(?https?:\/\/\S+/gi, ""); // it may have a secret in it
  const known = MEANINGS.find((meaning) => meaning.words.test(words));
  if (known !== undefined) return { why: known.why, todo: known.todo };
  const last = words.split(": ").at(-1)?.trim();
  return { why: last || "it failed", todo: "check the address and the network" };
}

/** Everything that an error and its causes say, the innermost last. */
function wordsOf(error: unknown): string {
  const said: string[] = [];
  // Deeper than any chain of causes is; one may lead back to its beginning.
  for (let at = error; at !== undefined && said.length < 8;) {
    said.push(errorMessage(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return said.join(": ");
}
