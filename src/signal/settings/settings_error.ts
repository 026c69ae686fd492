import { CodedError } from "../../base/mod.ts";

/**
 * Settings that a broker cannot start with. `code` is `bad_settings`; the message is for the
 * operator, and holds everything that is wrong, one line each.
 */
export class SettingsError extends CodedError {
  override readonly name: string = "SettingsError";
  /** At least one. */
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[], options: { cause?: unknown } = {}) {
    const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
    const lines = mistakes.map((mistake) => `  ${mistake}`).join("\n");
    super("bad_settings", `Cannot start: ${count} in the settings\n${lines}`, options);
    this.mistakes = mistakes;
  }
}
