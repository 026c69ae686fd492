import { GemmaPodRuntime, podConfig } from "./gemmapod.ts";
import { element, made, reloadOnChange } from "./page.ts";

reloadOnChange();
const { runtime } = await GemmaPodRuntime.mountPod(null, await podConfig("demo-pod"), {
  ui: "none",
});
const thread = element("thread");
const question = document.querySelector("input");
const send = document.querySelector<HTMLButtonElement>("#send");
const stop = document.querySelector<HTMLButtonElement>("#stop");
let asking: AbortController | undefined;

/** Draws all messages, and after them the answer that is being given. */
function draw(answer?: string): void {
  const items = runtime.chat.history().map(({ role, content, status }) =>
    made("li", content, { "data-role": role, "data-status": status })
  );
  const open = runtime.chat.active().length > 0 || answer !== undefined;
  if (open) {
    items.push(made("li", answer || "…", { "data-role": "assistant", "data-status": "streaming" }));
  }
  thread.replaceChildren(...items);
  thread.scrollTop = thread.scrollHeight;
}

async function ask(text: string): Promise<void> {
  asking = new AbortController();
  setBusy("busy");
  let answer = "";
  try {
    for await (const { delta, kind } of runtime.chat.stream({ text, signal: asking.signal })) {
      if (kind === "reasoning") continue;
      answer += delta;
      draw(answer);
    }
  } catch (error) {
    if (!asking.signal.aborted) element("status").textContent = String(error);
  } finally {
    setBusy("free");
    draw();
  }
}

function setBusy(state: "busy" | "free"): void {
  if (send) send.disabled = state === "busy";
  if (stop) stop.disabled = state === "free";
}

runtime.events.on("transport.updated", () => {
  element("status").textContent = GemmaPodRuntime.quickTransportStatus(runtime).detail;
});
runtime.events.on("chat.history", () => draw());
element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question?.value.trim();
  if (!question || !text) return;
  question.value = "";
  void ask(text);
});
stop?.addEventListener("click", () => asking?.abort());
element("clear").addEventListener("click", () => void runtime.chat.clear());
draw();
setBusy("free"); // before somebody listened, the browser itself would have sent the form
