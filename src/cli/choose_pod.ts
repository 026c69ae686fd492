import { oneLine, warn } from "../base/native.ts";
import { isInteractive } from "./output.ts";
import { readLibrary, type SavedPod } from "./pod_library.ts";

/**
 * Asks which saved pod to run. Undefined where the person wants none, where none is saved, and
 * where nobody is there to be asked.
 */
export async function choosePod(): Promise<SavedPod | undefined> {
  if (!isInteractive()) return undefined;
  return choose(await readLibrary(), (question) => prompt(question));
}

/** The same with somebody else's questions. */
export function choose(
  pods: readonly SavedPod[],
  ask: (question: string) => string | null,
): SavedPod | undefined {
  if (pods.length === 0) return undefined;
  const list = pods.map(({ name, dir }, index) =>
    `  ${index + 1}  ${oneLine(name)}  ${oneLine(dir)}`
  );
  const question = `Which pod?\n${list.join("\n")}\nA number or a name; nothing for none:`;
  for (;;) {
    const answer = ask(question)?.trim() ?? "";
    if (answer === "") return undefined;
    const found = pods[Number(answer) - 1] ??
      pods.find(({ slug, name }) => slug === answer || name === answer);
    if (found !== undefined) return found;
    warn(`there is no pod "${answer}"`);
  }
}
