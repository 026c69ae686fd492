import assert from "node:assert/strict";
import { HostApi } from "../../../../web/dashboard/api/host_api.ts";
import { LiveLink } from "../../../../web/dashboard/model/live_link.ts";

/** A Host whose streams are given, one after the other; then there is none. */
function hostWith(...streams: string[][]) {
  const asked: (string | null)[] = [];
  const fetch = (input: URL | RequestInfo, init?: RequestInit): Promise<Response> => {
    if (input === "/auth") return Promise.resolve(Response.json({ token: "t" }));
    asked.push(new Headers(init?.headers).get("Last-Event-ID"));
    const lines = streams.shift();
    if (lines === undefined) return Promise.reject(new TypeError("refused"));
    const bytes = lines.map((line) => new TextEncoder().encode(line));
    return Promise.resolve(new Response(ReadableStream.from(bytes)));
  };
  return { api: new HostApi({ fetch }), asked };
}

function event(id: number, type: string): string {
  const data = JSON.stringify({ scope: "host", event: { id, timestamp: 1, type } });
  return `id: ${id}\ndata: ${data}\n\n`;
}

/** Runs a link until it has lost its Host `times` times. */
async function run(streams: string[][], times: number) {
  const { api, asked } = hostWith(...streams);
  const seen: string[] = [];
  let lost = 0;
  const link: LiveLink = new LiveLink({
    api,
    onOpen: () => Promise.resolve(void seen.push("open")),
    onEvent: ({ event }) => void seen.push(event.type === "other" ? event.name : event.type),
    onGap: () => void seen.push("gap"),
    delay: () => 0,
  });
  link.changes.subscribe(() => {
    const { state } = link;
    seen.push(state.kind === "lost" ? `lost: ${state.why}` : state.kind);
    if (state.kind === "lost" && ++lost === times) link.stop();
  });
  await link.run();
  return { seen, asked };
}

Deno.test("a stream that ends is opened again after its last event, with everything fetched anew", async () => {
  const { seen, asked } = await run([[event(4, "a")], [event(5, "b")]], 2);
  assert.deepEqual(seen, [
    ...["open", "live", "a", "lost: unreachable"],
    ...["open", "live", "b", "lost: unreachable"],
  ]);
  assert.deepEqual(asked, ["0", "4"]);
});

Deno.test("a Host that says that it goes was stopped, until there is one again", async () => {
  const { seen } = await run([[event(1, "host_stopping")]], 2);
  assert.deepEqual(seen, ["open", "live", "host_stopping", "lost: stopping", "lost: stopping"]);
});

Deno.test("events that were left out are noticed", async () => {
  const { seen } = await run([[event(1, "a"), event(2, "b"), event(9, "c")]], 1);
  assert.deepEqual(seen, ["open", "live", "a", "b", "gap", "c", "lost: unreachable"]);
});

Deno.test("what is no event of the Host's is passed over", async () => {
  const { seen } = await run([["data: nonsense\n\n", event(1, "a")]], 1);
  assert.deepEqual(seen, ["open", "live", "a", "lost: unreachable"]);
});

Deno.test("a stream that is silent is given up when the Host does not answer either", async () => {
  const lost = Promise.withResolvers<void>();
  const api = new HostApi({
    fetch: (input, init) => {
      if (input === "/auth") return Promise.resolve(Response.json({ token: "t" }));
      if (input === "/api/v1/host") return Promise.reject(new TypeError("the line is dead"));
      const body = new ReadableStream({
        start: (controller) =>
          init?.signal?.addEventListener("abort", () => controller.error(init.signal?.reason)),
      });
      return Promise.resolve(new Response(body));
    },
  });
  const link = new LiveLink({
    api,
    onOpen: () => Promise.resolve(),
    onEvent: () => {},
    onGap: () => {},
    delay: () => 0,
    probeAfterMs: 1,
  });
  link.changes.subscribe(() => {
    if (link.state.kind === "lost") lost.resolve();
  });
  const running = link.run();
  await lost.promise;
  link.stop();
  await running;
});
