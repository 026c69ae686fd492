import { isObject, isString } from "../../src/base/mod.ts";
import type { PodConfig } from "../../src/pod/mod.ts";
import type { CapabilityContext } from "../../src/runtime/mod.ts";
import { badInput, fieldOf, MAX_TEXT, optionalText, textOf } from "./fields.ts";

/** How long a request may take, answer and all, in milliseconds: somebody waits for it. */
const LIMIT_MS = 15_000;

/** A host is named in a capability's name, lower-case, as `network.fetch:api.example`. */
const PREFIX = "network.fetch:";

/** What comes of `network.fetch`. */
export interface FetchedText {
  readonly status: number;
  /** Its `content-type`. */
  readonly type: string;
  readonly text: string;
}

/**
 * `network.fetch`: `{url, method?, headers?, body?}`, to hosts that the manifest names: in a
 * capability's name (`network.fetch:api.example`) or in the address of a transport. Without cookies
 * and referrer, over https (or to this machine), following no redirect, a megabyte at most.
 */
export async function networkFetch(
  input: unknown,
  { config }: Pick<CapabilityContext, "config">,
): Promise<FetchedText> {
  const address = textOf(input, "url", 4_000);
  const url = parsed(address);
  if (url === undefined || !hostsOf(config).includes(url.host)) {
    throw badInput(`The pod's manifest does not name the host of ${address}`);
  }
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere)) {
    throw badInput("url must begin with https://");
  }
  const headers = fieldOf(input, "headers") ?? {};
  if (!isTexts(headers)) throw badInput("headers must be texts by name");
  const response = await fetch(url, {
    method: optionalText(input, "method", 10) ?? "GET",
    headers,
    body: optionalText(input, "body") ?? null,
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    text: await limitedText(response.body),
  };
}

/** The hosts, with their ports, that a pod's manifest names. */
function hostsOf({ capabilities = [], transport }: PodConfig): string[] {
  const named = capabilities.filter(({ name }) => name.startsWith(PREFIX))
    .map(({ name }) => name.slice(PREFIX.length));
  const addresses = [transport.dartc?.signalUrl, transport.direct?.baseUrl];
  return [...named, ...addresses.map((address) => parsed(address ?? "")?.host ?? "")];
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every(isString);
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

async function limitedText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) break;
    if (text.length <= MAX_TEXT) continue;
    await reader.cancel();
    throw badInput(`The answer is longer than ${MAX_TEXT} characters`);
  }
  return text;
}
