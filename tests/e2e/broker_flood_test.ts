import assert from "node:assert/strict";
import { bystanders, startSignalWithFiles } from "./broker_scenes.ts";

/** A connection that says nothing, if the broker has room for it. */
async function knock(port: number): Promise<Deno.TcpConn | undefined> {
  try {
    return await Deno.connect({ hostname: "127.0.0.1", port });
  } catch (error) {
    assert(error instanceof Deno.errors.ConnectionReset, String(error));
    return undefined;
  }
}

Deno.test({
  name: "a broker that is flooded with connections serves those it has, and others afterwards",
  ignore: Deno.build.os !== "linux", // elsewhere it cannot ask how many files it may have open
  async fn() {
    const files = 1_000;
    await using broker = await startSignalWithFiles(files, "--limits", "off");
    const port = Number(new URL(broker.url).port);
    await using others = await bystanders(broker.url);
    for (let flood = 0; flood < 2; flood++) {
      await others.begin();
      const silent = await Promise.all(Array.from({ length: files + 200 }, () => knock(port)));
      await others.complete();
      for (const line of silent) line?.close();
      const answer = await fetch(`${broker.url}/health`, { signal: AbortSignal.timeout(20_000) });
      assert.equal((await answer.json()).origins, 1);
    }
  },
});
