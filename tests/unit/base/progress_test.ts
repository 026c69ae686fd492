import assert from "node:assert/strict";
import { progressText, sizeText, startProgress } from "../../../src/base/native.ts";

function screen(terminal: "yes" | "no", columns = 80) {
  const written: string[] = [];
  return {
    written,
    isTerminal: () => terminal === "yes",
    columns: () => columns,
    write: (text: string) => void written.push(text),
  };
}

Deno.test("progress says what is done, how far, and of how much", () => {
  assert.equal(
    progressText("uploading a.html", 512_000, 1_024_000),
    `uploading a.html  ${"█".repeat(12)}${"░".repeat(12)}  50 %  512 KB of 1.0 MB`,
  );
  assert.match(progressText("pulling", 5, 3), /█{24} 100 %/);
  assert.equal(progressText("pulling", 1_500), "pulling … 2 KB");
  assert.deepEqual([0, 999, 1_000, 2_500_000, 9_600_000_000].map(sizeText), [
    "0 B",
    "999 B",
    "1 KB",
    "2.5 MB",
    "9.60 GB",
  ]);
});

Deno.test("progress is shown only on a terminal, and leaves its line empty", () => {
  const pipe = screen("no");
  {
    using progress = startProgress("packing", pipe);
    progress.update(1, 2);
  }
  assert.deepEqual(pipe.written, []);

  const terminal = screen("yes");
  {
    using progress = startProgress("packing", terminal, 0);
    progress.update(1, 100); // the first is shown, the next come too soon
    progress.update(2, 100);
    progress.update(3, 100, "uploading"); // another job is shown at once
    progress.update(100, 100); // and so is the end
  }
  const shown = terminal.written.map((text) => text.replace("\r\x1b[K", "").split(" ")[0]);
  assert.deepEqual(shown, ["packing", "uploading", "uploading", ""]);
});

Deno.test("progress that has ended draws no more, whoever still tells of some", () => {
  const terminal = screen("yes");
  const progress = startProgress("uploading", terminal, 0);
  progress.update(1, 2);
  progress[Symbol.dispose]();
  const before = terminal.written.length;
  progress.update(2, 2);
  progress[Symbol.dispose]();
  assert.equal(terminal.written.length, before);
  assert.equal(terminal.written.at(-1), "\r\x1b[K");
});

Deno.test("a line of progress is never longer than the terminal is wide", () => {
  const narrow = screen("yes", 20);
  {
    using progress = startProgress("uploading a page with a long name", narrow, 0);
    progress.update(1, 2);
  }
  assert(narrow.written.length > 1);
  for (const text of narrow.written) assert([...text.replace("\r\x1b[K", "")].length < 20);
});

Deno.test("a job that is done in a moment shows nothing, one that only waits is shown", async () => {
  const quick = screen("yes");
  {
    using progress = startProgress("packing", quick, 60_000);
    progress.update(1, 2);
    progress.update(2, 2);
  }
  assert.deepEqual(quick.written, []);

  const { promise: drawn, resolve } = Promise.withResolvers<string>();
  const slow = { ...screen("yes"), write: (text: string) => resolve(text) };
  using progress = startProgress("uploading", slow, 1);
  progress.update(1, 2);
  assert.match(await drawn, /uploading {2}█{12}░{12} {2}50 %/);
});
