import type { ComponentChildren, JSX } from "preact";
import { useChanges } from "../../ui/face.ts";
import { counted, fill } from "../strings.ts";
import { ActivityList } from "./activity_list.tsx";
import { useBoard } from "./board.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Ago } from "./time.tsx";
import { signalTone, type Tone } from "./tone.ts";

/** Whether all is well, and what happened lately. */
export function Overview(): JSX.Element {
  const { strings } = useBoard();
  return (
    <div class="overview">
      <h2 class="screen-title">{strings.overview}</h2>
      <div class="tiles">
        <HostTile />
        <ModelTile />
        <BrokerTile />
        <QueueTile />
      </div>
      <ActivityList />
    </div>
  );
}

function HostTile(): JSX.Element {
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  useChanges(dashboard.link.changes);
  const { host, link: { state: { kind } } } = dashboard;
  const [tone, text] = kind === "live"
    ? ["good", strings.linkLive] as const
    : kind === "lost"
    ? ["bad", strings.linkLost] as const
    : ["waiting", strings.linkConnecting] as const;
  return (
    <Tile icon="host" title={strings.host} tone={tone} text={text}>
      {host && (
        <p>
          {fill(strings.version, { version: host.version })} ·{" "}
          <Ago at={Date.parse(host.startedAt) || 0} />
        </p>
      )}
    </Tile>
  );
}

function ModelTile(): JSX.Element {
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  const { models } = dashboard;
  const [tone, text] = models === undefined
    ? ["waiting", strings.modelUnknown] as const
    : models.connected
    ? ["good", counted(strings.models, models.models.length)] as const
    : ["bad", strings.modelDown] as const;
  return (
    <Tile icon="model" title={strings.model} tone={tone} text={text}>
      {models && <p class="mono">{models.url}</p>}
    </Tile>
  );
}

function BrokerTile(): JSX.Element {
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  const pods = dashboard.pods ?? [];
  const lines = pods.filter(({ status }) => status !== "paused" && status !== "stopped");
  const up = lines.filter(({ signalState }) => signalState === "connected").length;
  const broken = lines.filter(({ signalState }) => signalTone(signalState) === "bad");
  const [tone, text] = lines.length === 0 ? ["none", strings.brokersNone] as const : [
    up === lines.length ? "good" : broken.length > 0 ? "bad" : "waiting",
    fill(strings.brokersUp, { up, all: lines.length }),
  ] as const;
  const urls = [...new Set((broken.length > 0 ? broken : lines).map(({ signalUrl }) => signalUrl))];
  return (
    <Tile icon="broker" title={strings.broker} tone={tone} text={text}>
      {urls.slice(0, 3).map((url) => <p key={url} class="mono">{url}</p>)}
    </Tile>
  );
}

function QueueTile(): JSX.Element {
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  const { running, waiting } = dashboard.queue;
  return (
    <Tile
      icon="queue"
      title={strings.queue}
      tone={waiting > 0 ? "waiting" : running > 0 ? "good" : "none"}
      text={running + waiting === 0 ? strings.queueIdle : counted(strings.running, running)}
    >
      {running + waiting > 0 && <p>{counted(strings.waiting, waiting)}</p>}
    </Tile>
  );
}

function Tile(
  props: { icon: IconName; title: string; tone: Tone; text: string; children: ComponentChildren },
): JSX.Element {
  const { icon, title, tone, text, children } = props;
  return (
    <section class="tile" data-tile={icon} data-tone={tone}>
      <h3>
        <Icon name={icon} />
        {title}
      </h3>
      <p class="tile-text">
        <i class="dot" />
        {text}
      </p>
      <div class="tile-more">{children}</div>
    </section>
  );
}
