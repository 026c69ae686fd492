import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { CodedError } from "../base/mod.ts";
import { hostPaths, readState } from "../host/native.ts";
import { nearestName } from "../pod/mod.ts";
import { runningHost } from "./host_client.ts";
import { readLibrary } from "./pod_library.ts";

const podIds = z.array(z.object({ podId: z.string() }));

/**
 * For a pod of which nothing was found: says whether another was meant.
 *
 * Rejects with {@linkcode CodedError} `no_such_pod` where no pod of that name is known here and one of
 * a name that is near is.
 *
 * @param database where conversations and events are; undefined where there is none yet
 */
export async function refuseMistyped(name: string, database: string | undefined): Promise<void> {
  const known = await knownPods(database);
  if (known.includes(name)) return;
  const near = nearestName(name, known);
  if (near === undefined) return;
  throw new CodedError("no_such_pod", `No pod "${name}" is known here. Did you mean ${near}?`);
}

/** The names and ids by which pods are known: saved, served now or last, or remembered. */
async function knownPods(database: string | undefined): Promise<string[]> {
  const [saved, served, last] = await Promise.all([
    readLibrary().catch(() => []),
    runningHost().then((host) => host?.pods()).catch(() => []),
    readState(join(hostPaths().home, "state.json")).catch(() => []), // none yet, or broken
  ]);
  return [
    ...saved.flatMap(({ slug, name }) => [slug, name]),
    ...(served ?? []).map(({ id }) => id),
    ...last.map(({ podId }) => podId),
    ...(database === undefined ? [] : rememberedPods(database)),
  ];
}

/** The pods that the database has anything of. */
function rememberedPods(path: string): string[] {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const found = database.prepare(
        "SELECT pod_id AS podId FROM conversations UNION SELECT pod_id FROM events",
      ).all();
      return podIds.parse(found).map(({ podId }) => podId);
    } finally {
      database.close();
    }
  } catch {
    return []; // of an older build, or no database: it is only asked for a hint
  }
}
