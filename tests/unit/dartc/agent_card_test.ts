import assert from "node:assert/strict";
import { originCard, visitorCard } from "../../../src/dartc/mod.ts";
import { readAgentCard } from "../../../src/dartc/agent_card.ts";

const MANIFEST = {
  id: "hello-pod",
  name: "Hello",
  persona: "Says hello",
  owner_pubkey: "ab".repeat(32),
  transport: { preferred: ["dartc"], dartc: { pod_id: "hello-pod" } },
  tools: [{ name: "share_contact", description: "Shares contact details" }],
};

Deno.test("originCard() has the members of the page, from the manifest", () => {
  const card = originCard(MANIFEST);
  assert.deepEqual(card, {
    protocolVersion: "0.2.2",
    name: "Hello",
    description: "Says hello",
    capabilities: { streaming: true, pushNotifications: false, stateTransitionHistory: false },
    skills: [
      { id: "gemmapod-chat", name: "Chat", description: "Chat with Hello", tags: ["chat"] },
      {
        id: "tool:share_contact",
        name: "share_contact",
        description: "Shares contact details",
        tags: ["tool", "signed-manifest"],
      },
    ],
    provider: { organization: "GemmaPod", url: "https://gemmapod.com" },
    extensions: [
      {
        uri: "https://gemmapod.com/protocols/dartc",
        version: "0.2",
        topics: ["dartc.*", "a2a.discovery", "gemmapod.chat.*", "gemmapod.ui.event"],
      },
      {
        uri: "https://gemmapod.com/extensions/pod",
        version: "1",
        pod_id: "hello-pod",
        owner_pubkey: MANIFEST.owner_pubkey,
        transport: MANIFEST.transport,
      },
    ],
  });
});

Deno.test("originCard() names the page's address only where it is known", () => {
  assert.ok(!("url" in originCard(MANIFEST)));
  assert.equal(originCard(MANIFEST, { pageUrl: "https://x.test/" }).url, "https://x.test/");
});

Deno.test("originCard() takes null for absent, as manifests have it", () => {
  const card = originCard({ id: "p", name: "P", persona: null, tools: null, owner_pubkey: null });
  assert.equal(card.description, "");
  assert.equal(card.skills.length, 1);
  assert.deepEqual(card.extensions[1], {
    uri: "https://gemmapod.com/extensions/pod",
    version: "1",
    pod_id: "p",
  });
});

Deno.test("visitorCard() has the one skill and the first extension", () => {
  const { skills, extensions } = visitorCard();
  assert.deepEqual(skills.map((skill) => skill.id), ["gemmapod-chat-client"]);
  assert.deepEqual(extensions.map(({ uri }) => uri), ["https://gemmapod.com/protocols/dartc"]);
});

Deno.test("readAgentCard() takes the card from either place, and completes it", () => {
  const card = originCard(MANIFEST);
  assert.deepEqual(readAgentCard({ kind: "AgentCard", card }), card);
  assert.deepEqual(readAgentCard(undefined, { kind: "AgentCard", card }), card);
  assert.deepEqual(
    readAgentCard({
      kind: "AgentCard",
      card: { name: "P", version: "1", url: 1, skills: [1], extensions: null, provider: [] },
    }),
    {
      protocolVersion: "0.2.2",
      name: "P",
      version: "1",
      description: "",
      capabilities: { streaming: false, pushNotifications: false, stateTransitionHistory: false },
      skills: [],
      extensions: [],
    },
  );
});

Deno.test("readAgentCard() finds no card where there is none", () => {
  for (
    const place of [undefined, null, {}, { kind: "AgentCard" }, { kind: "AgentCard", card: {} }]
  ) {
    assert.equal(readAgentCard(place), undefined);
  }
  assert.equal(readAgentCard({ kind: "Task", card: { name: "P" } }), undefined);
});
