import assert from "node:assert/strict";
import { CodedError } from "../../../../src/base/mod.ts";
import { parsePodToml, PodTomlError } from "../../../../src/pod/mod.ts";
import { fakeApi, podInfo } from "./fake_host.ts";

const DIR = JSON.stringify({ dir: "/pods/hello" });

/** What adding a pod comes to when the Host says this. */
async function addFailing(error: unknown) {
  const { ask } = fakeApi({ addPodFromDir: () => Promise.reject(error) });
  const response = await ask("/api/v1/pods", { method: "POST", body: DIR });
  return { status: response.status, body: await response.json() };
}

Deno.test("GET /api/v1/pods lists the pods, GET …/:id has one of them", async () => {
  const { ask } = fakeApi();
  const info = podInfo();
  assert.deepEqual(await (await ask("/api/v1/pods")).json(), { pods: [info] });
  assert.deepEqual(await (await ask("/api/v1/pods/pod")).json(), info);
  assert.equal((await ask("/api/v1/pods/other")).status, 404);
});

Deno.test("POST /api/v1/pods: 201 with the pod, its model as asked for", async () => {
  const { ask, calls } = fakeApi();
  const body = JSON.stringify({ dir: "/pods/hello", model: "m" });
  const response = await ask("/api/v1/pods", { method: "POST", body });
  assert.deepEqual([response.status, await response.json()], [201, {
    ok: true,
    podId: "pod",
    model: "test-model",
  }]);
  assert.deepEqual(calls, ["add /pods/hello m"]);
});

Deno.test("POST /api/v1/pods: 409 where it is served already, 503 where the Host stops", async () => {
  assert.equal((await addFailing(new CodedError("pod_exists", "It is there"))).status, 409);
  assert.equal((await addFailing(new CodedError("not_running", "It stops"))).status, 503);
});

Deno.test("POST /api/v1/pods: 404 where there is no pod folder, or none that can be read", async () => {
  assert.deepEqual(await addFailing(new CodedError("no_pod", "Cannot find it")), {
    status: 404,
    body: { error: "Cannot find it" },
  });
  assert.equal((await addFailing(new Deno.errors.PermissionDenied("not yours"))).status, 404);
});

Deno.test("POST /api/v1/pods: 400 with everything that is wrong with the pod.toml", async () => {
  assert.equal((await addFailing(new CodedError("no_rendezvous", "No broker"))).status, 400);
  let wrong: unknown;
  try {
    parsePodToml(`name = 5\n[transport.dartc]\nsignal_url = "x"\n`, { file: "pod.toml" });
  } catch (error) {
    wrong = error;
  }
  assert.ok(wrong instanceof PodTomlError);
  const { status, body } = await addFailing(wrong);
  assert.equal(status, 400);
  assert.match(body.error, /Cannot use pod\.toml/);
  assert.equal(body.issues.length, wrong.issues.length);
  assert.ok(body.issues[0].line > 0);
});

Deno.test("POST …/stop …/pause …/resume …/restart change the pod, 404 where there is none", async () => {
  for (
    const [verb, call] of [["stop", "remove"], ["pause", "pause"], ["resume", "resume"], [
      "restart",
      "restart",
    ]]
  ) {
    const { ask, calls } = fakeApi();
    const response = await ask(`/api/v1/pods/pod/${verb}`, { method: "POST" });
    assert.equal(response.status, 200, verb);
    assert.deepEqual(await response.json(), { ok: true, podId: "pod", status: "running" });
    assert.equal((await ask(`/api/v1/pods/other/${verb}`, { method: "POST" })).status, 404);
    assert.deepEqual(calls, [`${call} pod`, `${call} other`]);
  }
});

Deno.test("a folder that cannot be served any more is a 400, and says why", async () => {
  const { ask } = fakeApi({
    restartPod: () => Promise.reject(new CodedError("no_rendezvous", "It has no broker")),
    resumePod: () => Promise.reject(new CodedError("pod_renamed", "It has another id")),
  });
  const restarted = await ask("/api/v1/pods/pod/restart", { method: "POST" });
  assert.deepEqual([restarted.status, await restarted.json()], [400, {
    error: "It has no broker",
  }]);
  assert.equal((await ask("/api/v1/pods/pod/resume", { method: "POST" })).status, 409);
});
