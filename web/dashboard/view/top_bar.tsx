import type { JSX } from "preact";
import { useChanges } from "../../ui/face.ts";
import { counted } from "../strings.ts";
import { useBoard } from "./board.ts";
import { Icon, type IconName } from "./icons.tsx";
import type { Tone } from "./tone.ts";

/** What one wants to see at a glance, wherever one is: is all well? */
export function TopBar(): JSX.Element {
  const { strings, navigation, theme } = useBoard();
  useChanges(theme.changes);
  const themes: Record<typeof theme.name, [string, IconName]> = {
    system: [strings.themeSystem, "system"],
    light: [strings.themeLight, "light"],
    dark: [strings.themeDark, "dark"],
  };
  const [themeName, themeIcon] = themes[theme.name];
  const themeLabel = `${strings.theme}: ${themeName}`;
  return (
    <header class="top">
      <h1>
        <button type="button" class="brand" onClick={() => navigation.go({ page: "home" })}>
          <span class="gem">
            <Icon name="gem" />
          </span>
          <span class="brand-name">GemmaPod</span>
        </button>
      </h1>
      <div class="chips">
        <LinkChip />
        <ModelChip />
        <QueueChip />
      </div>
      <button
        type="button"
        class="quiet"
        title={themeLabel}
        aria-label={themeLabel}
        onClick={() => theme.next()}
      >
        <Icon name={themeIcon} />
      </button>
    </header>
  );
}

function LinkChip(): JSX.Element {
  const { strings, dashboard: { link } } = useBoard();
  useChanges(link.changes);
  const { kind } = link.state;
  const texts = {
    connecting: strings.linkConnecting,
    live: strings.linkLive,
    lost: strings.linkLost,
  };
  const tones = { connecting: "waiting", live: "good", lost: "bad" } as const;
  return <Chip name="link" label={strings.host} tone={tones[kind]} text={texts[kind]} />;
}

function ModelChip(): JSX.Element {
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  const { models } = dashboard;
  const [tone, text] = models === undefined
    ? ["waiting", strings.modelUnknown] as const
    : models.connected
    ? ["good", strings.modelUp] as const
    : ["bad", strings.modelDown] as const;
  return <Chip name="model" label={strings.model} tone={tone} text={text} />;
}

function QueueChip(): JSX.Element {
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.changes);
  const { running, waiting } = dashboard.queue;
  const parts = [
    ...running > 0 ? [counted(strings.running, running)] : [],
    ...waiting > 0 ? [counted(strings.waiting, waiting)] : [],
  ];
  return (
    <Chip
      name="queue"
      label={strings.queue}
      tone={waiting > 0 ? "waiting" : running > 0 ? "good" : "none"}
      text={parts.join(" · ") || strings.queueIdle}
    />
  );
}

function Chip(props: { name: string; label: string; tone: Tone; text: string }): JSX.Element {
  const { name, label, tone, text } = props;
  return (
    <span class="chip" data-chip={name} data-tone={tone} title={`${label}: ${text}`}>
      <i class="dot" />
      <span class="chip-label">{label}</span>
      <span class="chip-text">{text}</span>
    </span>
  );
}
