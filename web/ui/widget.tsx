import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Composer } from "./composer.tsx";
import { type ConnectionView, connectionView } from "./connection.ts";
import { type Face, FaceContext, useChanges, useFace } from "./face.ts";
import { Header } from "./header.tsx";
import { Icon } from "./icons.tsx";
import { hasKeyboard } from "./keyboard.ts";
import { Launcher } from "./launcher.tsx";
import { Log } from "./log.tsx";
import type { Observers } from "./observers.ts";
import { PermissionPrompt } from "./permission_prompt.tsx";
import type { ChatRuntime } from "./runtime_port.ts";
import { fill } from "./strings.ts";

/** How long something stays in the status region: said once, and gone when one reads the page. */
const SAID_MS = 6_000;

/** What {@linkcode Widget} is given. */
export interface WidgetProps {
  runtime: ChatRuntime;
  face: Face;
  /** Tells when something is to be said. */
  announcements: { changes: Observers; text: string; count: number };
  /** Told when `data-state` changes, for the host element. */
  onState(state: string): void;
}

/** The whole widget: header, thread, composer, and a voice for screen readers. */
export function Widget(props: WidgetProps): JSX.Element {
  const { runtime, face, onState } = props;
  const { conversation, isPage, field, launcher } = face;
  const connection = useConnection(runtime, face);
  useChanges(conversation.changes);
  const state = conversation.streaming ? "streaming" : connection.state;
  useEffect(() => onState(state), [state]);
  useEffect(() => {
    if (isPage && hasKeyboard()) field.current?.focus();
  }, []);
  const Frame = launcher ? Launcher : Inline;
  return (
    <FaceContext.Provider value={face}>
      <Frame state={state}>
        <Header connection={connection} />
        <Log />
        <div class="dock">
          <Problem connection={connection} runtime={runtime} />
          <Composer />
        </div>
      </Frame>
      <Voice announcements={props.announcements} />
      <PermissionPrompt permissions={face.permissions} />
    </FaceContext.Provider>
  );
}

/** The chat in its place on the page. */
function Inline(props: { state: string; children: ComponentChildren }): JSX.Element {
  const { strings, name, isPage } = useFace();
  const Root = isPage ? "main" : "section";
  return (
    <Root
      class="root"
      part="root"
      data-state={props.state}
      lang={strings.language}
      aria-label={fill(strings.conversationWith, { name })}
    >
      {props.children}
    </Root>
  );
}

/** The events after which the connection may look different. */
const CONNECTION_EVENTS = [
  "transport.connecting",
  "transport.ready",
  "transport.updated",
  "runtime.ready",
  "runtime.destroyed",
] as const;

function useConnection(runtime: ChatRuntime, face: Face): ConnectionView {
  const wasReady = useRef(false);
  const read = (before?: ConnectionView) => {
    const { strings, name } = face;
    wasReady.current ||= runtime.transport.status === "ready";
    return connectionView(runtime.transport, {
      strings,
      name,
      online: navigator.onLine,
      wasReady: wasReady.current,
      ...(before && { before }),
    });
  };
  const [view, setView] = useState(() => read());
  useEffect(() => {
    const update = () => setView(read);
    const ended = CONNECTION_EVENTS.map((type) => runtime.events.on(type, update));
    addEventListener("online", update);
    addEventListener("offline", update);
    update();
    return () => {
      for (const end of ended) end();
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  }, [runtime, face]);
  return view;
}

/** A line above the composer while there is nobody to talk to. */
function Problem(props: { connection: ConnectionView; runtime: ChatRuntime }): JSX.Element | null {
  const { connection, runtime } = props;
  const { strings, conversation, focusLog } = useFace();
  if (connection.problem === undefined || connection.state === "ready") return null;
  // An answer that failed says the same, and has its own Retry.
  if (conversation.thread.at(-1)?.status === "error") return null;
  return (
    <div class="problem" part="problem" role="status">
      <Icon name="alert" />
      <p>{connection.problem}</p>
      {connection.state !== "connecting" && (
        <button
          type="button"
          class="button"
          part="reconnect"
          // A failure is told by the transport's state, which is shown.
          onClick={() => {
            void runtime.connect().catch(() => {});
            focusLog();
          }}
        >
          {strings.tryNow}
        </button>
      )}
    </div>
  );
}

/** Says finished answers and small successes to screen readers, once each. */
function Voice(props: Pick<WidgetProps, "announcements">): JSX.Element {
  const { announcements } = props;
  useChanges(announcements.changes);
  const [gone, setGone] = useState(0);
  const { text, count } = announcements;
  useEffect(() => {
    if (count === 0) return;
    const timer = setTimeout(() => setGone(count), SAID_MS);
    return () => clearTimeout(timer);
  }, [count]);
  // Another element each time: the same words are said again.
  return (
    <p class="hidden" part="status" role="status">
      {gone < count && <span key={count}>{text}</span>}
    </p>
  );
}
