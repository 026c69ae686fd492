import { german } from "./strings_de.ts";

/** A sentence with a number in it, by the plural forms of English and German. */
export interface Plural {
  one: string;
  other: string;
}

/** Every sentence that the dashboard itself says. `{name}` and the like are filled in. */
export interface Strings {
  /** BCP 47 tag of the language. */
  language: string;
  title: string;
  skip: string;
  back: string;
  overview: string;
  pods: string;
  noPods: string;
  noPodsHint: string;
  addPod: string;
  addPodPath: string;
  addPodPathHint: string;
  addPodModel: string;
  addPodModelHint: string;
  add: string;
  adding: string;
  cancel: string;
  host: string;
  model: string;
  broker: string;
  queue: string;
  noModel: string;
  modelMissing: string;
  modelUp: string;
  modelDown: string;
  modelUnknown: string;
  models: Plural;
  brokersUp: string;
  brokersNone: string;
  running: Plural;
  waiting: Plural;
  queueIdle: string;
  visitors: Plural;
  messages: Plural;
  version: string;
  linkConnecting: string;
  linkLive: string;
  linkLost: string;
  linkLostTitle: string;
  linkLostText: string;
  linkStoppingTitle: string;
  tryNow: string;
  podStatus: Readonly<Record<string, string>>;
  signalStatus: Readonly<Record<string, string>>;
  actions: string;
  pause: string;
  resume: string;
  restart: string;
  stop: string;
  stopTitle: string;
  stopText: string;
  folder: string;
  conversations: string;
  conversationsEmpty: string;
  conversationsEmptyHint: string;
  hereNow: string;
  remembered: string;
  arriving: Plural;
  moreConversations: string;
  visitor: string;
  ownChat: string;
  ownChatHint: string;
  conversationOf: string;
  nothingSaid: string;
  loading: string;
  loadFailed: string;
  retry: string;
  forget: string;
  forgetTitle: string;
  forgetText: string;
  forgotten: string;
  chatEmptyTitle: string;
  chatEmptyText: string;
  chatLabel: string;
  chatPlaceholder: string;
  send: string;
  paused: string;
  copyCode: string;
  copied: string;
  thinking: string;
  reasoning: string;
  queued: string;
  queuedNext: string;
  toolRunning: string;
  toolDone: string;
  toolInput: string;
  toolResult: string;
  cut: string;
  cancelled: string;
  failed: string;
  jumpToNewest: string;
  earlier: string;
  activity: string;
  activityEmpty: string;
  onlyProblems: string;
  noProblems: string;
  theme: string;
  themeSystem: string;
  themeLight: string;
  themeDark: string;
  activities: Readonly<Record<string, string>>;
}

/** The table that every other falls back to. */
export const english: Strings = {
  language: "en",
  title: "GemmaPod dashboard",
  skip: "Skip to content",
  back: "Back",
  overview: "Overview",
  pods: "Pods",
  noPods: "No pods yet",
  noPodsHint: "Add the folder of a pod to put it online from this machine.",
  addPod: "Add a pod",
  addPodPath: "Folder",
  addPodPathHint: "The full path of a folder with a pod.toml",
  addPodModel: "Model",
  addPodModelHint: "Leave empty for the one in pod.toml",
  add: "Add",
  adding: "Adding…",
  cancel: "Cancel",
  host: "Host",
  model: "Model",
  broker: "Broker",
  queue: "Queue",
  noModel: "No model",
  modelMissing: "{model} is not at the endpoint",
  modelUp: "Reachable",
  modelDown: "Not reachable",
  modelUnknown: "Asking…",
  models: { one: "{count} model", other: "{count} models" },
  brokersUp: "{up} of {all} connected",
  brokersNone: "No pods to connect",
  running: { one: "{count} answering", other: "{count} answering" },
  waiting: { one: "{count} waiting", other: "{count} waiting" },
  queueIdle: "Idle",
  visitors: { one: "{count} visitor", other: "{count} visitors" },
  messages: { one: "{count} message", other: "{count} messages" },
  version: "Version {version}",
  linkConnecting: "Connecting",
  linkLive: "Live",
  linkLost: "Reconnecting",
  linkLostTitle: "The Host does not answer",
  linkLostText:
    "What you see is from before. This page connects again by itself as soon as the Host is back.",
  linkStoppingTitle: "The Host was stopped",
  tryNow: "Try now",
  podStatus: {
    starting: "Starting",
    running: "Online",
    error: "Error",
    stopping: "Stopping",
    stopped: "Stopped",
    paused: "Paused",
  },
  signalStatus: {
    connecting: "connecting",
    connected: "connected",
    disconnected: "not reachable, trying again",
    taken_over: "another Host serves this pod",
    refused: "refused this pod",
    stopped: "not connected",
  },
  actions: "Pod actions",
  pause: "Pause",
  resume: "Resume",
  restart: "Restart",
  stop: "Remove",
  stopTitle: "Remove {name}?",
  stopText:
    "The pod goes offline and leaves this Host. Its folder and what it remembers stay on this machine.",
  folder: "Folder",
  conversations: "Conversations",
  conversationsEmpty: "No conversations yet",
  conversationsEmptyHint: "Visitors appear here the moment they connect.",
  hereNow: "Here now",
  remembered: "Remembered",
  arriving: { one: "{count} visitor is arriving", other: "{count} visitors are arriving" },
  moreConversations: "{count} older conversations: gemmapod memory list",
  visitor: "Visitor {id}",
  ownChat: "Your chat",
  ownChatHint: "Try the pod yourself",
  conversationOf: "Conversation of {name}",
  nothingSaid: "Nothing was said yet.",
  loading: "Loading…",
  loadFailed: "This conversation could not be loaded.",
  retry: "Try again",
  forget: "Forget",
  forgetTitle: "Forget this conversation?",
  forgetText:
    "The Host deletes everything it remembers of it. The visitor's next message starts from nothing. This cannot be undone.",
  forgotten: "The conversation was deleted.",
  chatEmptyTitle: "Talk to {name}",
  chatEmptyText: "Your messages use the same prompt, tools and queue as a visitor's.",
  chatLabel: "Your message to {name}",
  chatPlaceholder: "Message {name}",
  send: "Send",
  paused: "{name} is not online, so it cannot answer.",
  copyCode: "Copy code",
  copied: "Copied",
  thinking: "Thinking",
  reasoning: "Reasoning",
  queued: "Waiting: number {position} in line",
  queuedNext: "Waiting: next in line",
  toolRunning: "Using {tool}",
  toolDone: "Used {tool}",
  toolInput: "Input",
  toolResult: "Result",
  cut: "This answer was cut off.",
  cancelled: "This answer was stopped.",
  failed: "There was no answer.",
  jumpToNewest: "Jump to newest",
  earlier: "Show earlier messages",
  activity: "Activity",
  activityEmpty: "What happens from now on appears here.",
  onlyProblems: "Problems only",
  noProblems: "No problems since this page was opened.",
  theme: "Appearance",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  activities: {
    host_ready: "Host is ready",
    host_stopping: "Host is stopping",
    pod_added: "Pod added",
    pod_removed: "Pod removed",
    provider_up: "Model endpoint is back",
    provider_down: "Model endpoint is down",
    pod_starting: "Starting",
    pod_running: "Online",
    pod_stopped: "Stopped",
    pod_paused: "Paused",
    signal_connected: "Broker connected",
    signal_disconnected: "Broker lost",
    peer_joined: "Visitor came",
    peer_left: "Visitor left",
    pod_error: "Pod error",
    user: "Question",
    assistant: "Answer",
    tool_call: "Tool called",
    tool_result: "Tool answered",
    error: "No answer",
  },
};

/** The table for the first of these languages that there is one for; English when there is none. */
export function stringsFor(languages: readonly string[]): Strings {
  for (const tag of languages) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === german.language) return german;
    if (primary === english.language) return english;
  }
  return english;
}

/** A sentence with its `{names}` filled in. A name without a value stays as it is. */
export function fill(
  sentence: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A sentence in the form that its number asks for. */
export function counted(plural: Plural, count: number): string {
  return fill(count === 1 ? plural.one : plural.other, { count });
}
