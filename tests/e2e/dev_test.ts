import assert from "node:assert/strict";
import { join } from "node:path";
import { start } from "./processes.ts";

const ROOT = join(import.meta.dirname ?? ".", "../..");
const READY = /The playground: +(http:\S+)/;

/** Which start of the server answers. */
async function startOf(url: string): Promise<string> {
  const gone = new AbortController();
  try {
    const { body } = await fetch(`${url}changes`, { signal: gone.signal });
    const { value } = await body?.getReader().read() ?? {};
    return new TextDecoder().decode(value);
  } finally {
    gone.abort();
  }
}

Deno.test("the dev task serves the playground, starts it anew when a source changes, and Ctrl-C ends it", async () => {
  await using dev = start(
    [Deno.execPath(), "run", "-A", "--quiet", join(ROOT, "src/cli/dev.ts"), "--port", "0"],
    {
      env: { ...Deno.env.toObject(), NO_COLOR: "1", OLLAMA_URL: "http://127.0.0.1:9" },
    },
  );
  const [, url = ""] = await dev.line(READY);
  assert.match(await (await fetch(url)).text(), /<h1>The full chain<\/h1>/);
  const first = await startOf(url);
  const changed = "web/playground/page.ts";
  await Deno.utime(join(ROOT, changed), new Date(), new Date()); // as an editor does that saves it
  await dev.line(new RegExp(`${changed} changed`));
  const [, again] = await dev.line(READY, 2);
  assert.equal(again, url, "the pages find their server again");
  assert.notEqual(await startOf(url), first);
  dev.kill("SIGINT");
  assert.equal((await dev.status).code, 0);
  await assert.rejects(fetch(url));
});
