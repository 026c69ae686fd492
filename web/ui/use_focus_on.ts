import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Focuses an element whenever `value` changes, but not at first: what had the focus is gone. */
export function useFocusOn(element: RefObject<HTMLElement | null>, value: unknown): void {
  const began = useRef(false);
  useLayoutEffect(() => {
    if (began.current) element.current?.focus();
    began.current = true;
  }, [value]);
}
