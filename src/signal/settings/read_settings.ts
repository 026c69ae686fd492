import { errorMessage } from "../../base/mod.ts";
import { configFile } from "./config_file.ts";
import { variableOf } from "./setting.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { SettingsError } from "./settings_error.ts";
import { environmentSource, flagSource } from "./source.ts";

/**
 * The settings of a broker: flags, then the environment, then the file that either of them names,
 * then defaults.
 *
 * Rejects with {@linkcode SettingsError}.
 *
 * @param options what commander has read
 */
export async function readSettings(options: Readonly<Record<string, unknown>>): Promise<Settings> {
  const environment = (name: string) => Deno.env.get(name);
  const flags = flagSource(options);
  const variables = environmentSource(environment);
  const file = typeof options["config"] === "string"
    ? options["config"]
    : environment(variableOf("config"));
  if (file === undefined || file === "") return settingsOf([flags, variables]);
  return settingsOf([flags, variables, configFile(await readText(file), file)]);
}

async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    throw new SettingsError([
      `--config ${file}: found no file that can be read (${errorMessage(cause)}), expected TOML`,
    ], { cause });
  }
}
