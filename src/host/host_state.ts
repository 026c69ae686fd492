import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { errorMessage, type Logger } from "../base/mod.ts";
import { writeFileAtomic } from "../base/native.ts";

const schema = z.object({
  version: z.literal(1),
  pods: z.array(z.object({ podId: z.string(), podDir: z.string(), addedAt: z.string() })),
});

/** A pod that was being served. */
export type RememberedPod = z.infer<typeof schema>["pods"][number];

/** The pods that a `state.json` names. Rejects where it is missing, or is none. */
export async function readState(path: string): Promise<readonly RememberedPod[]> {
  return schema.parse(JSON.parse(await Deno.readTextFile(path))).pods;
}

/**
 * Which pods a Host serves, in `state.json`, for the next start (host.md, "Files"). Never a key:
 * the folder says the rest.
 */
export class HostState {
  readonly #path: string;
  readonly #log: Logger;
  /** Writes follow each other, so that the last one stays. */
  #written: Promise<void> = Promise.resolve();

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /** The pods of the last run; none where the file is missing or cannot be read. */
  async read(): Promise<readonly RememberedPod[]> {
    try {
      return await readState(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        this.#log.warn("state_unreadable", { reason: errorMessage(error) });
      }
      return [];
    }
  }

  /** Replaces the pods. Never rejects: a Host serves without it. */
  write(pods: readonly RememberedPod[]): Promise<void> {
    return this.#written = this.#written.then(async () => {
      try {
        await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
        await writeFileAtomic(this.#path, `${JSON.stringify({ version: 1, pods }, null, 2)}\n`);
      } catch (error) {
        this.#log.warn("state_not_written", { reason: errorMessage(error) });
      }
    });
  }

  /** Settles when what was written is on the disk. */
  settled(): Promise<void> {
    return this.#written;
  }
}
