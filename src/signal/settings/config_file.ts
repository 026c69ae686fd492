import { parseToml, TomlError } from "../../base/mod.ts";
import { tomlLines, unknownKeys } from "../../pod/mod.ts";
import { configDocument } from "./settings_schema.ts";
import { SettingsError } from "./settings_error.ts";
import { type SettingPath, type Source, tail } from "./source.ts";

/** The most characters of a configuration file: many times what it can use. */
const MAX_CHARS = 256 * 1024;

/** A configuration file's settings, and the keys in it that nobody reads. */
export interface ConfigFile extends Source {
  /** A line each, with the name that was probably meant. */
  readonly unknown: readonly string[];
}

/**
 * The settings of a configuration file (TOML). Values are not looked at yet; that is for where all
 * sources are put together.
 *
 * Throws {@linkcode SettingsError} for a text that is not TOML.
 *
 * @param file how messages name it
 */
export function configFile(text: string, file: string): ConfigFile {
  const toml = text.replace(/^\ufeff/, ""); // some editors begin a file with a byte order mark
  const values = parse(toml, file);
  const lines = tomlLines(toml);
  const place = (path: SettingPath) => `${file}:${lines.lineOf(path)}: ${tail(path).slice(1)}`;
  const unknown = unknownKeys(configDocument, values).map(({ path, known, hint }) =>
    `${place(path)}: found an unknown key, expected one of ${known.join(", ")}${
      hint === undefined ? "" : ` (${hint})`
    }`
  );
  return { values, place, unknown };
}

function parse(toml: string, file: string): Readonly<Record<string, unknown>> {
  if (toml.length > MAX_CHARS) {
    throw new SettingsError([
      `${file}: found ${toml.length} characters, expected at most ${MAX_CHARS}`,
    ]);
  }
  try {
    return parseToml(toml);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const reason = cause.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "");
    const place = `${file}:${cause.line}:${cause.column}`;
    throw new SettingsError([`${place}: found text that is not TOML: ${reason}`], { cause });
  }
}
