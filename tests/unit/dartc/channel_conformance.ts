import assert from "node:assert/strict";
import type { Channel } from "../../../src/dartc/mod.ts";
import { until } from "./until.ts";

/** Two ends of one open channel. */
export interface OpenChannel extends AsyncDisposable {
  readonly near: Channel;
  readonly far: Channel;
}

/**
 * What every {@linkcode Channel} must do, so that a session may run on it. A transport's tests call
 * this with how to open one of theirs.
 */
export function testChannel(name: string, open: () => Promise<OpenChannel>): void {
  Deno.test(`${name}: texts arrive whole, in order, in both directions`, async () => {
    await using channel = await open();
    const { near, far } = channel;
    const heard: string[] = [];
    const answers: string[] = [];
    far.onMessage((text) => {
      heard.push(text);
      far.send(`re ${text.length}`);
    });
    near.onMessage((text) => answers.push(text));
    const sent = ["1", "", "é\u{1f355}\u2028", "x".repeat(60_000), "5"];
    for (const text of sent) near.send(text);
    await until("all was answered", () => answers.length === sent.length);
    assert.deepEqual(heard, sent);
    assert.deepEqual(answers, sent.map((text) => `re ${text.length}`));
  });

  Deno.test(`${name}: texts that come before the handler is set are kept`, async () => {
    await using channel = await open();
    const { near, far } = channel;
    const early = Promise.withResolvers<void>();
    near.onMessage(() => early.resolve());
    for (const text of ["1", "2", "3"]) near.send(text);
    far.send("go on");
    await early.promise;
    const heard: string[] = [];
    far.onMessage((text) => heard.push(text));
    near.send("4");
    await until("all were heard", () => heard.length === 4);
    assert.deepEqual(heard, ["1", "2", "3", "4"]);
  });

  Deno.test(`${name}: what was sent goes out before a close, which both ends hear once`, async () => {
    await using channel = await open();
    const { near, far } = channel;
    const log: string[] = [];
    let nearEnds = 0;
    far.onMessage((text) => log.push(text));
    far.onClose(() => log.push("closed"));
    near.onMessage(() => {});
    near.onClose(() => nearEnds++);
    for (let i = 0; i < 100; i++) near.send(`${i}`);
    near.close("done");
    near.close("again");
    await until("both ends heard", () => log.includes("closed") && nearEnds > 0);
    assert.deepEqual(log, [...Array.from({ length: 100 }, (_, i) => `${i}`), "closed"]);
    assert.equal(nearEnds, 1);
  });

  Deno.test(`${name}: after its close a channel does nothing, and throws nothing`, async () => {
    await using channel = await open();
    const { near, far } = channel;
    const heard: string[] = [];
    let closed = false;
    far.onMessage((text) => heard.push(text));
    far.onClose(() => closed = true);
    near.onMessage(() => {});
    near.onClose(() => {});
    near.close();
    near.send("too late");
    await until("the far end heard", () => closed);
    far.send("too late");
    far.close();
    assert.equal(near.writable(), undefined);
    assert.deepEqual(heard, []);
  });

  Deno.test(`${name}: a flood makes it say wait, and then go on`, async () => {
    await using channel = await open();
    const { near, far } = channel;
    let heard = 0;
    far.onMessage(() => heard++);
    near.onMessage(() => {});
    assert.equal(near.writable(), undefined);
    const text = "x".repeat(60_000);
    let sent = 0;
    while (sent < 200) {
      near.send(text);
      sent++;
      await near.writable();
    }
    await until("all was heard", () => heard === sent);
    await until("nothing waits any more", () => near.bufferedAmount() === 0);
    assert.equal(near.writable(), undefined);
  });

  Deno.test(`${name}: a close lets go of who waits`, async () => {
    await using channel = await open();
    const { near, far } = channel;
    far.onMessage(() => {});
    near.onMessage(() => {});
    const text = "x".repeat(60_000);
    for (let i = 0; i < 100 && near.writable() === undefined; i++) near.send(text);
    const writable = near.writable();
    far.close("enough");
    await writable;
  });
}
