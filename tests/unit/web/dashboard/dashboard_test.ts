import assert from "node:assert/strict";
import { HostApi } from "../../../../web/dashboard/api/host_api.ts";
import { Dashboard } from "../../../../web/dashboard/model/dashboard.ts";

Deno.test("the models are fetched again and again: nobody tells when their endpoint comes or goes", async () => {
  const gone = new AbortController();
  let asked = 0;
  const answers: Record<string, () => unknown> = {
    "/auth": () => ({ token: "t" }),
    "/api/v1/host": () => ({ pid: 1, version: "1", startedAt: "2026-01-01", podCount: 0 }),
    "/api/v1/pods": () => ({ pods: [] }),
    "/api/v1/queues": () => ({ queues: [] }),
    "/api/v1/models": () => {
      const connected = ++asked > 2; // it was started in the meantime
      return { url: "http://model", connected, format: "ollama", models: connected ? ["a"] : [] };
    },
  };
  const fetch = (input: URL | RequestInfo): Promise<Response> => {
    const answer = answers[String(input)];
    if (answer !== undefined) return Promise.resolve(Response.json(answer()));
    const events = new ReadableStream<Uint8Array>({
      start: (controller) => gone.signal.addEventListener("abort", () => controller.close()),
    });
    return Promise.resolve(new Response(events));
  };
  const dashboard = new Dashboard(new HostApi({ fetch }), { modelsEveryMs: 5, delay: () => 0 });
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const seen = new Set<boolean>();
  dashboard.changes.subscribe(() => {
    if (dashboard.models !== undefined) seen.add(dashboard.models.connected);
    if (dashboard.models?.connected) resolve();
  });
  const running = dashboard.link.run();
  await connected;
  assert.deepEqual([...seen], [false, true]);
  dashboard.dispose();
  gone.abort();
  await running;
});
