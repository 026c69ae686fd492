import assert from "node:assert/strict";
import { join } from "node:path";
import { fromHex, toBase64 } from "../../src/base/mod.ts";
import { manifestFromPodToml, parsePodToml, signManifest } from "../../src/pod/mod.ts";
import { generateOwnerKey } from "../../src/pod/native.ts";
import { FROM_SOURCE } from "./chain.ts";
import { type CommandPlace, commandPlace } from "./command_place.ts";
import { podToml } from "./host_setup.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";
import { start } from "./processes.ts";

/** Starts `gemmapod origin`; the variables of the older daemon are what is given here. */
function origin(at: CommandPlace, env: Record<string, string>, ...flags: string[]) {
  return start([...FROM_SOURCE.gemmapod, "origin", ...flags], {
    ...at.options,
    env: { ...at.options.env, ...env },
  });
}

async function signedManifest(toml: string) {
  const { publicKey, secretKey } = await generateOwnerKey();
  const { pod } = parsePodToml(toml);
  const signed = await signManifest(manifestFromPodToml(pod, publicKey), fromHex(secretKey));
  return { publicKey, signedManifestB64: toBase64(signed) };
}

Deno.test("gemmapod origin: one pod from the environment; the manifest's prompt and model run", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  const { publicKey, signedManifestB64 } = await signedManifest(podToml(at.signalUrl, "raj-card"));
  await using host = origin(at, {
    SIGNAL_URL: at.signalUrl,
    OLLAMA_URL: model.url,
    OWNER_PUBKEY: publicKey,
  });
  await host.line(/^\[host\] registered for pod raj-card$/);
  const conversationId = "conversation-0123456789";
  const visit = { signalUrl: at.signalUrl, podId: "raj-card", conversationId };
  {
    await using visitor = await NativeVisitor.visit({ ...visit, signedManifestB64 });
    assert.equal((await visitor.ask("Hello?")).text, "Hello from the endpoint.");
    const { body, thread } = await model.request(0);
    assert.equal(body.model, "test-model");
    assert.deepEqual(thread[0], { role: "system", content: "You are the test pod." });
  }
  const stranger = await signedManifest(podToml(at.signalUrl, "raj-card"));
  const refused = NativeVisitor.visit({
    signalUrl: at.signalUrl,
    podId: "raj-card",
    signedManifestB64: stranger.signedManifestB64,
  });
  await assert.rejects(refused);

  // a person's Host is not this one's business, and its memory is a file of its own
  assert.equal((await at.call(["status"])).code, 1);
  await assert.rejects(Deno.stat(join(at.home, "host.sqlite")), Deno.errors.NotFound);
  const database = join(at.home, "origin.sqlite");
  assert.equal(((await Deno.stat(database)).mode ?? 0) & 0o077, 0);
  const listed = await at.call(["memory", "list", "raj-card", "--db", database]);
  assert.match(listed.said, new RegExp(`^${conversationId} +2 `, "m"));
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0);
});

Deno.test("gemmapod origin: without a manifest, the model that was asked for, where it is listed", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint({ models: ["first", "second"] });
  const database = join(at.folder, "else", "where.sqlite");
  await using host = origin(at, {
    SIGNAL_URL: at.signalUrl,
    POD_ID: "other",
    OLLAMA_URL: model.url,
    GEMMAPOD_ORIGIN_DB: database,
  });
  await host.line(/^\[host\] registered for pod other$/);
  await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "other" });
  const ask = (name?: string) =>
    visitor.answerTo(visitor.session.chat({
      messages: [{ role: "user", content: "Hello?" }],
      ...(name === undefined ? {} : { model: name }),
    }));
  assert.equal((await ask("second")).text, "Hello from the endpoint.");
  assert.equal((await model.request(0)).body.model, "second");
  for (const name of ["third", undefined]) {
    assert.equal((await ask(name)).error?.code, "model_unavailable");
  }
  assert.equal(model.requests.length, 1);
  await Deno.stat(join(at.folder, "else"));
});

Deno.test("gemmapod origin: what its environment cannot mean is said, exit code 1", async (t) => {
  await using at = await commandPlace();
  for (
    const [env, wanted] of [
      [{ POD_ID: "../up" }, /^error: Cannot serve the pod "\.\.\/up"/m],
      [{ SIGNAL_URL: "ftp://broker.example" }, /^error: Cannot use the broker's address/m],
      [{ OWNER_PUBKEY: "abc" }, /^error: Cannot use OWNER_PUBKEY: expected 64 hex digits$/m],
    ] as const
  ) {
    await t.step(JSON.stringify(env), async () => {
      const { code, said } = await at.call(["origin"], env);
      assert.equal(code, 1);
      assert.match(said, wanted);
    });
  }
});

Deno.test("gemmapod origin: two pods may be served side by side, one pod only once", async () => {
  await using at = await commandPlace();
  const env = { SIGNAL_URL: at.signalUrl, OLLAMA_URL: "http://127.0.0.1:9" };
  await using one = origin(at, { ...env, POD_ID: "one" });
  await using two = origin(at, { ...env, POD_ID: "two" });
  await one.line(/^\[host\] registered for pod one$/);
  await two.line(/^\[host\] registered for pod two$/);
  await using again = origin(at, { ...env, POD_ID: "one" });
  assert.equal((await again.status).code, 1);
  assert.match(again.lines.join("\n"), /A Host is running already/);
});
