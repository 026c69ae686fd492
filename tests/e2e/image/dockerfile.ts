/** One step of a Dockerfile. */
export interface Step {
  /** `FROM`, `COPY`, … */
  readonly instruction: string;
  /** What follows, on one line. */
  readonly text: string;
}

/** One stage: what it begins from, and its steps. */
export interface Stage {
  readonly from: string;
  readonly name?: string;
  readonly steps: readonly Step[];
}

/** Reads a Dockerfile as far as ours go. Throws where one goes further. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.split("\n").filter((line) => !line.startsWith("#")).join("\n")
    .replace(/\\\n\s*/g, "").split("\n").filter((line) => line.trim() !== "");
  const stages: { from: string; name?: string; steps: Step[] }[] = [];
  for (const line of lines) {
    const [, instruction = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (!KNOWN.has(instruction)) throw new SyntaxError(`Cannot run this step: ${line}`);
    if (instruction !== "FROM") {
      stages.at(-1)?.steps.push({ instruction, text: rest });
      continue;
    }
    const [, from = "", name] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
    stages.push({ from, ...(name === undefined ? {} : { name }), steps: [] });
  }
  return stages;
}

const KNOWN: ReadonlySet<string> = new Set(
  ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "EXPOSE", "USER"]
    .concat("STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
);

/** The variables of an `ENV`. */
export function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
}
