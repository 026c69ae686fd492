import { german } from "./strings_de.ts";

/**
 * Every sentence that the widget itself says. `{name}` and the like are filled in; nothing else in
 * a text has a meaning. Texts of the pod (its name, greeting, answers) are never in here.
 */
export interface Strings {
  /** BCP 47 tag of the language, for the `lang` attribute. */
  language: string;
  conversationWith: string;
  inputLabel: string;
  inputPlaceholder: string;
  send: string;
  stop: string;
  newConversation: string;
  jumpToNewest: string;
  showEarlier: string;
  suggestions: string;
  copy: string;
  copied: string;
  copyCode: string;
  askAgain: string;
  retry: string;
  tryNow: string;
  youSaid: string;
  podSaid: string;
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
  connecting: string;
  reconnecting: string;
  offline: string;
  noNetwork: string;
  failed: string;
  fromOwner: string;
  fromBrowser: string;
  fromEndpoint: string;
  ownerVerified: string;
  you: string;
  edit: string;
  cancel: string;
  close: string;
  unread: string;
  conversations: string;
  noConversations: string;
  forget: string;
  forgetThis: string;
  forgetSure: string;
  forgotten: string;
  copyTranscript: string;
  saveTranscript: string;
  presentation: string;
  slide: string;
  previous: string;
  next: string;
  mayTitle: string;
  mayAsk: string;
  mayRequired: string;
  mayRisky: string;
  may: string;
  mayNot: string;
  fromRelay: string;
  ownerNotVerified: string;
  // What capabilities mean, as the end of `mayAsk`.
  "storage.local": string;
  "ui.render": string;
  "ui.prompt": string;
  "clipboard.write": string;
  "notification.show": string;
  "file.save": string;
  "network.fetch": string;
  "payment.intent": string;
  "calendar.intent": string;
  errorUnknown: string;
  errorOffline: string;
  errorNoBroker: string;
  errorModel: string;
  errorChat: string;
  errorBusy: string;
  errorRefused: string;
  errorLost: string;
  errorStopping: string;
  errorTooLong: string;
}

/** The table that every other falls back to. */
export const english: Strings = {
  language: "en",
  conversationWith: "Conversation with {name}",
  inputLabel: "Your message to {name}",
  inputPlaceholder: "Message {name}",
  send: "Send",
  stop: "Stop",
  newConversation: "New conversation",
  jumpToNewest: "Jump to newest",
  showEarlier: "Show earlier messages",
  suggestions: "Suggestions",
  copy: "Copy",
  copied: "Copied",
  copyCode: "Copy code",
  askAgain: "Ask again",
  retry: "Retry",
  tryNow: "Try now",
  youSaid: "You said",
  podSaid: "{name} said",
  thinking: "Thinking",
  reasoning: "Reasoning",
  queued: "Waiting for your turn: number {position} in line",
  queuedNext: "Waiting for your turn: you are next",
  toolRunning: "Using {tool}",
  toolDone: "Used {tool}",
  toolInput: "Input",
  toolResult: "Result",
  cut: "The answer was cut off.",
  cancelled: "You stopped this answer.",
  connecting: "Connecting",
  reconnecting: "Connection lost, trying again",
  offline: "Offline",
  noNetwork: "No network",
  failed: "Not connected",
  fromOwner: "Owner’s machine",
  fromBrowser: "This browser",
  fromEndpoint: "Direct endpoint",
  ownerVerified: "Owner verified",
  you: "You",
  edit: "Edit and ask again",
  cancel: "Cancel",
  close: "Close",
  unread: "New answer",
  conversations: "Conversations",
  noConversations: "Nothing was said yet.",
  forget: "Forget",
  forgetThis: "Forget: {title}",
  forgetSure: "Forget it in this browser?",
  forgotten: "Forgotten",
  copyTranscript: "Copy as Markdown",
  saveTranscript: "Save as Markdown",
  presentation: "Presentation",
  slide: "{number} of {count}",
  previous: "Previous",
  next: "Next",
  mayTitle: "{name} asks for permission",
  mayAsk: "{name} would like to {what}.",
  mayRequired: "Without it, {name} does not start.",
  mayRisky: "Its owner marked this as risky: you are asked each time.",
  may: "Allow",
  mayNot: "Not now",
  fromRelay: "Owner’s machine, over a relay",
  ownerNotVerified: "Owner not verified",
  "storage.local": "remember this conversation in your browser",
  "ui.render": "show this chat",
  "ui.prompt": "ask you for something",
  "clipboard.write": "put text on your clipboard",
  "notification.show": "show you a notification",
  "file.save": "save a file on your device",
  "network.fetch": "load something from the internet",
  "payment.intent": "prepare a payment",
  "calendar.intent": "suggest an event for your calendar",
  errorUnknown: "Something went wrong.",
  errorOffline: "{name} is offline: its owner’s machine does not answer. We keep trying.",
  errorNoBroker: "The server that connects you with {name} cannot be reached. We keep trying.",
  errorModel: "The model behind {name} is not available right now.",
  errorChat: "The model could not finish this answer.",
  errorBusy: "{name} is busy. Please wait a moment and ask again.",
  errorRefused: "{name} refused the connection.",
  errorLost: "The connection was lost.",
  errorStopping: "{name} is being restarted. Please ask again in a moment.",
  errorTooLong: "This message is too long for {name}.",
};

const TABLES: readonly Strings[] = [english, german];

/**
 * The table for the first of these languages that there is one for, with the embedder's own
 * sentences over it. English when there is none.
 *
 * @param languages BCP 47 tags, best first, as in `navigator.languages`
 */
export function stringsFor(
  languages: readonly string[],
  overrides: Partial<Strings> = {},
): Strings {
  for (const tag of languages) {
    const primary = tag.toLowerCase().split("-")[0];
    const table = TABLES.find(({ language }) => language === primary);
    if (table !== undefined) return { ...table, ...overrides };
  }
  return { ...english, ...overrides };
}

/** A sentence with its `{names}` filled in. A name without a value stays as it is. */
export function fill(
  sentence: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
