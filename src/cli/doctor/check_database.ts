import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { errorMessage } from "../../base/mod.ts";
import { oneLine, sizeText } from "../../base/native.ts";
import type { HostPaths } from "../../host/native.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";

/** Up to this size the whole file is read, in bytes: beyond it, it would take seconds. */
const READ_WHOLE = 256e6;

const answers = z.array(z.record(z.string(), z.string()));

/** Whether what the Host remembers can be read. A Host that runs is not disturbed. */
export function databaseCheck({ databasePath }: HostPaths): Check {
  return {
    name: "database",
    look: async () => [await lookAt(databasePath)],
  };
}

async function lookAt(path: string): Promise<Finding> {
  let size;
  try {
    size = (await Deno.stat(path)).size;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { check: "database", status: "good", found: "there is none yet" };
  }
  const file = oneLine(path);
  try {
    const [bad] = mistakesOf(path, size);
    if (bad === undefined) {
      return { check: "database", status: "good", found: `${file} holds, ${sizeText(size)}` };
    }
    return broken(`${file} is damaged: ${oneLine(bad)}`, path);
  } catch (error) {
    return broken(`${file} cannot be read: ${oneLine(errorMessage(error))}`, path);
  }
}

/** What SQLite finds wrong with the file. Throws where it cannot read it at all. */
function mistakesOf(path: string, size: number): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec("PRAGMA busy_timeout = 1000");
    const pragma = size <= READ_WHOLE ? "PRAGMA quick_check(1)" : "PRAGMA journal_mode";
    const said = answers.parse(database.prepare(pragma).all());
    database.prepare("SELECT count(*) FROM conversations").get();
    const words = said.flatMap((row) => Object.values(row));
    return size <= READ_WHOLE ? words.filter((word) => word !== "ok") : [];
  } finally {
    database.close();
  }
}

function broken(found: string, path: string): Finding {
  return {
    check: "database",
    status: "bad",
    found,
    todo: `stop the Host and move ${oneLine(path)} away, or put a copy back; ` +
      "without it the Host remembers nothing beyond its own run",
  };
}
