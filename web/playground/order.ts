import { GemmaPod, podConfig } from "./gemmapod.ts";
import { orderOf } from "./order_state.ts";
import { element, listItem, made, reloadOnChange } from "./page.ts";

reloadOnChange();
const { runtime } = await GemmaPod.mountPod(element("pod"), await podConfig("order-pod"));

runtime.events.on("ui.event", ({ event }) => {
  if (event.type === "STATE_SNAPSHOT") {
    element("changes").append(listItem(event.type, "the whole"));
  } else if (event.type === "STATE_DELTA") {
    const paths = event.delta.map(({ op, path }) => `${op} ${path}`).join(", ");
    element("changes").append(listItem(event.type, paths));
  }
});
runtime.events.on("state.changed", ({ state }) => draw(state));
draw(runtime.state.get());

function draw(state: unknown): void {
  const { cart, total, status } = orderOf(state);
  element("cart").replaceChildren(...cart.map(({ name, count, price }) => {
    const row = document.createElement("tr");
    row.append(
      made("th", name, { scope: "row" }),
      made("td", `${count} ×`, { class: "number" }),
      made("td", euros(price * count), { class: "number" }),
    );
    return row;
  }));
  element("total").textContent = euros(total);
  element("checkout").textContent = cart.length === 0
    ? "Nothing yet"
    : status === "checkout"
    ? "Ready to be paid"
    : "Open";
}

function euros(amount: number): string {
  return `€${amount.toFixed(2)}`;
}
