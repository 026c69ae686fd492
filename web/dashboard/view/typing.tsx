import type { JSX } from "preact";
import { useBoard } from "./board.ts";

/** An answer is being given. */
export function Typing(): JSX.Element {
  const { strings } = useBoard();
  return (
    <span class="typing" role="img" aria-label={strings.thinking}>
      <i />
      <i />
      <i />
    </span>
  );
}
