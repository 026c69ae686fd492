import assert from "node:assert/strict";
import { commandPlace } from "./command_place.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";

const KEY = "sk-0123456789";

Deno.test("run takes the model and the key of its flags, in the foreground and in the background", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint({ apiKey: KEY });
  const dir = await at.writePod("pod");
  const flags = ["--model", "other-model", "--api-key", KEY, "--provider-url", model.url]
    .concat("--port", "0", "--once");
  const ask = async () => {
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
    assert.equal((await visitor.ask("Hello?")).text, "Hello from the endpoint.");
  };
  {
    await using host = at.gemmapod("run", dir, ...flags);
    await host.line(/^\[host\] registered for pod pod$/);
    await ask();
    host.kill("SIGINT");
    assert.equal((await host.status).code, 0);
  }
  await at.json("run", dir, "-d", ...flags);
  await ask();
  for (const index of [0, 1]) {
    assert.equal((await model.request(index)).body.model, "other-model");
  }
});

Deno.test("a Host that runs takes a pod with a model of its own, and says which flags are not for it", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  await at.json("start", "-d", "--port", "0", "--provider-url", model.url, "--headless");
  const dir = await at.writePod("pod");
  const flags = ["--model", "other-model", "--parallel", "3", "--ice-servers", "[]", "--headless"];
  const { code, said } = await at.call(["run", dir, "--once", ...flags]);
  assert.equal(code, 0, said);
  const lines = said.split("\n");
  assert.match(lines.at(0) ?? "", /^(warning: |pod pod is served by the Host that was running)/);
  for (const flag of ["--parallel", "--ice-servers", "--headless"]) {
    assert.ok(lines.includes(`warning: ${flag} was not used: the running Host has its own`), said);
  }
  await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
  await visitor.ask("Hello?");
  assert.equal((await model.request(0)).body.model, "other-model");

  const demo = await at.call(["run", await at.writePod("demo"), "--provider", "demo"]);
  assert.equal(demo.code, 0);
  assert.match(demo.said, /^warning: the Host that was running answers with its own model, not/m);
});
