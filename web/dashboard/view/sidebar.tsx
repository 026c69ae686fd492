import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useChanges } from "../../ui/face.ts";
import type { Pod } from "../api/schemas.ts";
import { counted } from "../strings.ts";
import { AddPod } from "./add_pod.tsx";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";
import { podTone, statusText } from "./tone.ts";
import { ROVE, rove } from "./roving.ts";

/** The overview and the pods, one below the other; arrow keys go through them. */
export function Sidebar(): JSX.Element {
  const { strings, dashboard, navigation } = useBoard();
  useChanges(dashboard.changes);
  useChanges(navigation.changes);
  const [adding, setAdding] = useState(false);
  const { place } = navigation;
  const { pods } = dashboard;
  const onPod = place.page === "pod" ? place.podId : undefined;
  const known = pods?.some(({ id }) => id === onPod) ?? false;
  return (
    <nav class="sidebar" aria-label={strings.pods}>
      <div class="nav-list" onKeyDown={rove}>
        <button
          {...ROVE}
          type="button"
          class="nav-item"
          tabIndex={known ? -1 : 0}
          aria-current={known ? undefined : "page"}
          onClick={() => navigation.go({ page: "overview" })}
        >
          <span class="nav-icon">
            <Icon name="home" />
          </span>
          <span class="nav-name">{strings.overview}</span>
        </button>
        <h2 class="group-title">{strings.pods}</h2>
        <ul>
          {pods?.map((pod) => (
            <li key={pod.id}>
              <PodItem pod={pod} current={pod.id === onPod} />
            </li>
          ))}
        </ul>
      </div>
      {pods?.length === 0 && (
        <div class="hint">
          <strong>{strings.noPods}</strong>
          <p>{strings.noPodsHint}</p>
        </div>
      )}
      <button type="button" class="button add-pod" onClick={() => setAdding(true)}>
        <Icon name="plus" />
        {strings.addPod}
      </button>
      {adding && <AddPod onClose={() => setAdding(false)} />}
    </nav>
  );
}

function PodItem(props: { pod: Pod; current: boolean }): JSX.Element {
  const { pod, current } = props;
  const { strings, navigation } = useBoard();
  return (
    <button
      {...ROVE}
      type="button"
      class="nav-item"
      data-pod={pod.id}
      data-status={pod.status}
      data-tone={podTone(pod)}
      tabIndex={current ? 0 : -1}
      aria-current={current ? "page" : undefined}
      onClick={() => navigation.go({ page: "pod", podId: pod.id })}
    >
      <span class="nav-icon">
        <i class="dot" />
      </span>
      <span class="nav-name" dir="auto">{pod.name}</span>
      <span class="nav-note">
        {statusText(pod, strings)}
        {pod.peers > 0 && ` · ${counted(strings.visitors, pod.peers)}`}
      </span>
    </button>
  );
}
