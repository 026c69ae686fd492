import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { memo } from "../../ui/memo.ts";
import { useChanges } from "../../ui/face.ts";
import type { Activity } from "../model/activity_log.ts";
import { useBoard } from "./board.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Clock } from "./time.tsx";

/** So many lines are in the page: the newest. */
const MAX_SHOWN = 150;

const ICONS: Readonly<Record<string, IconName>> = {
  user: "chat",
  assistant: "gem",
  tool_call: "tool",
  tool_result: "tool",
  peer_joined: "user",
  peer_left: "user",
  signal_connected: "broker",
  signal_disconnected: "broker",
  provider_up: "model",
  provider_down: "model",
  host_ready: "host",
  host_stopping: "host",
  pod_paused: "pause",
  pod_stopped: "remove",
  pod_removed: "remove",
  pod_added: "plus",
};

/** What happened lately, of one pod or of all, newest first. */
export function ActivityList(props: { podId?: string }): JSX.Element {
  const { podId } = props;
  const { strings, dashboard: { activity } } = useBoard();
  useChanges(activity.changes);
  const [only, setOnly] = useState<"all" | "problems">("all");
  const entries = activity.entries
    .filter((one) => podId === undefined || one.podId === podId)
    .filter(({ isProblem }) => only === "all" || isProblem)
    .slice(0, MAX_SHOWN);
  return (
    <section class="activity" aria-label={strings.activity}>
      <div class="section-head">
        <h3>{strings.activity}</h3>
        <label class="check">
          <input
            type="checkbox"
            checked={only === "problems"}
            onChange={({ currentTarget }) => setOnly(currentTarget.checked ? "problems" : "all")}
          />
          {strings.onlyProblems}
        </label>
      </div>
      {entries.length === 0
        ? (
          <p class="empty-line">
            {only === "problems" ? strings.noProblems : strings.activityEmpty}
          </p>
        )
        : (
          <ol class="activity-list" tabIndex={0} aria-label={strings.activity}>
            {entries.map((one) => (
              <ActivityRow key={one.id} entry={one} where={podId === undefined ? "all" : "pod"} />
            ))}
          </ol>
        )}
    </section>
  );
}

const ActivityRow = memo(
  function ActivityRow(props: { entry: Activity; where: "all" | "pod" }): JSX.Element {
    const { entry, where } = props;
    const { strings } = useBoard();
    const { type, podId, detail, at, isProblem } = entry;
    return (
      <li class="activity-row" data-type={type} data-problem={String(isProblem)}>
        <Icon name={isProblem ? "alert" : ICONS[type] ?? "activity"} />
        <div class="activity-what">
          <p class="activity-head">
            <span class="activity-type">{strings.activities[type] ?? type}</span>
            {where === "all" && podId !== undefined && <span class="activity-pod">{podId}</span>}
            <Clock at={at} />
          </p>
          {detail !== undefined && <p class="activity-detail" dir="auto">{detail}</p>}
        </div>
      </li>
    );
  },
);
