import type { JSX } from "preact";
import { memo } from "./memo.ts";
import { AnswerActions } from "./answer_actions.tsx";
import { useChanges, useFace } from "./face.ts";
import { Icon } from "./icons.tsx";
import type { Message } from "./message.ts";
import { outcomeText } from "./outcome.ts";
import { Presentations } from "./presentations.tsx";
import { Question } from "./question.tsx";
import { AnswerText, ReasoningText } from "./streamed.tsx";
import { fill } from "./strings.ts";
import { ToolCalls } from "./tool_calls.tsx";

/** One message. Rendered when something of it changes, but not when its text grows. */
export const MessageRow = memo(function MessageRow(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { strings, name } = useFace();
  useChanges(message.changes);
  const isAnswer = message.role === "assistant";
  return (
    <article
      class="message"
      part={`message ${message.role}`}
      data-role={message.role}
      data-status={message.shownStatus}
      aria-label={isAnswer ? fill(strings.podSaid, { name }) : strings.youSaid}
    >
      {isAnswer ? <Answer message={message} /> : <Question message={message} />}
    </article>
  );
});

function Answer(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { strings } = useFace();
  const thinking = message.status === "streaming" && message.text === "" &&
    message.reasoning !== "";
  return (
    <>
      {message.reasoning !== "" && (
        <details class="reasoning" part="reasoning" data-running={String(thinking)}>
          <summary>
            <Icon name="chevron" />
            <span>{thinking ? strings.thinking : strings.reasoning}</span>
          </summary>
          <ReasoningText message={message} />
        </details>
      )}
      <ToolCalls message={message} />
      <Waiting message={message} />
      <AnswerText message={message} />
      <Presentations message={message} />
      <Outcome message={message} />
      {message.status !== "streaming" && <AnswerActions message={message} />}
    </>
  );
}

/** What stands in an answer's place before its first word. */
function Waiting(props: { message: Message }): JSX.Element | null {
  const { message } = props;
  const { strings } = useFace();
  if (message.status !== "streaming" || message.text !== "") return null;
  const place = message.place;
  if (place !== undefined) {
    return (
      <p class="queue" part="queue" role="status">
        {place === 1 ? strings.queuedNext : fill(strings.queued, { position: place })}
      </p>
    );
  }
  return (
    <div class="waiting" role="img" aria-label={strings.thinking}>
      <i />
      <i />
      <i />
    </div>
  );
}

/** Why an answer is not whole. */
function Outcome(props: { message: Message }): JSX.Element | null {
  const { message } = props;
  const { strings, name } = useFace();
  const text = outcomeText(message, strings, name);
  // Not before all of its text is there.
  if (message.status === "streaming" || text === undefined) return null;
  if (message.status !== "error") return <p class="outcome" part="outcome">{text}</p>;
  return (
    <div class="failure" part="error" data-code={message.failure?.code}>
      <Icon name="alert" />
      <p>{text}</p>
    </div>
  );
}
