import assert from "node:assert/strict";
import { join } from "node:path";
import type { Answers } from "../../../../src/cli/create/answers.ts";
import { LeftWizard, type Prompts } from "../../../../src/cli/create/prompts.ts";
import { askAll } from "../../../../src/cli/create/wizard.ts";
import { startModelEndpoint } from "../../../e2e/model_endpoint.ts";
import { startOllama } from "../../../e2e/ollama_endpoint.ts";
import { quietBroker } from "../../../e2e/small_page.ts";
import { tempFolder } from "../../../e2e/temp_folder.ts";

/** A person who answers what was written down before, and leaves when nothing is left. */
function person(...answers: string[]) {
  const heard: string[] = [];
  const next = (message: string) => {
    heard.push(message);
    const answer = answers.shift();
    if (answer === undefined) throw new LeftWizard();
    return answer;
  };
  const prompts: Prompts = {
    text: ({ message, refuse }) => {
      for (;;) {
        const answer = next(message);
        const why = refuse?.(answer);
        if (why === undefined) return Promise.resolve(answer);
        heard.push(why);
      }
    },
    select: ({ message, choices }) => {
      const answer = next(message);
      const choice = choices.find(({ value }) => value === answer);
      const values = choices.map(({ value }) => value).join(", ");
      assert(choice !== undefined, `${message} ${answer} is not among ${values}`);
      return Promise.resolve(choice.value);
    },
    say: (_kind, text) => void heard.push(text),
    begin: () => {},
    end: () => {},
    close: () => {},
  };
  return { prompts, heard };
}

/** What is known of everything but one thing. */
function allBut(open: keyof Answers): Answers {
  const { [open]: _, ...known }: Answers = {
    name: "Ada",
    template: "card",
    dir: "/tmp/ada",
    model: { kind: "demo" },
    broker: "http://localhost:8080",
    key: { kind: "new" },
    run: "later",
  };
  return known;
}

const NOWHERE = { url: "http://127.0.0.1:9" };

Deno.test("the wizard looks for models at another address, and takes one from there", async () => {
  await using other = await startModelEndpoint({ models: ["qwen3", "gemma4:e2b"] });
  const { prompts, heard } = person("again", "url", "", other.url, "use gemma4:e2b");
  const kept: Answers[] = [];
  const { model } = await askAll({
    prompts,
    known: allBut("model"),
    endpoint: NOWHERE,
    keep: (answers) => Promise.resolve(void kept.push(answers)),
  });
  assert.deepEqual(model, { kind: "endpoint", url: other.url, model: "gemma4:e2b" });
  assert.deepEqual(kept.map(({ model }) => model), [model]);
  assert.equal(heard.filter((text) => text.includes("nothing answers there")).length, 2);
  assert(heard.includes("Write an address."));
});

Deno.test("a download that fails is told, and another can be tried", async () => {
  await using ollama = startOllama({ pullLines: [{ error: "file does not exist" }] });
  const { prompts, heard } = person("pull", "gemma99", "demo");
  const { model } = await askAll({
    prompts,
    known: allBut("model"),
    endpoint: ollama,
    keep: () => Promise.resolve(),
  });
  assert.deepEqual(model, { kind: "demo" });
  assert(heard.includes("Ollama could not pull gemma99: file does not exist"));
});

Deno.test("a broker is asked for until one answers", async () => {
  await using broker = await quietBroker();
  await using other = await startModelEndpoint();
  const { prompts, heard } = person("own", "ftp://x", other.url, "own", `${broker.url}/signal`);
  const { broker: chosen } = await askAll({
    prompts,
    known: allBut("broker"),
    endpoint: NOWHERE,
    keep: () => Promise.resolve(),
  });
  assert.equal(chosen, broker.url);
  assert(heard.some((text) => text.startsWith(`No broker answers at ${other.url}`)));
  assert(heard.some((text) => text.startsWith("Cannot use the broker")));
});

Deno.test("whoever leaves has kept what was answered, and no more", async () => {
  await using folder = await tempFolder("wizard");
  const { prompts } = person("Ada", "card", "demo");
  let kept: Answers = {};
  const asked = askAll({
    prompts,
    known: { dir: join(folder.path, "ada") },
    endpoint: NOWHERE,
    keep: (answers) => Promise.resolve(void (kept = answers)),
  });
  await assert.rejects(asked, LeftWizard);
  assert.deepEqual(kept, {
    dir: join(folder.path, "ada"),
    name: "Ada",
    template: "card",
    model: { kind: "demo" },
  });
});
