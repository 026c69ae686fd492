import plist from "./com.gemmapod.host.plist" with { type: "text" };
import ecosystem from "./ecosystem.config.cjs" with { type: "text" };
import unit from "./gemmapod.service" with { type: "text" };

/** What a service runs, and with what in its environment. */
export interface ServiceProgram {
  /** The program and its arguments; the program's path is absolute. */
  readonly argv: readonly string[];
  /** Beside what the service manager gives it. Not for secrets: others may read the file. */
  readonly env: Readonly<Record<string, string>>;
}

/** What every file that `gemmapod service install` writes says of itself. */
export const WRITTEN_BY = "Written by `gemmapod service install`";

/** The name of the systemd unit. */
export const UNIT_NAME = "gemmapod.service";

/** The label of the launchd agent. */
export const AGENT_LABEL = "com.gemmapod.host";

/** A program as a systemd user unit. `envFile`: variables that only its owner reads. */
export function systemdUnit({ argv, env }: ServiceProgram, envFile: string): string {
  const variables = Object.entries(env)
    .map(([name, value]) => `Environment=${systemdWord(`${name}=${value}`, "no_variables")}\n`);
  return `# ${WRITTEN_BY}; \`gemmapod service uninstall\` takes it away.\n` +
    replaced(unit, [
      [/^(#.*\n)+\n/, ""], // how to do by hand what is done now
      [/^ExecStart=.*$/m, `ExecStart=${argv.map((word) => systemdWord(word)).join(" ")}`],
      [
        /^EnvironmentFile=.*\n/m,
        // A path is taken as it stands, spaces and all, but for specifiers.
        `EnvironmentFile=-${envFile.replaceAll("%", "%%")}\n${variables.join("")}`,
      ],
    ]);
}

/** A program as a launchd agent that writes its log to a file. */
export function launchdPlist({ argv, env }: ServiceProgram, logPath: string): string {
  const strings = argv.map((word) => `    <string>${xmlText(word)}</string>\n`).join("");
  const variables = Object.entries(env).map(([name, value]) =>
    `    <key>${xmlText(name)}</key>\n    <string>${xmlText(value)}</string>\n`
  ).join("");
  const dictionary = `  <key>EnvironmentVariables</key>\n  <dict>\n${variables}  </dict>\n`;
  const log = ["StandardOutPath", "StandardErrorPath"].map((key) =>
    `  <key>${key}</key>\n  <string>${xmlText(logPath)}</string>\n`
  ).join("");
  return replaced(plist, [
    [/<!--\n[^]*?-->/, `<!-- ${WRITTEN_BY}; its uninstall takes it away. -->`],
    [/ {2}<array>\n[^]*?<\/array>\n/, `  <array>\n${strings}  </array>\n`],
    [/<\/dict>\n<\/plist>/, `${log}${variables === "" ? "" : dictionary}</dict>\n</plist>`],
  ]);
}

/** The file for pm2. */
export function pm2File({ argv: [program = "", ...args], env }: ServiceProgram): string {
  return replaced(ecosystem, [
    [/script: ".*"/, `script: ${JSON.stringify(program)}`],
    [/args: \[.*\]/, `args: ${JSON.stringify(args)}`],
    [/ {4}autorestart/, `    env: ${JSON.stringify(env)},\n    autorestart`],
  ]);
}

/** Each pattern must be there: the files and this are changed together. */
function replaced(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((before, [pattern, now]) => {
    if (!pattern.test(before)) throw new Error(`The service file has nothing like ${pattern}`);
    return before.replace(pattern, () => now);
  }, text);
}

/** A word of a systemd setting (systemd.syntax(7), systemd.service(5) "Command lines"). */
function systemdWord(text: string, variables: "variables" | "no_variables" = "variables"): string {
  const plain = text.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%").replaceAll("\n", "\\n");
  const word = variables === "variables" ? plain.replaceAll("$", "$$$$") : plain;
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `"${word}"`;
}

function xmlText(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
