import assert from "node:assert/strict";
import { join } from "node:path";
import { launchBrowser } from "../browser.ts";
import { openPage } from "../browser/page.ts";
import { endBackgroundHost } from "../background_host.ts";
import { startChain } from "../chain.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { run } from "../processes.ts";
import { compiledPrograms } from "./compiled_programs.ts";

Deno.test("the compiled programs do the main job from an empty folder, HOME and PATH", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-bin-" });
  try {
    const programs = await compiledPrograms();
    await using model = await startModelEndpoint({
      script: { tokens: ["Hello ", "from ", "home."] },
    });
    await using chain = await startChain({
      programs,
      modelUrl: model.url,
      env: { HOME: join(folder, "home"), PATH: "" },
    });
    await using browser = await launchBrowser();
    await using visitor = await openPage(browser, chain.pageUrl);
    await visitor.state("ready");
    await visitor.ask("Are you there?");
    assert.deepEqual(await visitor.answered(1), [
      { role: "user", text: "Are you there?" },
      { role: "assistant", text: "Hello from home." },
    ]);
    await visitor.page.reload(); // the compiled broker knows the page's runtime: its storage stays
    await visitor.state("ready");
    assert.equal((await visitor.answered(1)).length, 2);
    assert.deepEqual(visitor.errors, []);

    // A Host in the background, from the same single file.
    const place = { cwd: folder, env: { HOME: join(folder, "other"), PATH: "" } };
    const ask = async (...args: string[]) =>
      JSON.parse(await run([...programs.gemmapod, ...args, "--json"], place));
    const { pid, port } = await ask("start", "-d", "--empty", "--port", "0");
    const status = await ask("status");
    assert.deepEqual([status.pid, status.port, status.podCount], [pid, port, 0]);
    assert.deepEqual(await ask("stop"), { stopped: "host", pid });
  } finally {
    await endBackgroundHost(join(folder, "other", ".gemmapod"));
    await Deno.remove(folder, { recursive: true });
  }
});
