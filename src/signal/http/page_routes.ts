import { type PodRecord, type Registry } from "../registry/registry.ts";
import type { RuntimeTrust } from "../runtime_trust.ts";
import { acceptedCodings, type Coding } from "./accept_encoding.ts";
import { addRoute } from "./add_route.ts";
import { type App, clientUrl } from "./app_env.ts";
import type { EncodedPages } from "../encoded/encoded_pages.ts";
import type { StoredBytes } from "../encoded/encoded_store.ts";
import { etagOf, namedTag } from "./entity_tag.ts";
import { HttpError } from "./http_error.ts";
import { pageHeaders } from "./page_headers.ts";
import { isolationOf } from "./page_isolation.ts";

/** What pages are served with. */
export interface PageOptions {
  registry: Registry;
  encoded: EncodedPages;
  /** Whose pages may share the broker's origin; undefined where all may (`--isolation off`). */
  trust: RuntimeTrust | undefined;
}

/** `GET /:id` and `GET /:id/meta`. */
export function addPageRoutes(app: App, options: PageOptions): void {
  const { registry, encoded, trust } = options;

  addRoute(app, "/:id{[A-Za-z0-9_-]{12}}", {
    async GET(c) {
      const record = await find(c.req.param("id"));
      const headers = pageHeaders(record, await isolationOf(record, trust, registry), clientUrl(c));
      const codings = acceptedCodings(c.req.header("accept-encoding"));
      const isHead = c.req.method === "HEAD";
      const tags = codings.map((coding) => etagOf(record.sha256, coding));
      const etag = namedTag(tags, c.req.header("if-none-match"));
      if (etag !== undefined) {
        if (!isHead) await registry.bumpHits(record.id);
        return c.body(null, 304, { ...headers, etag });
      }
      for (const coding of codings) {
        const bytes = await bytesIn(coding, record);
        if (bytes === undefined) continue; // not to be had now
        const body = isHead ? null : await bytes.stream();
        if (body === undefined) continue; // gone meanwhile
        if (!isHead) await registry.bumpHits(record.id);
        return c.newResponse(body, 200, {
          ...headers,
          etag: etagOf(record.sha256, coding),
          "content-length": String(bytes.size),
          ...(coding !== "identity" && { "content-encoding": coding }),
        });
      }
      if (codings.includes("identity")) throw notFound();
      throw new HttpError(406, "The page is to be had as br, gzip, or as it is", {
        vary: "accept-encoding",
      });
    },
  });

  addRoute(app, "/:id{[A-Za-z0-9_-]{12}}/meta", {
    async GET(c) {
      const record = await find(c.req.param("id"));
      const { id, name, ownerPubkey, manifestSize, blobSize, createdAt, hits } = record;
      return c.json({ id, name, ownerPubkey, manifestSize, blobSize, createdAt, hits }, 200, {
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
      });
    },
  });

  async function find(id: string | undefined): Promise<PodRecord> {
    const record = id === undefined ? undefined : await registry.getRecord(id);
    if (record === undefined) throw notFound();
    return record;
  }

  async function bytesIn(coding: Coding, record: PodRecord): Promise<StoredBytes | undefined> {
    if (coding !== "identity") return await encoded.get(record, coding);
    return { size: record.blobSize, stream: async () => await registry.getBlob(record.id) };
  }
}

/** What an address that holds nothing is answered with. */
export function notFound(): HttpError {
  return new HttpError(404, "There is no such page here");
}
