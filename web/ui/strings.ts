import { SENTENCES } from "./strings_table.ts";

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
}

/** The table that every other falls back to. */
export const english: Strings = column(0);

/** The widget in German. */
export const german: Strings = column(1);

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

function column(index: 0 | 1): Strings {
  const sentences = Object.entries(SENTENCES).map(([key, row]) => [key, row[index]]);
  // Has the keys of the table, which are those of the type.
  return Object.fromEntries(sentences) as Strings;
}
