import type { PodRecord, Registry } from "./registry.ts";

/** A registry that ends with its process: the default, for loopback and for trying things out. */
export function memoryRegistry(): Registry {
  const pods = new Map<string, { record: PodRecord; blob: Blob }>();
  const owners = new Map<string, string>();

  function close(): void {
    pods.clear();
    owners.clear();
  }

  return {
    name: "memory",
    putPod(record, blob) {
      if (!pods.has(record.id)) pods.set(record.id, { record, blob: new Blob([blob]) });
    },
    getRecord: (id) => pods.get(id)?.record,
    getBlob: (id) => pods.get(id)?.blob.stream(),
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
    close,
    [Symbol.asyncDispose]() {
      close();
      return Promise.resolve();
    },
  };
}
