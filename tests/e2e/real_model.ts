/**
 * `deno task test:model --provider-url URL --model NAME`: the packed page against a real model, by
 * hand and not in CI. Asks two questions through Chromium and prints what came back, and how fast.
 *
 * @module
 */
import { Command } from "../../src/base/native.ts";
import { launchBrowser } from "./browser.ts";
import { openPage } from "./browser/page.ts";
import { startChain } from "./chain.ts";

const QUESTIONS = [
  "What is the capital of France?",
  "Write three sentences about the sea.",
  "What did I ask you first?",
];

const { providerUrl, model } = new Command("test:model")
  .description("The packed page against a real model: asks two questions and prints the answers.")
  .option("--provider-url <url>", "an OpenAI-compatible endpoint", "http://localhost:11434")
  .option("--model <name>", "the model's name there", "gemma4:e4b")
  .parse(Deno.args, { from: "user" })
  .opts<{ providerUrl: string; model: string }>();

await using chain = await startChain({ modelUrl: providerUrl, model });
await using browser = await launchBrowser();
await using visitor = await openPage(browser, chain.pageUrl);
visitor.page.setDefaultTimeout(300_000); // a real model on a slow machine takes its time
await visitor.state("ready");
for (const [index, question] of QUESTIONS.entries()) {
  const before = await visitor.seen();
  const started = performance.timeOrigin + performance.now();
  await visitor.ask(question);
  const thread = await visitor.answered(index + 1);
  const seen = await visitor.seen();
  const first = (seen.at[before.at.length] ?? NaN) - started;
  const all = (seen.at.at(-1) ?? NaN) - started;
  const pieces = seen.deltas.length - before.deltas.length;
  console.log(`\n> ${question}\n${thread.at(-1)?.text}`);
  console.log(
    `  ${pieces} pieces, the first after ${first.toFixed(0)} ms, all in ${all.toFixed(0)} ms`,
  );
}
if (visitor.errors.length > 0) throw new Error(visitor.errors.join("\n"));
