import * as z from "zod";
import { isConflict, type NatsStores } from "./nats_buckets.ts";
import { podToken } from "./names.ts";
import type { RegistrationStore } from "./registrations.ts";

const registration = z.object({
  broker: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  since: z.int().min(0),
});

/** Registrations in a JetStream key-value bucket, by the hash of their pod id. */
export function natsRegistrations(stores: NatsStores): RegistrationStore {
  return {
    async get(podId) {
      const entry = await (await stores.open()).origins.get(podToken(podId));
      if (entry === null) return undefined;
      const { revision, operation } = entry;
      if (operation !== "PUT") return { registration: undefined, revision };
      // What is not ours to read is as good as nothing, and is written over.
      return { registration: registration.safeParse(parse(entry.string())).data, revision };
    },
    async put(podId, { broker, since }, revision) {
      const { origins } = await stores.open();
      try {
        const value = JSON.stringify({ broker, since });
        return await origins.put(podToken(podId), value, { previousSeq: revision });
      } catch (error) {
        if (isConflict(error)) return undefined;
        throw error;
      }
    },
    async remove(podId, revision) {
      const { origins } = await stores.open();
      try {
        await origins.delete(podToken(podId), { previousSeq: revision });
      } catch (error) {
        if (!isConflict(error)) throw error; // else another broker has it by now
      }
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
