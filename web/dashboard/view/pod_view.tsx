import type { JSX } from "preact";
import { useChanges } from "../../ui/face.ts";
import type { Pod } from "../api/schemas.ts";
import { fill } from "../strings.ts";
import { ActivityList } from "./activity_list.tsx";
import { useBoard } from "./board.ts";
import { ConversationList } from "./conversation_list.tsx";
import { Icon } from "./icons.tsx";
import { OWN } from "./navigation.ts";
import { PodActions } from "./pod_actions.tsx";
import { podTone, signalTone, statusText } from "./tone.ts";
import { ThreadPane } from "./thread_pane.tsx";

/** One pod: how it is, who is there, what is said. */
export function PodView(props: { pod: Pod; conversation: string | undefined }): JSX.Element {
  const { pod, conversation } = props;
  const { navigation, strings } = useBoard();
  // On a wide screen there is room for a conversation before one is chosen: the owner's own.
  const shown = conversation ?? OWN;
  return (
    <div class="pod">
      <header class="pod-head">
        <button
          type="button"
          class="quiet up"
          title={strings.back}
          aria-label={strings.back}
          onClick={() => navigation.up()}
        >
          <Icon name="back" />
        </button>
        <div class="pod-title">
          <h2 dir="auto">{pod.name}</h2>
          <span class="badge" data-tone={podTone(pod)} data-status={pod.status}>
            <i class="dot" />
            {statusText(pod, strings)}
          </span>
        </div>
        <PodActions pod={pod} />
        <PodFacts pod={pod} />
      </header>
      <PodProblems pod={pod} />
      <div class="pod-body">
        <ConversationList pod={pod} current={shown} />
        <ThreadPane key={`${pod.id}\n${shown}`} pod={pod} conversation={shown} />
        <aside class="pod-activity">
          <ActivityList podId={pod.id} />
        </aside>
      </div>
    </div>
  );
}

function PodFacts(props: { pod: Pod }): JSX.Element {
  const { pod } = props;
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  const { models } = dashboard;
  const missing = pod.model !== null && models?.connected === true && models.models.length > 0 &&
    !hasModel(models.models, pod.model);
  return (
    <dl class="facts">
      <div data-tone={missing || pod.model === null ? "bad" : "none"}>
        <dt>
          <Icon name="model" />
          <span class="hidden">{strings.model}</span>
        </dt>
        <dd>
          {pod.model === null
            ? strings.noModel
            : missing
            ? fill(strings.modelMissing, { model: pod.model })
            : pod.model}
        </dd>
      </div>
      <div data-tone={signalTone(pod.signalState)}>
        <dt>
          <Icon name="broker" />
          <span class="hidden">{strings.broker}</span>
        </dt>
        <dd title={pod.signalUrl}>
          {hostOf(pod.signalUrl)} · {strings.signalStatus[pod.signalState] ?? pod.signalState}
        </dd>
      </div>
      <div>
        <dt>
          <Icon name="folder" />
          <span class="hidden">{strings.folder}</span>
        </dt>
        <dd class="mono" title={pod.dir}>{pod.dir}</dd>
      </div>
    </dl>
  );
}

function PodProblems(props: { pod: Pod }): JSX.Element | null {
  const { lastError, signalLastError, signalState } = props.pod;
  const signal = signalState === "connected" ? null : signalLastError;
  const problems = [...new Set([lastError, signal])].filter((one) => one !== null && one !== "");
  if (problems.length === 0) return null;
  return (
    <div class="problem pod-problem" role="alert">
      <Icon name="alert" />
      <div>{problems.map((one) => <p key={one} dir="auto">{one}</p>)}</div>
    </div>
  );
}

/** Ollama lists `gemma3:latest` for what a pod calls `gemma3`. */
function hasModel(listed: readonly string[], model: string): boolean {
  return listed.includes(model) || listed.includes(`${model}:latest`);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
