import assert from "node:assert/strict";
import { z } from "zod";
import { fakeApi } from "./fake_host.ts";

const schemaRef = z.object({ $ref: z.string().regex(/^#\/components\/schemas\/\w+$/) });
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  security: z.array(z.unknown()).max(0).optional(),
  parameters: z.array(z.object({
    name: z.string(),
    in: z.enum(["path", "query", "header"]),
    required: z.boolean(),
    schema: z.looseObject({ type: z.string() }),
  })),
  requestBody: z.object({
    required: z.literal(true),
    content: z.object({ "application/json": z.object({ schema: schemaRef }) }),
  }).optional(),
  responses: z.record(z.string().regex(/^\d{3}$/), z.object({ description: z.string().min(1) })),
});
const document = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string().startsWith("/"),
    z.partialRecord(z.enum(["get", "post", "put", "delete"]), operation),
  ),
  components: z.object({
    securitySchemes: z.object({ token: z.object({ name: z.literal("X-Gemmapod-Token") }) }),
    schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
  }),
});

async function describe() {
  const { ask } = fakeApi();
  const response = await ask("/api/v1/openapi.json", { headers: { "X-Gemmapod-Token": "" } });
  assert.equal(response.status, 200); // without a token
  const text = await response.text();
  return { text, read: document.parse(JSON.parse(text)) };
}

Deno.test("openapi.json has every route of host.md", async () => {
  const { read } = await describe();
  const routes = Object.entries(read.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  );
  const pod = "/api/v1/pods/{podId}";
  for (
    const route of [
      "GET /auth",
      "GET /api/v1/host",
      "POST /api/v1/host/shutdown",
      "GET /api/v1/pods",
      "POST /api/v1/pods",
      `GET ${pod}`,
      `POST ${pod}/stop`,
      `POST ${pod}/pause`,
      `POST ${pod}/resume`,
      `POST ${pod}/restart`,
      `GET ${pod}/peers`,
      `GET ${pod}/peers/{peerId}/messages`,
      `GET ${pod}/conversations`,
      `DELETE ${pod}/conversations/{conversationId}`,
      `GET ${pod}/data`,
      `GET ${pod}/data/{filename}`,
      `PUT ${pod}/data/{filename}`,
      `POST ${pod}/chat`,
      "GET /api/v1/events/stream",
      `GET ${pod}/events/stream`,
      `GET ${pod}/peers/{peerId}/events/stream`,
      "GET /api/v1/queues",
      "GET /api/v1/models",
      "GET /api/v1/ollama",
    ]
  ) assert.ok(routes.includes(route), route);
});

Deno.test("openapi.json: what varies in a path is a parameter, and every reference leads somewhere", async () => {
  const { read, text } = await describe();
  const ids = new Set<string>();
  for (const [path, operations] of Object.entries(read.paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { operationId, parameters, responses, security } of Object.values(operations)) {
      assert.ok(!ids.has(operationId), operationId);
      ids.add(operationId);
      const inPath = parameters.filter((one) => one.in === "path");
      assert.deepEqual(inPath.map(({ name }) => name), named, path);
      assert.ok(inPath.every(({ required }) => required));
      assert.ok("403" in responses);
      assert.equal("401" in responses, security === undefined, path);
    }
  }
  const refs = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref ?? "");
  assert.ok(refs.length > 50);
  for (const ref of refs) {
    assert.match(ref, /^#\/components\/schemas\//);
    assert.ok(ref.split("/").at(-1) ?? "" in read.components.schemas, ref);
  }
  assert.doesNotMatch(text, /"\$id"|"\$schema"|"~standard"/);
});
