import assert from "node:assert/strict";
import { join } from "node:path";
import { launchBrowser } from "../browser.ts";
import { startChain } from "../chain.ts";
import { Gate, startModelEndpoint } from "../model_endpoint.ts";
import { openPage } from "./page.ts";

Deno.test("visitors of a Host that is busy see their place, each change of it, and their answer", async () => {
  const gate = new Gate();
  await using model = await startModelEndpoint({
    script: { tokens: ["Here ", "it ", "is."], pace: gate.pace },
  });
  await using chain = await startChain({ modelUrl: model.url });
  await chain.host[Symbol.asyncDispose]();
  const pod = join(chain.folder, "pod", "pod.toml");
  await Deno.writeTextFile(pod, "\n[limits]\nruns_at_once = 1\n", { append: true });
  await chain.startHost();

  await using browser = await launchBrowser();
  await using first = await openPage(browser, chain.pageUrl);
  await using second = await openPage(browser, chain.pageUrl);
  await using third = await openPage(browser, chain.pageUrl);
  const place = ({ page }: typeof first) => page.locator("[part~=queue]");
  await first.state("ready");
  await first.ask("One?");
  await model.request(0);
  for (const [visitor, expected] of [[second, "you are next"], [third, "number 2"]] as const) {
    await visitor.state("ready");
    await visitor.ask("Two?");
    await place(visitor).filter({ hasText: expected }).waitFor();
  }
  assert.equal(await place(first).count(), 0);

  gate.open(3);
  await first.answered(1);
  await place(second).waitFor({ state: "detached" });
  await place(third).filter({ hasText: "you are next" }).waitFor();
  // Who stops waiting leaves the line.
  await second.page.locator("[part~=stop]").click();
  await second.page.locator("[data-role=assistant][data-status=cancelled]").waitFor();
  gate.open();
  const [, answer] = await third.answered(1);
  assert.equal(answer?.text, "Here it is.");
  for (const { errors } of [first, second, third]) assert.deepEqual(errors, []);
});
