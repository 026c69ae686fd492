/** One line of a conversation, as the demo sees it. */
export interface DemoLine {
  readonly role: "user" | "assistant";
  readonly content: string;
}

const INTRODUCTION =
  "I am the demo that is built into gemmapod, not a language model: my answers " +
  "are scripted, and nothing was installed for them. The way they came to you is the real one.\n\n";

const HELP = "You can ask me *What is a pod?*, *How does a message reach you?*, " +
  "*Show me some Markdown* or *What did I ask before?* For real answers, start " +
  "[Ollama](https://ollama.com) on this machine and run gemmapod again without " +
  "`--provider demo`.";

const WHAT = "A **pod** is an agent in a single `.html` file: a name, a prompt and a list of " +
  "allowed tools, signed by its owner, together with this chat. You can mail it, put it on a " +
  "website or open it from disk. The model is not in it: that runs on the owner's own machine, " +
  "in a program called the *Host*, and that is where your question just went.";

const HOW = "Your message took these steps:\n\n" +
  "1. This page checked the owner's signature on the pod before it showed anything.\n" +
  "2. A small *broker* introduced the page to the owner's Host. It sees that you meet, and " +
  "never what you say.\n" +
  "3. The two opened a direct, encrypted WebRTC channel.\n" +
  "4. Every message on it is signed with a key that was made for this visit alone.\n" +
  "5. The Host gave your question to its model, me in this case, and each word goes back as " +
  "soon as it is there.";

const MARKDOWN = "## Some Markdown\n\n" +
  "A paragraph with **bold**, *italic*, `code` and a [link](https://github.com).\n\n" +
  "- a list\n- of three\n- items\n\n" +
  "```ts\nconst answer = (question: string) => `You asked: ${question}`;\n```\n\n" +
  "> A quotation.\n\n" +
  "| part | where it runs |\n| --- | --- |\n| page | with the visitor |\n" +
  "| broker | anywhere |\n| Host | with the owner |";

/** What is asked, and what the demo says to it; the first that matches. */
const ANSWERS: readonly (readonly [RegExp, (earlier: readonly string[]) => string])[] = [
  [/\b(before|earlier|remember|previous|last question)\b/i, remembered],
  [/markdown|format|\btable\b|\blist\b/i, () => MARKDOWN],
  [/\bhow\b|\breach\b|\bwork|webrtc|broker|signed|secure|private/i, () => HOW],
  [/\bpod\b|gemmapod|what (is|are) (this|you|it)|who are you/i, () => WHAT],
  [/^\W*(hi|hello|hey|hallo|good (morning|day|evening))\b/i, () => `Hello! ${HELP}`],
];

/**
 * The demo's answer to the last line of a conversation. The first answer of each conversation says
 * that it is the demo.
 */
export function demoAnswer(lines: readonly DemoLine[]): string {
  const questions = lines.filter(({ role }) => role === "user").map(({ content }) => content);
  const question = questions.at(-1) ?? "";
  const found = ANSWERS.find(([pattern]) => pattern.test(question));
  const answer = found?.[1](questions.slice(0, -1)) ??
    `You said: “${shortened(question)}” I have no script for that. ${HELP}`;
  return introduced(answer, lines);
}

/** An answer, after a word on who gives it where it is the first of its conversation. */
export function introduced(answer: string, lines: readonly DemoLine[]): string {
  return (lines.some(({ role }) => role === "assistant") ? "" : INTRODUCTION) + answer;
}

function remembered(earlier: readonly string[]): string {
  if (earlier.length === 0) return "This is your first question here, so there is none before it.";
  const list = earlier.slice(-5).map((question) => `- ${shortened(question)}`).join("\n");
  return `The Host remembers this conversation, also when you reload the page. You asked:\n\n${list}`;
}

/** The longest piece of a question that is repeated, in characters. */
const MAX_REPEATED = 200;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_REPEATED ? line : `${line.slice(0, MAX_REPEATED - 1)}…`;
}
