import assert from "node:assert/strict";
import { join } from "node:path";
import { type BuiltInSources, builtInTools } from "../../../../src/host/tools/built_in_tools.ts";

async function answer(
  name: string,
  options: BuiltInSources & { files?: Record<string, string>; input?: unknown } = {},
): Promise<unknown> {
  const { files = {}, input = {}, ...sources } = options;
  const podDir = await Deno.makeTempDir();
  try {
    for (const [file, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(podDir, file), text);
    }
    const tool = builtInTools({ podDir, ...sources })[name];
    return await tool?.execute?.(input, { toolCallId: "1", messages: [] });
  } finally {
    await Deno.remove(podDir, { recursive: true });
  }
}

Deno.test("share_contact: the folder's file, else the setting, else that there is none", async () => {
  const contactJson = '{"email":"a@example.org"}';
  const files = { "contacts.json": '{"email":"b@example.org"}' };
  assert.deepEqual(await answer("share_contact", { contactJson, files }), {
    email: "b@example.org",
  });
  assert.deepEqual(await answer("share_contact", { contactJson }), { email: "a@example.org" });
  assert.deepEqual(await answer("share_contact"), { configured: false });
});

Deno.test("share_contact: what is no JSON is said by its name, without a path", async () => {
  await assert.rejects(answer("share_contact", { files: { "contacts.json": "{" } }), {
    message: "contacts.json is not JSON",
  });
  await assert.rejects(answer("share_contact", { contactJson: "me" }), {
    message: "GEMMAPOD_CONTACT_JSON is not JSON",
  });
});

Deno.test("show_project: all projects, or one by its name, else what the pod is", async () => {
  const about = { name: "Pod", persona: "A pod." };
  assert.deepEqual(await answer("show_project", { about }), { name: "Pod", summary: "A pod." });
  const list = { projects: [{ name: "Kite", year: 1 }, { name: "Boat", year: 2 }] };
  const files = { "projects.json": JSON.stringify(list) };
  assert.deepEqual(await answer("show_project", { files }), list);
  const boat = { files, input: { project: "boat" } };
  assert.deepEqual(await answer("show_project", boat), { name: "Boat", year: 2 });
  const unknown = { files, input: { project: "car" } };
  assert.deepEqual(await answer("show_project", unknown), list);
  const byKey = { files: { "projects.json": '{"Kite":{"year":1}}' }, input: { project: "kite" } };
  assert.deepEqual(await answer("show_project", byKey), { year: 1 });
});

Deno.test("package_demo_pod: says which commands make a pod", async () => {
  const said = JSON.stringify(await answer("package_demo_pod"));
  assert.match(said, /gemmapod init/);
  assert.doesNotMatch(said, /keygen/, "there is a key already: init made it");
});
