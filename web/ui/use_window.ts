import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

/** So many messages are shown of a long thread, and more at each click. */
const PAGE = 100;

/** So many lines of text are there in the first frame: more than fit on a tall screen. */
const FIRST_LINES = 100;

/** So many more messages in each frame after it: none of a long thread has much to do. */
const STEP = 4;

/** A chat grows by a question and its answer; what grows by more was loaded. */
const ONE_TURN = 2;

/** The newest part of a list, and how to see more of it. */
export interface ListWindow<T> {
  shown: readonly T[];
  /** There are more than are shown, and than will be shown in a moment. */
  hasEarlier: boolean;
  showEarlier(): void;
}

/**
 * The part of a thread that is in the page: at first its newest messages, then what is added to
 * them. Nothing leaves at the front while one chats, which would move all the rest.
 *
 * @param name another one begins anew
 */
export function useWindow<T extends { readonly text: string }>(
  list: readonly T[],
  name: string,
): ListWindow<T> {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0);
  // How many at the front are not in the page, and how many shall not be.
  const { current } = useRef({ name, length: 0, hidden: 0, goal: 0 });
  const grown = list.length - current.length;
  if (grown > ONE_TURN || current.hidden >= list.length || current.name !== name) {
    current.goal = Math.max(0, list.length - PAGE);
    current.hidden = Math.max(current.goal, startOfFirst(list));
  }
  current.name = name;
  current.length = list.length;
  const { hidden, goal } = current;
  useLayoutEffect(() => {
    if (hidden <= goal) return;
    const frame = requestAnimationFrame(() => {
      current.hidden = Math.max(goal, hidden - STEP);
      render(undefined);
    });
    return () => cancelAnimationFrame(frame);
  }, [hidden, goal]);
  return {
    shown: list.slice(hidden),
    hasEarlier: goal > 0,
    showEarlier() {
      current.goal = Math.max(0, goal - PAGE);
      render(undefined);
    },
  };
}

/** Where the newest part of a list begins that fills a screen. */
function startOfFirst(list: readonly { readonly text: string }[]): number {
  let at = list.length;
  for (let lines = 0; at > 0 && lines < FIRST_LINES; at--) {
    const { text = "" } = list[at - 1] ?? {};
    lines += 1 + text.split("\n").length + text.length / 100; // and what is between them
  }
  return at;
}
