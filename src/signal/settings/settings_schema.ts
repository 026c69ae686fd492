import * as z from "zod";
import { DEFAULT_LIMITS } from "../limits.ts";
import { isProxyRange } from "../proxy/trusted_proxies.ts";

/**
 * The schema of a broker's settings, as a configuration file writes them. Every message is the
 * phrase after "expected".
 */

/** The longest that a rendezvous may be given: an hour is many times what the slowest needs. */
const MAX_LIFETIME_S = 3600;

/** The most of anything that is counted; far above any use, and exact as a number. */
const MAX_COUNT = 1_000_000_000;

const expected = (phrase: string) => ({ error: phrase });

function whole(least: number, most: number, what: string) {
  const phrase = `${what}, a whole number from ${least} to ${most}`;
  return z.int(expected(phrase)).min(least, expected(phrase)).max(most, expected(phrase))
    .optional();
}

function filled(phrase: string) {
  return z.string(expected(phrase)).trim().min(1, expected(phrase)).optional();
}

function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, expected(words.map((word) => `"${word}"`).join(" or "))).optional();
}

const BUS_PHRASE = "addresses as nats://host:4222 or tls://host:4222, several with commas";
const PROXY_PHRASE = 'an address, a network such as "10.0.0.0/8", "loopback" or "private"';
const PROXIES_PHRASE = `true, false, or a list; of each of its entries: ${PROXY_PHRASE}`;

const proxies = z.unknown().superRefine((value, context) => {
  if (typeof value === "boolean") return;
  if (!Array.isArray(value)) return context.addIssue({ code: "custom", message: PROXIES_PHRASE });
  value.forEach((entry: unknown, index) => {
    if (typeof entry === "string" && isProxyRange(entry)) return;
    context.addIssue({ code: "custom", message: PROXY_PHRASE, path: [index] });
  });
}).transform((value) => {
  // What the refinement let through: a boolean, or a list of texts.
  return value as boolean | string[];
}).optional();

/** `[limits]`, each by its name. */
export const limitsTable = z.object({
  message_bytes: whole(1024, DEFAULT_LIMITS.messageBytes, "bytes of one message"),
  sdp_bytes: whole(1024, DEFAULT_LIMITS.sdpBytes, "bytes of one SDP"),
  candidates_per_session: whole(
    1,
    DEFAULT_LIMITS.candidatesPerSession,
    "candidates of each side of a session",
  ),
  sessions_per_minute: whole(1, MAX_COUNT, "new sessions a minute from one address"),
  uploads_per_hour: whole(1, MAX_COUNT, "uploads an hour from one address"),
  uploads_at_once: whole(1, MAX_COUNT, "uploads at once from one address"),
  session_lifetime_s: whole(1, MAX_LIFETIME_S, "seconds for a rendezvous to finish"),
  pods_per_socket: whole(1, MAX_COUNT, "pods that one socket may register"),
  sockets: whole(1, MAX_COUNT, "sockets at once"),
  sockets_per_address: whole(1, MAX_COUNT, "sockets at once from one address"),
  unsent_bytes: whole(1024, MAX_COUNT, "bytes that may wait for one socket"),
}, expected('"on", "off", or a table of limits'));

const shape = {
  host: filled("an address to listen on, as 0.0.0.0"),
  port: whole(0, 65_535, "a port"),
  data_dir: filled("the path of a folder"),
  bus: z.string(expected(BUS_PHRASE)).refine(isBus, expected(BUS_PHRASE)).optional(),
  trust_proxy: proxies,
  trust_runtimes: filled("the path of a file"),
  isolation: oneOf(["on", "off"]),
  log: oneOf(["text", "json"]),
  log_addresses: z.boolean(expected("true or false")).optional(),
};

/** All but the limits, of which every source may name others. */
export const settingsTable = z.object(shape);

/** The whole file, for the names that it may have. */
export const configDocument = z.object({ ...shape, limits: limitsTable.optional() });

/** `limits` as a word. */
export const limitsWord = oneOf(["on", "off"]).unwrap();

function isBus(text: string): boolean {
  return text.split(",").every((part) => {
    const url = URL.parse(part.trim());
    return url !== null && url.hostname !== "" && ["nats:", "tls:"].includes(url.protocol);
  });
}
