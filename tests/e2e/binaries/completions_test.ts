import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { FROM_SOURCE } from "../chain.ts";
import { run } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { compiledPrograms } from "./compiled_programs.ts";

/** How a person asks each shell, with the script as `gemmapod completions` prints it now. */
const ASKED = {
  bash: [
    "--norc",
    "-c",
    "source <(gemmapod completions bash); COMP_WORDS=(gemmapod statu); COMP_CWORD=1; _gemmapod; " +
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ],
  zsh: [
    "-f",
    "-c",
    "autoload -Uz compinit && compinit -u -D; source <(gemmapod completions zsh); " +
    'print -r -- "${+functions[_gemmapod]} ${_comps[gemmapod]}"',
  ],
  fish: ["--no-config", "-c", "gemmapod completions fish | source; complete -C 'gemmapod statu'"],
} as const;

/** What each answers. */
const ANSWERS = { bash: /^status$/, zsh: /^1 _gemmapod$/, fish: /^status\b/ } as const;

Deno.test("the compiled program's completions are those of its sources, for every shell", async () => {
  const { gemmapod } = await compiledPrograms();
  await using folder = await tempFolder("bin-completions");
  const at = { cwd: folder.path, env: { HOME: folder.path, PATH: "" } };
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const compiled = await run([...gemmapod, "completions", shell], at);
    assert.equal(compiled, await run([...FROM_SOURCE.gemmapod, "completions", shell]), shell);
    assert.match(compiled, /\bdashboard\b/, shell);
  }
});

Deno.test("bash, zsh and fish complete what the compiled program has", async () => {
  const { gemmapod: [program = ""] } = await compiledPrograms();
  await using folder = await tempFolder("bin-shells");
  const env = { HOME: folder.path, PATH: `${dirname(program)}:/usr/bin:/bin` };
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const path = join("/usr/bin", shell);
    if (shell !== "bash" && !await isFile(path)) continue; // `tests/run.ts` says what is missing
    const said = await run([path, ...ASKED[shell]], { cwd: folder.path, env });
    assert.match(said, ANSWERS[shell], shell);
  }
});

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
