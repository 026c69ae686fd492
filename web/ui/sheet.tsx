import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFace } from "./face.ts";

/** What {@linkcode Sheet} is given. */
export interface SheetProps {
  /** Says what it is for: its heading. */
  title: string;
  part: string;
  /** Escape, or a click beside it. The first one that is given counts. */
  onClose(): void;
  children: ComponentChildren;
}

/**
 * A box over the page that wants an answer first. The browser's own dialog: it keeps the focus in,
 * and gives it back where it came from.
 */
export function Sheet(props: SheetProps): JSX.Element {
  const { title, part, onClose, children } = props;
  const { strings } = useFace();
  const box = useRef<HTMLDialogElement>(null);
  // Who selects a text and lets go beside the box has not clicked there.
  const pressed = useRef<EventTarget | null>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog === null) return;
    dialog.addEventListener("close", onClose); // Escape, or the phone's way back
    if (dialog.isConnected) dialog.showModal();
    else dialog.open = true; // mounted before its place is in the page
    return () => {
      dialog.removeEventListener("close", onClose);
      dialog.close();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class="sheet"
      part={part}
      lang={strings.language}
      aria-label={title}
      onKeyDown={(event) => event.stopPropagation()} // Escape closes this alone
      onPointerDown={(event) => pressed.current = event.target}
      onClick={({ target }) => target === box.current && target === pressed.current && onClose()}
    >
      <div class="sheet-body">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
