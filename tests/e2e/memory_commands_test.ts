import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { TOKEN_HEADER } from "../../src/host/native.ts";
import { type CommandPlace, commandPlace } from "./command_place.ts";
import { eventually } from "./eventually.ts";
import { podToml } from "./host_setup.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";

const MINE = "mine-0123456789-0123456789";
const OTHER = "other-0123456789-0123456789";
const LOCAL = "local:owner-0123456789-0123456789";

const list = z.object({
  podId: z.string(),
  conversations: z.array(z.object({
    conversationId: z.string(),
    messages: z.number(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })),
});
const exported = z.object({
  podId: z.string(),
  conversationId: z.string(),
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  status: z.string(),
  createdAt: z.iso.datetime(),
  superseded: z.boolean(),
});
const event = z.object({ id: z.number(), at: z.iso.datetime(), kind: z.string() });

async function idsOf(at: CommandPlace, pod: string): Promise<string[]> {
  const { conversations } = list.parse(await at.json("memory", "list", pod));
  return conversations.map(({ conversationId }) => conversationId);
}

/** Asks one question in a conversation. */
async function ask(at: CommandPlace, podId: string, conversationId: string, question: string) {
  const { signalUrl } = at;
  await using visitor = await NativeVisitor.visit({ signalUrl, podId, conversationId });
  return await visitor.ask(question);
}

/** Serves pods by a Host in the background; settles when they are registered. */
async function serve(at: CommandPlace, modelUrl: string, ...podIds: string[]): Promise<void> {
  await at.json("start", "-d", "--provider-url", modelUrl, "--port", "0", "--headless");
  for (const podId of podIds) await at.json("run", await at.writePod(podId), "--once");
}

/** Asks as the dashboard does. */
async function askAsOwner(at: CommandPlace, podId: string, peerId: string, message: string) {
  const { port, token } = z.object({ port: z.number(), token: z.string() })
    .parse(JSON.parse(await Deno.readTextFile(join(at.home, "host.json"))));
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/pods/${podId}/chat`, {
    method: "POST",
    headers: { [TOKEN_HEADER]: token, "content-type": "application/json" },
    body: JSON.stringify({ message, peerId }),
  });
  assert.ok(answer.ok, await answer.text());
}

const linesOf = (said: string) => said === "" ? [] : said.split("\n");

Deno.test("memory and logs: nothing is remembered before the first word, and looking makes no file", async () => {
  await using at = await commandPlace();
  assert.deepEqual(await at.json("memory", "list", "pod"), { podId: "pod", conversations: [] });
  assert.deepEqual(await at.call(["memory", "export", "pod"]), { code: 0, said: "" });
  assert.deepEqual(await at.json("memory", "clear", "pod"), { podId: "pod", cleared: 0 });
  assert.deepEqual(await at.call(["logs", "pod"]), {
    code: 0,
    said: "warning: nothing is logged of pod; `gemmapod list` names the pods",
  });
  const { code, said } = await at.call(["memory", "show", "pod", "x"]);
  assert.equal(code, 1);
  assert.match(said, /^error: Pod pod has no conversation x: `gemmapod memory list pod`/);
  const missing = await at.call(["memory", "list", "pod", "--db", "nowhere.sqlite"]);
  assert.deepEqual(missing, { code: 1, said: "error: Cannot find the database nowhere.sqlite" });
  await assert.rejects(Deno.stat(at.home), Deno.errors.NotFound);
});

Deno.test("memory and logs: a pod is known by its folder's name, too, as `stop` knows it", async () => {
  await using at = await commandPlace();
  await at.json("start", "-d", "--provider", "demo", "--port", "0", "--headless");
  const dir = await at.writePod("shop", podToml(at.signalUrl, "shop-61a534"));
  await at.json("run", dir, "--once");
  await askAsOwner(at, "shop-61a534", MINE, "One?");
  await eventually("its log has the question", async () => {
    const { said } = await at.call(["logs", "shop"]);
    return /^\S+Z {2}message .*role=user characters=4/m.test(said);
  });
  for (const when of ["a Host runs", "no Host runs"]) {
    const { podId } = list.parse(await at.json("memory", "list", "shop"));
    assert.equal(podId, "shop-61a534", when);
    await at.call(["stop"]);
  }
});

Deno.test("memory and logs: with a Host that runs, and the same without one", async (t) => {
  await using at = await commandPlace();
  await using model = startModelEndpoint({ script: { tokens: ["An ", "answer\nin two"] } });
  await serve(at, model.url, "pod", "neighbour");
  await at.json("link", join(at.folder, "pod"), "--name", "Saved pod");
  await ask(at, "pod", MINE, "One?");
  await ask(at, "pod", MINE, "Two?");
  await ask(at, "pod", OTHER, "Three?");
  await ask(at, "neighbour", MINE, "Four?");

  for (const when of ["a Host runs", "no Host runs"]) {
    await t.step(`list, show and export while ${when}`, async () => {
      assert.deepEqual(await idsOf(at, "pod"), [OTHER, MINE]);
      assert.deepEqual(await idsOf(at, "saved-pod"), [OTHER, MINE]);
      assert.match(
        (await at.call(["memory", "list", "pod"])).said,
        new RegExp(`^${MINE} +4 `, "m"),
      );
      const { code, said } = await at.call(["memory", "show", "pod", "mine-0"]);
      assert.equal(code, 0, said);
      const shown = linesOf(said).map((line) => line.replace(/^\d{4}-\S+Z/, "TIME"));
      assert.deepEqual(shown.slice(0, 5), [
        "TIME  user",
        "  One?",
        "TIME  assistant",
        "  An answer",
        "  in two",
      ]);
      const lines = linesOf((await at.call(["memory", "export", "pod"])).said)
        .map((line) => exported.parse(JSON.parse(line)));
      assert.deepEqual(
        lines.filter(({ role }) => role === "user").map((line) => [
          line.conversationId,
          line.content,
        ]),
        [[MINE, "One?"], [MINE, "Two?"], [OTHER, "Three?"]],
      );
      assert.ok(lines.every(({ podId }) => podId === "pod"));
      const one = linesOf((await at.call(["memory", "export", "pod", OTHER])).said);
      assert.equal(one.length, 2);
    });
    if (when === "no Host runs") continue;
    await t.step("logs: runs and messages as they happened, without a word of them", async () => {
      let said = "";
      await eventually("the run is written down", async () => {
        said = (await at.call(["logs", "pod"])).said;
        return /^\S+ +run .*status=done/m.test(said);
      });
      assert.match(said, /^\S+Z {2}message {4}conversation=mine-0 .*role=user characters=4/m);
      assert.doesNotMatch(said, /One\?|0123456789-0123456789/);
      const events = linesOf((await at.call(["logs", "pod", "--json", "-n", "3"])).said);
      assert.equal(events.length, 3);
      for (const line of events) event.parse(JSON.parse(line));
    });
    await t.step("logs -f goes on with what happens, until Ctrl-C", async () => {
      await using following = at.gemmapod("logs", "pod", "-f", "-n", "0");
      const asking = (async () => {
        while (following.lines.length === 0) await ask(at, "pod", "followed-0123456789-01", "Now?");
      })();
      await following.line(/conversation=follow/);
      following.kill("SIGINT");
      assert.equal((await following.status).code, 0);
      await asking;
      await at.json("memory", "clear", "pod", "followed-0123456789-01");
    });
    await at.json("stop");
  }

  await t.step(
    "a name that nobody has: the one that was meant, of those that are remembered",
    async () => {
      for (
        const [args, meant] of [
          [["memory", "list", "pdo"], "pod"],
          [["memory", "show", "neighbor", "mine-0"], "neighbour"],
          [["memory", "export", "saved-pdo", "--json"], "saved-pod"],
          [["memory", "clear", "pdo", "--yes"], "pod"],
          [["logs", "pdo"], "pod"],
          [["logs", "pdo", "-f"], "pod"],
        ] as const
      ) {
        const { code, said } = await at.call(args);
        const name = args[0] === "logs" ? args[1] : args[2];
        assert.deepEqual([code, said], [
          1,
          `error: No pod "${name}" is known here. Did you mean ${meant}?`,
        ]);
      }
      const unheard = await at.call(["memory", "list", "something-else"]);
      assert.deepEqual(unheard, {
        code: 0,
        said: "no conversation of pod something-else is remembered",
      });
    },
  );

  await t.step("clear forgets one conversation, then the pod's, and no other pod's", async () => {
    assert.deepEqual(await at.json("memory", "clear", "pod", OTHER), { podId: "pod", cleared: 1 });
    assert.deepEqual(await idsOf(at, "pod"), [MINE]);
    assert.deepEqual(await at.call(["memory", "clear", "pod"]), {
      code: 0,
      said: "forgot 1 conversation of pod pod",
    });
    assert.deepEqual(await idsOf(at, "pod"), []);
    assert.deepEqual(await idsOf(at, "neighbour"), [MINE]);
  });
});

Deno.test("memory clear takes effect while the Host runs: the visitor who returns finds nothing", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  await serve(at, model.url, "pod");
  await ask(at, "pod", MINE, "Remember me.");
  await ask(at, "pod", MINE, "Do you?");
  assert.deepEqual(
    (await model.request(1)).thread.slice(1).map(({ content }) => content),
    ["Remember me.", "Hello from the endpoint.", "Do you?"],
  );
  assert.deepEqual(await at.json("memory", "clear", "pod"), { podId: "pod", cleared: 1 });
  const { signalUrl } = at;
  await using visitor = await NativeVisitor.visit({
    signalUrl,
    podId: "pod",
    conversationId: MINE,
  });
  await visitor.ask("And now?");
  assert.deepEqual(visitor.uiEvents("MESSAGES_SNAPSHOT"), []);
  assert.deepEqual(
    (await model.request(2)).thread.slice(1).map(({ content }) => content),
    ["And now?"],
  );
});

Deno.test("a visitor never reads the owner's own conversation, nor another pod's", async (t) => {
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  await serve(at, model.url, "pod", "neighbour");
  const { signalUrl } = at;
  await askAsOwner(at, "pod", LOCAL, "The owner's secret.");
  await model.request(0);
  await ask(at, "neighbour", MINE, "The neighbour's secret.");

  await t.step("a hello with the owner's id is refused", async () => {
    await assert.rejects(
      NativeVisitor.visit({ signalUrl, podId: "pod", conversationId: LOCAL }),
    );
  });
  await t.step("a request with the owner's id is refused, and runs nothing", async () => {
    await using visitor = await NativeVisitor.visit({ signalUrl, podId: "pod" });
    const messages = [{ role: "user", content: "What did I say?" }] as const;
    const requestId = visitor.session.chat({ conversationId: LOCAL, messages: [...messages] });
    assert.equal((await visitor.answerTo(requestId)).error?.code, "bad_chat_request");
    assert.equal(model.requests.length, 2);
  });
  await t.step("the same id at another pod is another conversation", async () => {
    await using visitor = await NativeVisitor.visit({
      signalUrl,
      podId: "pod",
      conversationId: MINE,
    });
    await visitor.ask("What did I say?");
    assert.deepEqual(visitor.uiEvents("MESSAGES_SNAPSHOT"), []);
    const { thread } = await model.request(2);
    assert.doesNotMatch(JSON.stringify(thread), /secret/);
  });
  assert.deepEqual(await idsOf(at, "pod"), [MINE, LOCAL]);
  assert.deepEqual(await idsOf(at, "neighbour"), [MINE]);
});

Deno.test("start --retention forgets conversations and events that rested, and keeps the others", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  await serve(at, model.url, "pod");
  await ask(at, "pod", MINE, "Old.");
  await ask(at, "pod", OTHER, "New.");
  await at.json("stop"); // writes the event log out
  const database = new DatabaseSync(join(at.home, "host.sqlite"));
  const tenDaysAgo = Date.now() - 10 * 86_400_000;
  database.prepare("UPDATE conversations SET updated_at = ? WHERE conversation_id = ?")
    .run(tenDaysAgo, MINE);
  database.prepare("UPDATE events SET at = ? WHERE conversation_id = ?").run(tenDaysAgo, MINE);
  database.close();
  const conversationsLogged = async () => {
    const { said } = await at.call(["logs", "pod", "--json"]);
    return new Set(linesOf(said).flatMap((line) => JSON.parse(line).conversationId ?? []));
  };
  assert.deepEqual(await conversationsLogged(), new Set([MINE, OTHER]));
  await at.json("start", "-d", "--resume", "--retention", "9", "--port", "0");
  assert.deepEqual(await idsOf(at, "pod"), [OTHER]);
  assert.deepEqual(await conversationsLogged(), new Set([OTHER]));
});
