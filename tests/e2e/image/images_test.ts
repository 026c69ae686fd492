import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { podToml } from "../host_setup.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { NativeVisitor } from "../native_visitor.ts";
import { tempFolder } from "../temp_folder.ts";
import { makeBuilder } from "./image.ts";

Deno.test("both Dockerfiles make images whose programs run with nothing beside them", async (t) => {
  await using folder = await tempFolder("image");
  const builder = await makeBuilder(folder.path);

  await t.step(
    "the Host serves the pod at /pod, tells that it is well, and leaves at SIGTERM",
    async () => {
      const image = await builder.build("src/host/service/Dockerfile");
      const quiet = createLogger({ name: "signal", write: () => {} });
      await using broker = await startBroker({ port: 0, limits: "off", log: quiet });
      await using model = await startModelEndpoint();
      const signalUrl = `${broker.url}/signal`;
      await Deno.mkdir(join(image.root, "pod"));
      await Deno.writeTextFile(
        join(image.root, "pod", "pod.toml"),
        podToml(signalUrl, "image-pod"),
      );
      await using host = image.run({ OLLAMA_URL: model.url, GEMMAPOD_PORT: "0" });
      await host.line(/registered for pod image-pod/);
      await using visitor = await NativeVisitor.visit({ signalUrl, podId: "image-pod" });
      assert.equal((await visitor.ask("Hello?")).text, "Hello from the endpoint.");
      assert.equal(await image.health({}), 0);
      host.kill("SIGTERM");
      assert.equal((await host.status).code, 0);
      assert.equal(await image.health({}), 1);
      const { mode } = await Deno.stat(join(image.root, "root/.gemmapod/host.sqlite"));
      assert.equal((mode ?? 0) & 0o777, 0o600);
      await assert.rejects(Deno.stat(join(image.root, "bin/sh")), Deno.errors.NotFound);
    },
  );

  await t.step("the broker keeps its pages in /data, as a user of its own", async () => {
    const image = await builder.build("src/signal/service/Dockerfile");
    await using broker = image.run({ GEMMAPOD_SIGNAL_PORT: "0" });
    const [, port] = await broker.line(/listening on http:\/\/\S+:(\d+)/);
    const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
    assert.deepEqual([health.ok, health.registry], [true, "sqlite"]);
    const { uid } = await Deno.stat(join(image.root, "data/broker.sqlite"));
    assert.equal(uid, 65_532);
    const same = { GEMMAPOD_SIGNAL_PORT: port ?? "" };
    assert.equal(await image.health(same), 0);
    broker.kill("SIGTERM");
    assert.equal((await broker.status).code, 0);
    assert.equal(await image.health(same), 1);
  });
});
