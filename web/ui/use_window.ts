import { useReducer, useRef } from "preact/hooks";

/** So many messages are shown at first, and more at each click: a long thread opens at once. */
const PAGE = 100;

/** A chat grows by a question and its answer; what grows by more was loaded. */
const ONE_TURN = 2;

/** The newest part of a list, and how to see more of it. */
export interface ListWindow<T> {
  shown: readonly T[];
  hasEarlier: boolean;
  showEarlier(): void;
}

/**
 * The part of a thread that is in the page: at first its newest messages, then what is added to
 * them. Nothing leaves at the front while one chats, which would move all the rest.
 */
export function useWindow<T>(list: readonly T[]): ListWindow<T> {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0);
  const { current } = useRef({ length: 0, hidden: 0 });
  const grown = list.length - current.length;
  if (grown > ONE_TURN || current.hidden >= list.length) {
    current.hidden = Math.max(0, list.length - PAGE);
  }
  current.length = list.length;
  return {
    shown: list.slice(current.hidden),
    hasEarlier: current.hidden > 0,
    showEarlier() {
      current.hidden = Math.max(0, current.hidden - PAGE);
      render(undefined);
    },
  };
}
