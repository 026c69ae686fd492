import assert from "node:assert/strict";
import { networkFetch } from "../../../../web/capabilities/network_fetch.ts";

/** A pod that names `hosts`, in its capabilities and in its transports. */
function podOf(...hosts: string[]) {
  return {
    config: {
      name: "Ada",
      capabilities: hosts.map((host) => ({ name: `network.fetch:${host}` })),
      transport: {
        dartc: { signalUrl: "wss://signal.example/signal", podId: "ada" },
        direct: { baseUrl: "http://localhost:11434" },
      },
    },
  };
}

Deno.test("network.fetch asks what the manifest names, and only that", async () => {
  const seen: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      seen.push(`${request.method} ${request.headers.get("x-name")} ${await request.text()}`);
      return new Response("Grüße", { status: 404, headers: { "content-type": "text/plain" } });
    },
  );
  const host = `127.0.0.1:${server.addr.port}`;
  const input = { url: `http://${host}/`, method: "POST", headers: { "X-Name": "a" }, body: "b" };
  assert.deepEqual(await networkFetch(input, podOf(host)), {
    status: 404,
    type: "text/plain",
    text: "Grüße",
  });
  await assert.rejects(networkFetch(input, podOf()), {
    code: "bad_input",
    message: /does not name/,
  });
  assert.deepEqual(seen, ["POST a b"]);
});

Deno.test("network.fetch refuses what is no address, no https, and no request", async () => {
  const pod = podOf("api.example", "user.example");
  for (
    const input of [
      undefined,
      null,
      "https://api.example/",
      {},
      { url: 7 },
      { url: "" },
      { url: "/path" },
      { url: "http://api.example/" },
      { url: "ftp://api.example/" },
      { url: "javascript:alert(1)//api.example" },
      { url: "https://api.example.evil/" },
      { url: "https://evil.example/?api.example" },
      { url: "https://api.example@evil.example/" },
      { url: `https://api.example/${"x".repeat(5_000)}` },
      { url: "https://api.example/", headers: ["a"] },
      { url: "https://api.example/", headers: { a: {} } },
      { url: "https://api.example/", method: 7 },
      { url: "https://api.example/", body: {} },
    ]
  ) {
    await assert.rejects(networkFetch(input, pod), { code: "bad_input" }, JSON.stringify(input));
  }
});
