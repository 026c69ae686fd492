import assert from "node:assert/strict";
import { bystanders, startSignalWithFiles } from "./broker_scenes.ts";
import { eventually } from "./eventually.ts";

/** A connection that says nothing, if the broker has room for it. */
async function knock(port: number): Promise<Deno.TcpConn | undefined> {
  try {
    return await Deno.connect({ hostname: "127.0.0.1", port });
  } catch (error) {
    const { ConnectionReset, ConnectionRefused } = Deno.errors; // Deno 2.6 closes the whole door
    assert(error instanceof ConnectionReset || error instanceof ConnectionRefused, String(error));
    return undefined;
  }
}

/** How many pods a broker says to have; undefined while it takes no connection. */
async function origins(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(20_000) });
    return (await answer.json()).origins;
  } catch (error) {
    assert(error instanceof TypeError, String(error)); // refused
    return undefined;
  }
}

Deno.test({
  name: "a broker that is flooded with connections serves those it has, and others afterwards",
  ignore: Deno.build.os !== "linux", // elsewhere it cannot ask how many files it may have open
  async fn() {
    const files = 1_000;
    await using broker = await startSignalWithFiles(files, "its limits");
    const port = Number(new URL(broker.url).port);
    await using others = await bystanders(broker.url);
    for (let flood = 0; flood < 2; flood++) {
      await others.begin();
      const silent = await Promise.all(Array.from({ length: files + 200 }, () => knock(port)));
      await others.complete();
      for (const line of silent) line?.close();
      await eventually("it answers", async () => await origins(broker.url) === 1);
    }
  },
});

Deno.test({
  name: "a broker that has used up its open files takes connections again when they are free",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const files = 200;
    await using broker = await startSignalWithFiles(files, "nothing");
    const port = Number(new URL(broker.url).port);
    await using others = await bystanders(broker.url);
    await others.begin();
    const silent = await Promise.all(Array.from({ length: 2 * files }, () => knock(port)));
    await others.complete();
    for (const line of silent) line?.close();
    await broker.running.line(/"event":"accept_stalled"/);
    assert.equal(await origins(broker.url), 1);
    await others.begin();
    await others.complete();
  },
});
