import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import type { Browser } from "../../libraries/playwright.ts";
import { launchBrowser, type LaunchOptions } from "../browser.ts";
import { type Chain, startChain } from "../chain.ts";
import { eventually } from "../eventually.ts";
import { Gate, type ModelEndpoint, startModelEndpoint } from "../model_endpoint.ts";
import { openPage, type PodPage } from "./page.ts";

/** What the model says; the gate says when. */
const TOKENS = ["One ", "two ", "three ", "four."];
const WHOLE = TOKENS.join("");

/** A visitor in the middle of an answer: `One two ` is on the screen, and no more comes. */
interface Scene extends AsyncDisposable {
  readonly browser: Browser;
  readonly chain: Chain;
  readonly model: ModelEndpoint;
  readonly visitor: PodPage;
}

/** Where the visitor opens the page, and in what. */
interface Place {
  options?: LaunchOptions;
  /** @default its file: it is there whatever becomes of the broker */
  url?(chain: Chain): string;
}

async function halfAnAnswer({ options, url = fileUrl }: Place = {}): Promise<Scene> {
  await using open = new AsyncDisposableStack();
  const model = open.use(await startModelEndpoint({ script: { tokens: TOKENS } }));
  const chain = open.use(await startChain({ modelUrl: model.url }));
  const browser = open.use(await launchBrowser(options));
  const visitor = open.use(await openPage(browser, url(chain)));
  await visitor.state("ready");
  await visitor.ask("Count.");
  await visitor.answered(1);
  const gate = new Gate();
  model.next({ tokens: TOKENS, pace: gate.pace });
  await visitor.ask("Again.");
  gate.open(2);
  await answer(visitor, "streaming").getByText("One two").waitFor();
  const owned = open.move();
  return { browser, chain, model, visitor, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function fileUrl({ pageFile }: Chain): string {
  return pathToFileURL(pageFile).href;
}

function answer(visitor: PodPage, status: string) {
  return visitor.page.locator(`[data-role=assistant][data-status=${status}] [part~=text]`);
}

/** Asserts that the second answer is marked as cut, with what there was of it. */
async function assertCut(visitor: PodPage): Promise<void> {
  await answer(visitor, "cut").waitFor();
  assert.equal((await answer(visitor, "cut").textContent())?.trim(), "One two");
}

/** Asserts that the conversation goes on: the cut answer is asked for again, and then some more. */
async function assertGoesOn({ visitor, model }: Scene): Promise<void> {
  await visitor.state("ready");
  const before = model.requests.length;
  await visitor.page.locator("[part~=ask-again]").last().click();
  assert.deepEqual((await visitor.answered(2)).map(({ text }) => text.trim()), [
    "Count.",
    WHOLE,
    "Again.",
    WHOLE,
  ]);
  await visitor.ask("And on?");
  await visitor.answered(3);
  const { thread } = await model.request(before + 1);
  assert.deepEqual(thread.slice(1).map(({ content }) => content), [
    "Count.",
    WHOLE,
    "Again.",
    WHOLE,
    "And on?",
  ]);
}

Deno.test("a Host that is killed and comes back: the answer is marked, the conversation goes on", async () => {
  await using scene = await halfAnAnswer();
  const { chain, visitor } = scene;
  chain.host.kill("SIGKILL");
  await chain.host.status;
  await assertCut(visitor);
  await visitor.state("offline", "connecting");
  await chain.startHost();
  await assertGoesOn(scene);
});

Deno.test("a broker that is killed and comes back: an open chat does not notice, a new page connects", async () => {
  await using scene = await halfAnAnswer();
  const { browser, chain, visitor, model } = scene;
  chain.broker.kill("SIGKILL");
  await chain.broker.status;
  // Nobody asks for more of the answer on its way: it is stopped, on the Host too.
  const stopped = model.requests.at(-1);
  await visitor.page.locator("[part~=stop]").click();
  assert.equal(await stopped?.ended, "aborted");
  await visitor.ask("Are you there?");
  await visitor.answered(2);

  await using early = await openPage(browser, fileUrl(chain));
  await early.state("offline");
  await chain.startBroker();
  await chain.host.line(/registered again for pod test-pod/);
  await early.state("ready"); // by itself
  await using late = await openPage(browser, fileUrl(chain));
  await late.state("ready");
  for (const page of [early, late]) {
    await page.ask("And you?");
    assert.equal((await page.answered(1)).at(-1)?.text.trim(), WHOLE);
  }
  await visitor.ask("Still there?");
  await visitor.answered(3);
  assert.equal(await visitor.page.locator("[data-status=cut]").count(), 0);
});

Deno.test("a network that goes and comes back: nothing is tried meanwhile, and then at once", async () => {
  await using scene = await halfAnAnswer();
  const { chain, visitor } = scene;
  const context = visitor.page.context();
  // Offline alone does not stop WebRTC on loopback: a Host that is stopped answers nothing, as if
  // its cable were pulled.
  await context.setOffline(true);
  chain.host.kill("SIGSTOP");
  await assertCut(visitor);
  await visitor.state("offline");
  chain.host.kill("SIGCONT");
  let calls = 0;
  visitor.page.on("websocket", () => calls++);
  await visitor.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await visitor.state("offline");
  assert.equal(calls, 0);
  await context.setOffline(false);
  await assertGoesOn(scene);
});

Deno.test("a page that was hidden for long finds its Host gone and back, and goes on", async () => {
  await using scene = await halfAnAnswer();
  const { chain, visitor: { page } } = scene;
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    let visibility = "hidden";
    Object.defineProperty(document, "visibilityState", { get: () => visibility });
    document.dispatchEvent(new Event("visibilitychange"));
    document.addEventListener("resume", () => {
      visibility = "visible";
      document.dispatchEvent(new Event("visibilitychange"));
    });
  });
  // No timer runs in a frozen page, and nothing that happens to its connections is told.
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  chain.host.kill("SIGKILL");
  await chain.host.status;
  await chain.startHost();
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await assertCut(scene.visitor);
  await assertGoesOn(scene);
});

Deno.test("a page that comes out of the back/forward cache connects again", async () => {
  await using scene = await halfAnAnswer({
    options: { ignoreDefaultArgs: ["--disable-back-forward-cache"] },
    url: ({ pageUrl }) => pageUrl,
  });
  const { chain, visitor, visitor: { page } } = scene;
  await page.evaluate(() => {
    addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
  });
  await page.goto(`${chain.brokerUrl}/`);
  await page.goBack({ waitUntil: "commit" });
  await eventually(
    "the page comes out of the cache",
    () => page.evaluate(() => Reflect.get(window, "persisted") === true),
  );
  await assertCut(visitor);
  await assertGoesOn(scene);
});
