import { CodedError } from "./coded_error.ts";

/** Hosts as they are after `URL` has read them: names, and addresses of either kind. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\])$/;

/** A scheme, or what reads like one: `localhost:11434` has none. */
const SCHEME = /^([^/?#[]*?):(?!\d+(?:[/?#]|$))/;

/** A name and a password before a host, which begin like a scheme. */
const USER = /^(?!https?:)[^/?#]*@/i;

/** A path, or a port alone: `URL` would make a host of either. */
const NO_HOST = /^(?:\/|\d+$)/;

/** Longer than any address that somebody meant, in characters. */
const MAX_CHARS = 2_048;

/**
 * An address over HTTP as people write it, the scheme left out or not.
 *
 * Throws {@linkcode CodedError} `bad_address` for one that no request could be sent to: another
 * scheme, no host. Its message is the end of a sentence, and does not repeat the address, in which a
 * name and password may stand.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { httpAddress } from "./http_address.ts";
 *
 * assert.equal(httpAddress("localhost:11434").href, "http://localhost:11434/");
 * assert.throws(() => httpAddress("ht!tp:"), /it is no address/);
 * ```
 */
export function httpAddress(text: string): URL {
  const [, scheme] = SCHEME.exec(text) ?? [];
  const isHttp = /^https?:\/\/(?!\/)/i.test(text);
  if (scheme !== undefined && !isHttp && !USER.test(text)) {
    throw refusal(
      /^(?!https?$)[a-z][a-z0-9+.-]*$/i.test(scheme) && text.includes("://")
        ? `${scheme}: is not http: or https:`
        : "it is no address",
    );
  }
  const isNone = NO_HOST.test(text) || text.length > MAX_CHARS || /\s/.test(text);
  const url = isNone ? null : URL.parse(isHttp ? text : `http://${text}`);
  if (url === null || !HOST.test(url.hostname)) {
    throw refusal("it is no address");
  }
  return url;
}

function refusal(why: string): CodedError {
  return new CodedError("bad_address", why);
}
