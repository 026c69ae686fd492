import assert from "node:assert/strict";
import { z } from "zod";
import { HostClient } from "./host_client.ts";
import { startHostSetup } from "./host_setup.ts";
import { startModelEndpoint } from "./model_endpoint.ts";

const answers = z.record(
  z.string(),
  z.object({
    content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })),
  }),
);
const described = z.object({
  openapi: z.literal("3.1.0"),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), responses: answers })),
  ),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
type Described = z.infer<typeof described>;

/** One request of each kind: what it does, and what has to come of it. */
const REQUESTS: readonly [
  operation: string,
  status: number,
  method: string,
  path: string,
  body?: unknown,
][] = [
  ["getHost", 200, "GET", "/host"],
  ["listQueues", 200, "GET", "/queues"],
  ["listModels", 200, "GET", "/models"],
  ["listOllamaModels", 200, "GET", "/ollama"],
  ["listPods", 200, "GET", "/pods"],
  ["addPod", 404, "POST", "/pods", { dir: "/there/is/no/such/folder" }],
  ["addPod", 400, "POST", "/pods", { dir: 5 }],
  ["getPod", 200, "GET", "/pods/pod"],
  ["getPod", 404, "GET", "/pods/other"],
  ["chat", 202, "POST", "/pods/pod/chat", { message: "Hello?" }],
  ["chat", 400, "POST", "/pods/pod/chat", { message: "" }],
  ["chat", 404, "POST", "/pods/other/chat", { message: "Hello?" }],
  ["listPeers", 200, "GET", "/pods/pod/peers"],
  ["listPeerMessages", 200, "GET", "/pods/pod/peers/local:dashboard/messages"],
  ["listPeerMessages", 404, "GET", "/pods/pod/peers/gone/messages"],
  ["listConversations", 200, "GET", "/pods/pod/conversations"],
  ["listMessages", 200, "GET", "/pods/pod/conversations/local:dashboard/messages"],
  ["listMessages", 400, "GET", "/pods/pod/conversations/local:dashboard/messages?newest=x"],
  ["deleteConversation", 200, "DELETE", "/pods/pod/conversations/local:dashboard"],
  ["deleteConversation", 404, "DELETE", "/pods/pod/conversations/local:dashboard"],
  ["putData", 201, "PUT", "/pods/pod/data/contacts.json", { mail: "a@b.example" }],
  ["putData", 200, "PUT", "/pods/pod/data/contacts.json", {}],
  ["putData", 400, "PUT", "/pods/pod/data/contacts.json", []],
  ["listData", 200, "GET", "/pods/pod/data"],
  ["getData", 200, "GET", "/pods/pod/data/contacts.json"],
  ["getData", 404, "GET", "/pods/pod/data/missing.json"],
  ["getData", 400, "GET", "/pods/pod/data/owner.key"],
  ["pausePod", 200, "POST", "/pods/pod/pause"],
  ["chat", 409, "POST", "/pods/pod/chat", { message: "Hello?" }],
  ["resumePod", 200, "POST", "/pods/pod/resume"],
  ["restartPod", 200, "POST", "/pods/pod/restart"],
  ["stopPod", 200, "POST", "/pods/pod/stop"],
  ["stopPod", 404, "POST", "/pods/pod/stop"],
  ["stopHost", 200, "POST", "/host/shutdown"],
];

/** The schema of an answer, with those that it refers to. */
function schemaOf({ paths, components }: Described, operation: string, status: number): z.ZodType {
  const found = Object.values(paths).flatMap((one) => Object.values(one))
    .find(({ operationId }) => operationId === operation);
  const schema = found?.responses[status]?.content["application/json"]?.schema;
  assert.ok(schema !== undefined, `${operation} does not describe ${status}`);
  const local = JSON.stringify({ ...schema, $defs: components.schemas })
    .replaceAll("#/components/schemas/", "#/$defs/");
  return z.fromJSONSchema(JSON.parse(local));
}

Deno.test("openapi.json: every operation answers as it is described", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  await setup.serve("pod");
  const api = await HostClient.connect(setup.host.port());
  const response = await fetch(`${api.url}/api/v1/openapi.json`); // without the token
  assert.equal(response.status, 200);
  const document = described.parse(await response.json());
  await using events = await api.events();
  for (const [operation, status, method, path, body] of REQUESTS) {
    const answer = await api.ask(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    const read = schemaOf(document, operation, status).safeParse(answer.body);
    assert.ok(read.success, `${method} ${path}: ${read.error?.message}`);
    if (status === 202) await events.until("assistant");
  }
  const asked = new Set(REQUESTS.map(([operation]) => operation));
  const rest = Object.values(document.paths).flatMap((one) => Object.values(one))
    .map(({ operationId }) => operationId).filter((id) => !asked.has(id));
  assert.deepEqual(rest.sort(), [
    "getToken",
    "streamEvents",
    "streamPeerEvents",
    "streamPodEvents",
  ]);
});

Deno.test("openapi.json: an answer to a request without the token is described, too", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const api = await HostClient.connect(setup.host.port());
  const document = described.parse(await (await fetch(`${api.url}/api/v1/openapi.json`)).json());
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { operationId, responses }] of Object.entries(operations)) {
      if (!("401" in responses)) continue;
      const address = `${api.url}${path.replaceAll(/\{\w+\}/g, "x")}`;
      const response = await fetch(address, { method: method.toUpperCase() });
      assert.equal(response.status, 401, `${method} ${path}`);
      schemaOf(document, operationId, 401).parse(await response.json());
    }
  }
});
