import assert from "node:assert/strict";
import { type ApiServer, serveApi } from "../../../../src/host/api/serve_api.ts";

const handler = () => new Response("here");

async function says({ port }: ApiServer): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/`)).text();
}

Deno.test("serveApi: the first port that is free is taken", async () => {
  const free = serveApi([0], handler);
  const { port } = free;
  await free.stop();
  const other = serveApi([0], handler);
  const served = serveApi([other.port, port], handler);
  assert.equal(served.port, port);
  assert.equal(await says(served), "here");
  await Promise.all([other.stop(), served.stop()]);
});

Deno.test("serveApi: where no port is free, that is said with what to do", async () => {
  const one = serveApi([0], handler);
  const two = serveApi([0], handler);
  const refused = (ports: number[], message: RegExp) =>
    assert.throws(() => serveApi(ports, handler), { code: "port_taken", message });
  refused([one.port], new RegExp(`port ${one.port}: another program does; choose one with --port`));
  refused([one.port, two.port], new RegExp(`ports ${one.port} to ${two.port} are taken`));
  await Promise.all([one.stop(), two.stop()]);
});

Deno.test("serveApi: a request that comes while it stops is refused, one that is answered ends", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const server = serveApi([0], () => {
    asked.resolve();
    return answer.promise;
  });
  const first = says(server);
  await asked.promise;
  const done: string[] = [];
  const stopped = server.stop(async () => {
    assert.match(await says(server), /being stopped/); // it still listens
    done.push("last");
  });
  assert.match(await says(server), /being stopped/);
  answer.resolve(new Response("whole"));
  assert.equal(await first, "whole");
  await stopped;
  assert.deepEqual(done, ["last"]);
  await assert.rejects(says(server));
});
