import { createRef, render } from "preact";
import { Conversation } from "./conversation.ts";
import { FramePainter } from "./frame_painter.ts";
import { kept } from "./keep.ts";
import { type Look, lookOf } from "./look.ts";
import { Observers } from "./observers.ts";
import { ownBox } from "./own_box.ts";
import { Permissions } from "./permissions.ts";
import type { ChatRuntime } from "./runtime_port.ts";
import { type Strings, stringsFor } from "./strings.ts";
import { adoptStyles } from "./styles/adopt_styles.ts";
import { Widget } from "./widget.tsx";

/** Options of {@linkcode renderWidget}. */
export interface WidgetOptions {
  /**
   * The language of the widget's own words, as a BCP 47 tag.
   * @default what the browser prefers
   */
  locale?: string;
  /** Sentences that replace the widget's own. */
  strings?: Partial<Strings>;
  /**
   * `page` when the widget is all there is: it is the page's `main`, and its field gets the focus.
   * @default "embed"
   */
  placement?: "embed" | "page";
  /**
   * `launcher` shows a round button in the page's corner that opens the chat, `inline` the chat
   * where it is mounted.
   * @default what the pod's `[ui]` says, else "inline"
   */
  mode?: "launcher" | "inline";
}

/** Elements that cannot have a shadow root get a child that can. */
const CAN_HOST = /^(?:article|aside|blockquote|body|div|footer|header|main|nav|p|section|span)$|-/;

/**
 * Shows a runtime in `target`: an open shadow root, which the page's style sheets do not reach.
 *
 * @returns a function that takes the widget away; the runtime lives on
 */
export function renderWidget(
  target: HTMLElement,
  runtime: ChatRuntime,
  options: WidgetOptions = {},
): () => void {
  const host = hostFor(target);
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const unstyled = adoptStyles(root);
  const box = document.createElement("div");
  box.className = "host-box";
  root.replaceChildren(box);

  const look = lookOf(runtime.manifest);
  const launcher = options.mode === undefined ? look.launcher : options.mode === "launcher";
  if (launcher) host.dataset.mode = "launcher";
  const unbox = launcher ? undefined : ownBox(host);
  dress(box, look);
  const { capabilities, podId } = runtime;
  const permissions = new Permissions();
  // An embedder that asks in its own way has come first.
  if (capabilities.onRequest === undefined) capabilities.onRequest = permissions.ask;
  const conversation = new Conversation(runtime);
  const announcements = { changes: new Observers(), text: "", count: 0 };
  const languages = options.locale === undefined ? navigator.languages : [options.locale];
  const log = createRef<HTMLDivElement>();
  const face = {
    strings: stringsFor(languages, options.strings),
    name: look.title,
    look,
    isPage: options.placement === "page",
    launcher,
    conversation,
    permissions,
    painter: new FramePainter(),
    log,
    field: createRef<HTMLTextAreaElement>(),
    draft: kept(`gemmapod:${podId}:draft:v1`),
    opened: kept(`gemmapod:${podId}:opened:v1`, () => sessionStorage),
    focusLog: () => log.current?.focus({ preventScroll: true }),
    announce(text: string): void {
      announcements.text = text;
      announcements.count++;
      announcements.changes.notify();
    },
  };
  render(
    <Widget
      runtime={runtime}
      face={face}
      announcements={announcements}
      onState={(state) => host.dataset.state = state}
    />,
    box,
  );

  return () => {
    render(null, box);
    if (capabilities.onRequest === permissions.ask) capabilities.onRequest = undefined;
    permissions.dispose();
    conversation.dispose();
    unstyled();
    unbox?.();
    // A shadow root cannot be taken off; with a slot, the page's own content is seen again.
    root.replaceChildren(document.createElement("slot"));
    delete host.dataset.state;
    delete host.dataset.mode;
    if (host !== target) host.remove();
  };
}

/** The pod's colours, for everything in the shadow root. */
function dress(box: HTMLElement, { accent }: Look): void {
  if (accent === undefined) return;
  const { surface, on, onLight, onDark } = accent;
  const tones = { "": surface, "on-": on, "light-": onLight, "dark-": onDark };
  for (const [name, tone] of Object.entries(tones)) {
    box.style.setProperty(`--pod-${name}accent`, tone);
  }
}

function hostFor(target: HTMLElement): HTMLElement {
  if (target.shadowRoot !== null || CAN_HOST.test(target.localName)) return target;
  const host = document.createElement("div");
  target.append(host);
  return host;
}
