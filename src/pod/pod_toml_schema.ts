import * as z from "zod";
import { FALLBACK_TIERS, type JsonValue } from "./manifest.ts";
import { isPodId, MAX_POD_ID_CHARS } from "./pod_id.ts";
import { isJson, isUrl } from "./shape.ts";

/**
 * The schema of `pod.toml` (manifest.md). Every message is the phrase after "expected" in an issue.
 *
 * What concerns two keys at once is in `pod_toml_rules.ts`, so that it is said together with what
 * concerns one.
 */

/** The longest text that a person reads in a list or on a button, in characters. */
const MAX_LABEL_CHARS = 200;

/** The longest name of a tool: what OpenAI-compatible endpoints take. */
const MAX_TOOL_NAME_CHARS = 64;

/** The most of anything that is counted; far above any use, and exact as a number. */
const MAX_COUNT = 1_000_000;

const expected = (phrase: string) => ({ error: phrase });

const filled = (phrase: string) =>
  z.string(expected(phrase)).refine((text) => text.trim() !== "", expected(phrase));
const word = filled("text that is not empty");
const label = (phrase: string) =>
  filled(phrase).max(MAX_LABEL_CHARS, expected(`${phrase}, at most ${MAX_LABEL_CHARS} characters`));
const boolean = z.boolean(expected("true or false"));
const words = z.array(word, expected("a list of texts"));

function whole(least: number) {
  const phrase = `a whole number from ${least} to ${MAX_COUNT}`;
  return z.int(expected(phrase)).min(least, expected(phrase)).max(MAX_COUNT, expected(phrase));
}

function urlOf(...schemes: string[]) {
  const phrase = `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
  return z.string(expected(phrase)).refine((text) => isUrl(text, schemes), expected(phrase));
}

const podId = () => {
  const phrase = `1 to ${MAX_POD_ID_CHARS} of A-Z a-z 0-9 _ - . that do not begin with a dot`;
  return z.string(expected(phrase)).refine(isPodId, expected(phrase));
};

const TRANSPORT_PHRASE = '"dartc", "fallback" or "direct"';

const fallbackModel = z.object({
  id: word,
  label: label("text that is not empty"),
  sizeMB: z.number(expected("megabytes, a number above 0")).positive(
    expected("megabytes, a number above 0"),
  ),
}, expected("a table of id, label and sizeMB"));

const JSON_PHRASE = "a value that JSON has (no date, nan or inf), at most 32 deep";

const event = z.object({
  name: word,
  value: z.custom<JsonValue>((value) => isJson(value), expected(JSON_PHRASE)).optional(),
}, expected("a table of name and value"));

const events = z.array(event, expected("a list of {name, value}")).optional();

const TOOL_PHRASE = `1 to ${MAX_TOOL_NAME_CHARS} of A-Z a-z 0-9 _ - .`;

const tool = z.object({
  name: z.string(expected(TOOL_PHRASE)).regex(/^[A-Za-z0-9_.-]{1,64}$/, expected(TOOL_PHRASE)),
  description: filled("text that says when the model should use the tool"),
}, expected("a [[tools]] table of name and description"));

const ACCENT_PHRASE = "a CSS colour, as #2a6f4e or oklch(0.6 0.1 160)";
/** Letters, digits and what colour functions need; nothing that ends a declaration. */
const ACCENT = /^(#[0-9A-Fa-f]{3,8}|[A-Za-z]+|[a-z]+\([0-9a-z%.,/ +-]*\))$/;

const ENTRY_PHRASE = "the path of a .js file inside the pod's folder, with forward slashes";

const KEEP_ALIVE_PHRASE = 'a duration as "5m", or a number of seconds';

/** The schema itself; the unknown keys are found by walking it. */
export const podTomlSchema = z.object({
  name: label("the pod's display name"),
  id: podId().optional(),
  persona: z.string(expected("text")).default(""),
  system_prompt: filled("text: what the model is told before every conversation"),
  model: word.optional(),
  llm: z.object({
    provider: word.optional(),
    provider_url: urlOf("http", "https").optional(),
    model: word.optional(),
    models: words.optional(),
    temperature: z.number(expected("a number from 0 to 2")).min(0, expected("a number from 0 to 2"))
      .max(2, expected("a number from 0 to 2")).optional(),
    max_tokens: whole(1).optional(),
    context: whole(1).optional(),
    keep_alive: z.union([word, z.number()], expected(KEEP_ALIVE_PHRASE)).optional(),
  }, expected("a table")).optional(),
  owner: z.object({
    pubkey: z.string(expected("64 hex digits")).regex(
      /^[0-9A-Fa-f]{64}$/,
      expected("64 hex digits"),
    )
      .toLowerCase().optional(),
  }, expected("a table")).optional(),
  transport: z.object({
    preferred: z.array(
      z.enum(["dartc", "webrtc", "fallback", "direct"], expected(TRANSPORT_PHRASE)),
      expected(`a list of ${TRANSPORT_PHRASE}`),
    ).optional(),
    dartc: dartc().optional(),
    webrtc: dartc().optional(),
    fallback: z.object({
      tier: z.enum(FALLBACK_TIERS, expected('"e2b" or "e4b"')).optional(),
      model: word.optional(),
      models: z.array(fallbackModel, expected("a list of {id, label, sizeMB}")).optional(),
    }, expected("a table")).optional(),
    direct: z.object({ base_url: urlOf("http", "https") }, expected("a table")).optional(),
  }, expected("a table with at least one of dartc, fallback and direct")),
  tools: z.array(tool, expected("[[tools]] tables of name and description")).default([]),
  events: z.object({
    on_run_started: events,
    on_run_finished: events,
    enable_tools: words.optional(),
  }, expected("a table")).optional(),
  capabilities: z.array(
    z.object({
      name: word,
      required: boolean.optional(),
      risk: z.enum(["low", "medium", "high"], expected('"low", "medium" or "high"')).optional(),
    }, expected("a [[capabilities]] table of name")),
    expected("[[capabilities]] tables"),
  ).optional(),
  ui: z.object({
    entry: z.string(expected(ENTRY_PHRASE)).refine(isInsidePath, expected(ENTRY_PHRASE)).optional(),
    mode: word.optional(),
    title: label("text that is not empty").optional(),
    greeting: filled("text that is not empty").optional(),
    starters: z.array(label("text that is not empty"), expected("a list of texts")).optional(),
    accent: z.string(expected(ACCENT_PHRASE)).regex(ACCENT, expected(ACCENT_PHRASE)).optional(),
    launcher: boolean.optional(),
  }, expected("a table")).optional(),
  limits: z.object({
    runs_at_once: whole(1).optional(),
    queue: whole(0).optional(),
    messages_per_conversation_day: whole(1).optional(),
    max_question_chars: whole(1).optional(),
  }, expected("a table")).optional(),
});

function dartc() {
  return z.object({
    signal_url: urlOf("ws", "wss", "http", "https").optional(),
    pod_id: podId(),
    require_proof: boolean.optional(),
    relay: boolean.optional(),
  }, expected("a table"));
}

/** A relative path of plain names: nothing outside, nothing hidden, the same on every system. */
function isInsidePath(path: string): boolean {
  return path.endsWith(".js") &&
    path.split("/").every((part) => /^[A-Za-z0-9_-][A-Za-z0-9_. -]*$/.test(part));
}

/** A document that the schema has accepted. */
export type PodTomlDocument = z.output<typeof podTomlSchema>;
