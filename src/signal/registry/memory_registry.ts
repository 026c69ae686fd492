import { tmpdir } from "node:os";
import { join } from "node:path";
import { ignoreMissing } from "../ignore_missing.ts";
import type { PodRecord, Registry } from "./registry.ts";
import { idTaken, storageFull } from "./storage_errors.ts";

/** All pages together, in bytes: on a machine of 1 GiB the broker stays alive. */
const MAX_BYTES = 512 * 1024 * 1024;

/** What is handed out at once, in bytes. */
const CHUNK_BYTES = 64 * 1024;

/**
 * A registry that ends with its process: the default, for loopback and for trying things out.
 *
 * @param maxBytes all pages together
 */
export function memoryRegistry(maxBytes: number = MAX_BYTES): Registry {
  const pods = new Map<string, { record: PodRecord; page: Uint8Array<ArrayBuffer> }>();
  const owners = new Map<string, string>();
  const spoolDir = join(tmpdir(), `gemmapod-signal-${crypto.randomUUID()}`);
  let bytes = 0;

  async function close(): Promise<void> {
    pods.clear();
    owners.clear();
    await Deno.remove(spoolDir, { recursive: true }).catch(ignoreMissing);
  }

  return {
    name: "memory",
    spoolDir,
    async putPod(record, page) {
      if (isKnown(record)) return await leaveNothing(page.path);
      if (bytes + page.size > maxBytes) {
        throw storageFull(`this broker keeps at most ${maxBytes} bytes of pages in memory`);
      }
      bytes += page.size; // before it is read, so that those that come at once count together
      try {
        const held = await readInto(new Uint8Array(page.size), await page.stream());
        if (isKnown(record)) bytes -= page.size; // by another upload in the meantime
        else pods.set(record.id, { record, page: held });
      } catch (error) {
        bytes -= page.size;
        throw error;
      }
      await leaveNothing(page.path);
    },
    getRecord: (id) => pods.get(id)?.record,
    getBlob(id) {
      const page = pods.get(id)?.page;
      return page && streamOf(page);
    },
    bumpHits(id) {
      const pod = pods.get(id);
      if (pod !== undefined) pod.record = { ...pod.record, hits: pod.record.hits + 1 };
    },
    claim(podId, ownerPubkey) {
      const owner = owners.get(podId) ?? ownerPubkey;
      owners.set(podId, owner);
      return owner;
    },
    owner: (podId) => owners.get(podId),
    count: () => pods.size,
    close,
    [Symbol.asyncDispose]: close,
  };

  /** Between two uploads there is no folder either: whoever kills this process leaves none behind. */
  async function leaveNothing(path: string): Promise<void> {
    await Deno.remove(path).catch(ignoreMissing);
    await Deno.remove(spoolDir).catch(() => {}); // another upload is in it
  }

  function isKnown(record: PodRecord): boolean {
    const known = pods.get(record.id)?.record;
    if (known !== undefined && known.sha256 !== record.sha256) throw idTaken(record.id);
    return known !== undefined;
  }
}

async function readInto(
  bytes: Uint8Array<ArrayBuffer>,
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  let at = 0;
  for await (const chunk of stream) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Bytes in small pieces, so that a slow reader has no copy of them waiting. */
function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at += CHUNK_BYTES));
      if (at >= bytes.length) controller.close();
    },
  }, { highWaterMark: 0 });
}
