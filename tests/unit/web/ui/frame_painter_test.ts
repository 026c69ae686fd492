import assert from "node:assert/strict";
import { type FrameHost, FramePainter } from "../../../../web/ui/frame_painter.ts";

/** A screen and a clock that the test moves. */
class FakeFrames implements FrameHost {
  time = 0;
  #frames = new Set<() => void>();
  #timers = new Map<() => void, number>();

  frame(run: () => void): () => void {
    this.#frames.add(run);
    return () => this.#frames.delete(run);
  }
  after(ms: number, run: () => void): () => void {
    const own = () => run();
    this.#timers.set(own, this.time + ms);
    return () => this.#timers.delete(own);
  }
  now(): number {
    return this.time;
  }

  /** The browser paints a frame. */
  paint(): void {
    const due = [...this.#frames];
    this.#frames.clear();
    for (const run of due) run();
  }
  /** Time passes. */
  pass(ms: number): void {
    this.time += ms;
    for (const [run, at] of [...this.#timers]) {
      if (at <= this.time && this.#timers.delete(run)) run();
    }
  }
  get waiting(): number {
    return this.#frames.size + this.#timers.size;
  }
}

Deno.test("FramePainter paints once a frame, however often it was marked", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  let painted = 0;
  const item = { paint: () => (painted++, false) };
  for (let i = 0; i < 100; i++) painter.mark(item);
  assert.equal(painted, 0);
  frames.paint();
  assert.equal(painted, 1);
});

Deno.test("FramePainter schedules nothing when there is nothing to paint", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  painter.mark({ paint: () => false });
  frames.paint();
  frames.pass(1);
  assert.equal(frames.waiting, 0);
});

Deno.test("FramePainter stops when its share of the frame is over and goes on in the next", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  let left = 10;
  painter.mark({
    paint() {
      frames.time += 2;
      return --left > 0;
    },
  });
  frames.paint();
  assert.ok(left > 0 && left < 10, `${left} left`);
  for (let i = 0; left > 0 && i < 10; i++) {
    frames.pass(1);
    frames.paint();
  }
  assert.equal(left, 0);
});

Deno.test("FramePainter paints by a timer where no frames come, as in a hidden page", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  let painted = 0;
  painter.mark({ paint: () => (painted++, false) });
  frames.pass(250);
  assert.equal(painted, 1);
});

Deno.test("FramePainter paints less often where a frame takes long to lay out", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  let painted = 0;
  const item = { paint: () => (painted++, false) };
  painter.mark(item);
  frames.paint();
  painter.mark(item);
  frames.pass(100); // the layout of what was painted
  frames.paint();
  assert.equal(painted, 1, "it waits as long as the layout took");
  frames.pass(100);
  frames.paint();
  assert.equal(painted, 2);
});

Deno.test("FramePainter forgets what was dropped", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  const item = { paint: () => assert.fail("it is gone") };
  painter.mark(item);
  painter.drop(item);
  frames.paint();
  frames.pass(1_000);
  assert.equal(frames.waiting, 0);
});

Deno.test("FramePainter paints the newest first, where the visitor looks", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  const painted: string[] = [];
  for (const name of ["old", "middle", "new"]) {
    painter.mark({ paint: () => (painted.push(name), false) });
  }
  frames.paint();
  assert.deepEqual(painted, ["new", "middle", "old"]);
});

Deno.test("FramePainter.paintFirst() paints what fills a screen at once, and the rest in frames", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  const painted: number[] = [];
  for (let i = 0; i < 100; i++) painter.mark({ paint: () => (painted.push(i), false) });
  painter.paintFirst();
  assert.ok(painted.length >= 10 && painted.length < 100, `${painted.length}`);
  assert.equal(painted[0], 99);
  frames.paint();
  assert.deepEqual(painted, Array.from({ length: 100 }, (_, i) => 99 - i));
});

Deno.test("FramePainter.paintFirst() leaves a long text for later, not half done for ever", () => {
  const frames = new FakeFrames();
  const painter = new FramePainter(frames);
  let left = 60;
  painter.mark({ paint: () => --left > 0 });
  painter.paintFirst();
  assert.ok(left > 0);
  frames.paint();
  assert.equal(left, 0);
});
