import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { errorMessage } from "../../../src/base/mod.ts";
import type { Pod } from "../api/schemas.ts";
import type { PodAction } from "../model/dashboard.ts";
import { fill } from "../strings.ts";
import { useBoard } from "./board.ts";
import { Dialog } from "./dialog.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { ROVE, rove } from "./roving.ts";

const ICONS: Readonly<Record<PodAction, IconName>> = {
  pause: "pause",
  resume: "play",
  restart: "restart",
  stop: "remove",
};

/** Pause, resume, restart and remove, as a toolbar. */
export function PodActions(props: { pod: Pod }): JSX.Element {
  const { pod } = props;
  const { strings, dashboard, navigation } = useBoard();
  const [busy, setBusy] = useState<PodAction | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [removing, setRemoving] = useState(false);

  async function act(action: PodAction): Promise<void> {
    if (busy !== undefined) return;
    setBusy(action);
    setFailure(undefined);
    try {
      await dashboard.act(pod.id, action);
    } catch (error) {
      setFailure(errorMessage(error));
    } finally {
      setBusy(undefined);
    }
  }

  const isPaused = pod.status === "paused";
  return (
    <div class="pod-actions">
      <div class="toolbar" role="toolbar" aria-label={strings.actions} onKeyDown={rove}>
        <Action
          action={isPaused ? "resume" : "pause"}
          busy={busy}
          tabIndex={0}
          onClick={act}
        />
        <Action action="restart" busy={busy} tabIndex={-1} onClick={act} />
        <Action action="stop" busy={busy} tabIndex={-1} onClick={() => setRemoving(true)} />
      </div>
      {failure !== undefined && <p class="action-failure" role="alert">{failure}</p>}
      {removing && (
        <Dialog
          title={fill(strings.stopTitle, { name: pod.name })}
          action={strings.stop}
          tone="danger"
          onAction={async () => {
            await dashboard.act(pod.id, "stop");
            navigation.go({ page: "home" });
          }}
          onClose={() => setRemoving(false)}
        >
          <p>{strings.stopText}</p>
        </Dialog>
      )}
    </div>
  );
}

function Action(
  props: {
    action: PodAction;
    busy: PodAction | undefined;
    tabIndex: number;
    onClick(action: PodAction): void;
  },
): JSX.Element {
  const { action, busy, tabIndex, onClick } = props;
  const { strings } = useBoard();
  return (
    <button
      {...ROVE}
      type="button"
      class="button"
      data-action={action}
      data-busy={String(busy === action)}
      tabIndex={tabIndex}
      title={strings[action]}
      aria-label={strings[action]}
      aria-disabled={busy !== undefined}
      onClick={() => onClick(action)}
    >
      <Icon name={ICONS[action]} />
      <span class="action-text">{strings[action]}</span>
    </button>
  );
}
