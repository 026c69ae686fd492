import type { z } from "zod";
import { nearestName, shown } from "../../pod/mod.ts";
import { type BrokerLimits, DEFAULT_LIMITS, LIMITS_WITHOUT_ADDRESSES } from "../limits.ts";
import { USUAL_PROXIES } from "../proxy/trusted_proxies.ts";
import type { ConfigFile } from "./config_file.ts";
import { SettingsError } from "./settings_error.ts";
import { limitsTable, limitsWord, settingsTable } from "./settings_schema.ts";
import type { SettingPath, Source } from "./source.ts";

/** What an operator has set, with every default filled in. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir?: string;
  readonly bus?: string;
  /** Whose `X-Forwarded-…` headers count; nobody's where it is empty. */
  readonly trustProxy: readonly string[];
  /** A file of hashes. */
  readonly trustRuntimes?: string;
  readonly isolation: "on" | "off";
  readonly limits: BrokerLimits;
  /** Undefined: by where it goes. */
  readonly log?: "text" | "json";
  readonly logAddresses: boolean;
}

/**
 * Puts settings together: of each the one from the first source that has it, else its default.
 * Limits are put together name by name.
 *
 * Throws {@linkcode SettingsError} with everything that is wrong at once.
 *
 * @param sources the strongest first
 *
 * @example
 * ```ts
 * import { environmentSource, flagSource } from "./source.ts";
 * import { settingsOf } from "./settings.ts";
 *
 * const env = environmentSource((name) => ({ PORT: "9000" })[name]);
 * const { port, limits } = settingsOf([flagSource({ limits: "uploads_per_hour=5" }), env]);
 * if (port !== 9000 || limits.uploadsPerHour !== 5) throw new Error();
 * ```
 */
export function settingsOf(sources: readonly (Source | ConfigFile)[]): Settings {
  const mistakes = sources.flatMap((source) => "unknown" in source ? source.unknown : []);
  const values: Record<string, unknown> = {};
  const from = new Map<string, Source>();
  for (const source of sources) {
    for (const key of Object.keys(settingsTable.shape)) {
      if (from.has(key) || !Object.hasOwn(source.values, key)) continue;
      values[key] = source.values[key];
      from.set(key, source);
    }
  }
  const table = settingsTable.safeParse(values);
  for (const { path, message } of table.error?.issues ?? []) {
    const place = pathOf(path);
    const source = from.get(String(place[0]));
    if (source !== undefined) mistakes.push(mistakeOf(source, place, message));
  }

  let limits = DEFAULT_LIMITS;
  for (const source of [...sources].reverse()) {
    if (!Object.hasOwn(source.values, "limits")) continue;
    const { changed, wrong } = changeLimits(limits, source);
    limits = changed;
    mistakes.push(...wrong);
  }
  if (table.data === undefined || mistakes.length > 0) throw new SettingsError(mistakes);

  const { data_dir, bus, trust_proxy, trust_runtimes, log, ...rest } = table.data;
  return {
    host: rest.host ?? "127.0.0.1",
    port: rest.port ?? 8080,
    trustProxy: trust_proxy === true ? USUAL_PROXIES : trust_proxy || [],
    isolation: rest.isolation ?? "on",
    limits,
    logAddresses: rest.log_addresses ?? false,
    ...(data_dir === undefined ? {} : { dataDir: data_dir }),
    ...(bus === undefined ? {} : { bus }),
    ...(trust_runtimes === undefined ? {} : { trustRuntimes: trust_runtimes }),
    ...(log === undefined ? {} : { log }),
  };
}

/** What one source makes of the limits of those below it. */
function changeLimits(
  below: BrokerLimits,
  source: Source,
): { changed: BrokerLimits; wrong: readonly string[] } {
  const value = source.values["limits"];
  if (typeof value === "string") {
    const word = limitsWord.safeParse(value);
    if (word.success) {
      return {
        changed: word.data === "off" ? LIMITS_WITHOUT_ADDRESSES : DEFAULT_LIMITS,
        wrong: [],
      };
    }
    const message = `"on", "off", or limits as uploads_per_hour=100`;
    return { changed: below, wrong: [mistakeOf(source, ["limits"], message)] };
  }
  const table = limitsTable.strict().safeParse(value);
  if (table.success) return { changed: { ...below, ...changesOf(table.data) }, wrong: [] };
  const wrong = table.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? "unknown" in source ? [] : unknownLimits(source, issue.keys) // a file has named them
      : [mistakeOf(source, ["limits", ...pathOf(issue.path)], issue.message)]
  );
  return { changed: below, wrong };
}

function unknownLimits(source: Source, keys: readonly string[]): string[] {
  const known = Object.keys(limitsTable.shape);
  return keys.map((key) => {
    const near = nearestName(key, known);
    const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
    return `${source.place(["limits"])}: found an unknown limit ${shown(key)}, expected one of ${
      known.join(", ")
    }${hint}`;
  });
}

function changesOf(table: z.infer<typeof limitsTable>): Partial<BrokerLimits> {
  return {
    ...(table.message_bytes && { messageBytes: table.message_bytes }),
    ...(table.sdp_bytes && { sdpBytes: table.sdp_bytes }),
    ...(table.candidates_per_session && { candidatesPerSession: table.candidates_per_session }),
    ...(table.sessions_per_minute && { sessionsPerMinute: table.sessions_per_minute }),
    ...(table.uploads_per_hour && { uploadsPerHour: table.uploads_per_hour }),
    ...(table.uploads_at_once && { uploadsAtOnce: table.uploads_at_once }),
    ...(table.session_lifetime_s && { sessionLifetimeMs: table.session_lifetime_s * 1000 }),
    ...(table.pods_per_socket && { podsPerSocket: table.pods_per_socket }),
    ...(table.sockets && { sockets: table.sockets }),
    ...(table.sockets_per_address && { socketsPerAddress: table.sockets_per_address }),
    ...(table.unsent_bytes && { unsentBytes: table.unsent_bytes }),
  };
}

function mistakeOf(source: Source, path: SettingPath, expected: string): string {
  let found: unknown = source.values;
  for (const step of path) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined;
  }
  // The address of a bus may hold its password.
  const shownFound = path[0] === "bus" ? "something else" : shown(found);
  return `${source.place(path)}: found ${shownFound}, expected ${expected}`;
}

function pathOf(path: readonly PropertyKey[]): SettingPath {
  return path.map((step) => typeof step === "number" ? step : String(step));
}
