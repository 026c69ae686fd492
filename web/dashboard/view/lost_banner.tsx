import type { JSX } from "preact";
import { useChanges } from "../../ui/face.ts";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";

/** Says that the page shows the past, for as long as it does. */
export function LostBanner(): JSX.Element {
  const { strings, dashboard: { link } } = useBoard();
  useChanges(link.changes);
  const { state } = link;
  return (
    <div class="lost-place" role="status">
      {state.kind === "lost" && (
        <div class="lost">
          <Icon name="alert" />
          <p>
            <strong>
              {state.why === "stopping" ? strings.linkStoppingTitle : strings.linkLostTitle}
            </strong>{" "}
            {strings.linkLostText}
          </p>
          <button type="button" class="button" onClick={() => link.tryNow()}>
            {strings.tryNow}
          </button>
        </div>
      )}
    </div>
  );
}
