// @ts-types="npm:@types/react@19.3.0"
import {
  createElement as h,
  type FormEvent,
  type ReactElement,
  StrictMode,
  useEffect,
  useRef,
  useState,
} from "npm:react@19.3.1";
// @ts-types="npm:@types/react-dom@19.3.0/client"
import { createRoot } from "npm:react-dom@19.3.1/client";
import type { PodConfig } from "../types.ts";
import { podConfig } from "./gemmapod.ts";
import { orderOf } from "./order_state.ts";
import { element, reloadOnChange } from "./page.ts";
import { type Pod, usePod } from "./use_pod.ts";

// Elements are made by calls: the JSX of this project is Preact's.

function Application({ config }: { config: PodConfig }): ReactElement {
  const pod = usePod(config);
  return h(
    "div",
    { className: "columns" },
    h(OrderBoard, { state: pod.state }),
    h(Copilot, { pod }),
  );
}

/** The application's own part: it reads the shared state, and knows nothing of chat. */
function OrderBoard({ state }: { state: unknown }): ReactElement {
  const { cart, total, status } = orderOf(state);
  const rows = cart.map(({ name, count, price }) =>
    h(
      "tr",
      { key: name },
      h("th", { scope: "row" }, name),
      h("td", { className: "number" }, `${count} ×`),
      h("td", { className: "number" }, `€${(count * price).toFixed(2)}`),
    )
  );
  return h(
    "section",
    { className: "card", "aria-label": "Orders" },
    h("h2", null, "Table 7"),
    cart.length === 0
      ? h("p", { className: "quiet" }, "No order yet. Ask the copilot for one.")
      : h("table", null, h("tbody", null, rows)),
    h("p", { className: "total" }, `€${total.toFixed(2)} · ${status}`),
  );
}

function Copilot({ pod }: { pod: Pod }): ReactElement {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [pod.messages, pod.tools, pod.answer]);
  return h(
    "section",
    { className: "card", "aria-label": "Copilot" },
    h("h2", null, "Copilot"),
    h("p", { className: "quiet", role: "status" }, pod.status),
    h(
      "ol",
      { ref: list, className: "thread", tabIndex: 0, "aria-label": "Messages" },
      pod.messages.map(({ id, role, content }) => h("li", { key: id, "data-role": role }, content)),
      pod.tools.map(({ id, name }) => h("li", { key: id, "data-role": "tool" }, `uses ${name}`)),
      pod.answer !== undefined &&
        h("li", { "data-role": "assistant", "data-status": "streaming" }, pod.answer || "…"),
    ),
    h(Composer, { pod }),
  );
}

function Composer({ pod }: { pod: Pod }): ReactElement {
  const [draft, setDraft] = useState("");
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.trim() === "" || pod.answer !== undefined) return;
    setDraft("");
    void pod.ask(draft);
  };
  return h(
    "form",
    { className: "ask", onSubmit },
    h("input", {
      "aria-label": "Question",
      placeholder: "Two margheritas, please",
      autoComplete: "off",
      value: draft,
      onInput: ({ currentTarget }: FormEvent<HTMLInputElement>) => setDraft(currentTarget.value),
    }),
    pod.answer === undefined
      ? h("button", { type: "submit", className: "main" }, "Ask")
      : h("button", { type: "button", onClick: pod.stop }, "Stop"),
  );
}

reloadOnChange();
const config = await podConfig("order-pod");
createRoot(element("root")).render(h(StrictMode, null, h(Application, { config })));
