import { SETTINGS, variableOf } from "./setting.ts";

/** The way to a value: `["limits", "uploads_per_hour"]`. */
export type SettingPath = readonly (string | number)[];

/** Where settings come from. */
export interface Source {
  /** By key, as a configuration file would hold them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** How a message names a value's place: `--port`, `signal.toml:3: port`. */
  place(path: SettingPath): string;
}

/** What commander has read: its options by their names in camel case, those that were given. */
export function flagSource(options: Readonly<Record<string, unknown>>): Source {
  const values: Record<string, unknown> = {};
  for (const { key, fromText } of SETTINGS) {
    const value = options[key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())];
    if (value === undefined) continue;
    values[key] = typeof value === "string" && fromText !== undefined ? fromText(value) : value;
  }
  return {
    values,
    place: ([key = "", ...inside]) => named(`--${String(key).replaceAll("_", "-")}`, inside),
  };
}

/**
 * The environment. `PORT` is what platforms give a program; `GEMMAPOD_SIGNAL_PORT` wins over it.
 * An empty variable is one that is not set.
 */
export function environmentSource(read: (name: string) => string | undefined): Source {
  const values: Record<string, unknown> = {};
  const names = new Map<string, string>();
  for (const { key, fromText } of SETTINGS) {
    const candidates = key === "port" ? [variableOf(key), "PORT"] : [variableOf(key)];
    const name = candidates.find((candidate) => {
      const text = read(candidate);
      // Kubernetes gives every pod `<SERVICE>_PORT=tcp://…`, also for a service of our name.
      return text !== undefined && text !== "" && !text.startsWith("tcp://");
    });
    if (name === undefined) continue;
    const text = read(name) ?? "";
    values[key] = fromText === undefined ? text : fromText(text);
    names.set(key, name);
  }
  return {
    values,
    place: ([key = "", ...inside]) => named(names.get(String(key)) ?? String(key), inside),
  };
}

/** Of a text, only what has a name has a place: `--limits uploads_per_hour`. */
function named(name: string, inside: SettingPath): string {
  return [name, ...inside.filter((step) => typeof step === "string")].join(" ");
}

/** The inner part of a path, as people write it. */
export function tail(path: SettingPath): string {
  return path.map((step) => typeof step === "number" ? `[${step}]` : `.${step}`).join("");
}
