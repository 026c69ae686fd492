import { GemmaPod, podConfig } from "./gemmapod.ts";
import { element, listItem, made, reloadOnChange } from "./page.ts";

/** The newest lines of a list are shown. */
const MAX_LINES = 200;

reloadOnChange();
const { runtime } = await GemmaPod.mountPod(element("pod"), await podConfig("demo-pod"));

const began = Date.now();
runtime.events.on("transport.dartc", ({ stage, at }) => {
  const list = element("steps");
  list.append(listItem(stage, `${at - began} ms`));
  list.scrollTop = list.scrollHeight;
});
runtime.events.on("transport.updated", () => {
  const { phase, detail } = GemmaPod.quickTransportStatus(runtime);
  element("status").textContent = detail;
  element("status").dataset.phase = phase;
});
runtime.events.on("a2a.card", ({ card }) => {
  const skills = card.skills.map(({ id }) => id).join(", ");
  element("card").replaceChildren(made("strong", card.name), made("p", card.description), skills);
});
runtime.events.on("ui.event", ({ event }) => {
  const list = element("events");
  list.append(listItem(GemmaPod.mapDartcUiEventToAgUi(event).type, event.runId?.slice(0, 8) ?? ""));
  while (list.childElementCount > MAX_LINES) list.firstElementChild?.remove();
  list.scrollTop = list.scrollHeight;
});
