import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorMessage } from "../../../src/base/mod.ts";
import { ApiFailure } from "../api/api_failure.ts";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";

/** Options of {@linkcode Dialog}. */
export interface DialogProps {
  title: string;
  /** The text of the button that does it. */
  action: string;
  /** The same while it is being done. */
  busy?: string;
  tone: "plain" | "danger";
  /** Does it. When it rejects the dialog says why and stays. */
  onAction(): Promise<void>;
  /** It is over, done or not. */
  onClose(): void;
  children: ComponentChildren;
}

/** Asks before something is done. The rest of the page is out of reach meanwhile. */
export function Dialog(props: DialogProps): JSX.Element {
  const { title, action, busy = action, tone, onAction, onClose, children } = props;
  const { strings } = useBoard();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [state, setState] = useState<"idle" | "busy">("idle");
  const [failure, setFailure] = useState<unknown>(undefined);

  // The browser keeps the focus inside, closes on Escape, and gives the focus back.
  useLayoutEffect(() => box.current?.showModal(), []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (state === "busy") return;
    setState("busy");
    try {
      await onAction();
      box.current?.close();
    } catch (error) {
      setFailure(error);
      setState("idle");
    }
  }

  return (
    <dialog ref={box} class="dialog" aria-labelledby={id} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={id}>{title}</h2>
        {children}
        {failure !== undefined && <Failure error={failure} />}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => box.current?.close()}>
            {strings.cancel}
          </button>
          <button type="submit" class={`button primary ${tone}`} aria-disabled={state === "busy"}>
            {state === "busy" ? busy : action}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** What the Host said against it. */
function Failure(props: { error: unknown }): JSX.Element {
  const { error } = props;
  const issues = error instanceof ApiFailure ? error.issues : [];
  return (
    <div class="problem" role="alert">
      <Icon name="alert" />
      {issues.length > 1
        ? <ul>{issues.map((issue) => <li key={issue}>{issue}</li>)}</ul>
        : <p>{errorMessage(error)}</p>}
    </div>
  );
}
