import type { JSX } from "preact";
import { useChanges } from "../../ui/face.ts";
import { memo } from "../../ui/memo.ts";
import type { Message, ToolCall } from "../../ui/message.ts";
import { useAnswerText, useReasoningText } from "../../ui/streamed_views.ts";
import { fill } from "../strings.ts";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";
import { Typing } from "./typing.tsx";

/** The level of an answer's first headings: below the page, and the conversation's. */
const TOP_HEADING = 3;

/** One message. Rendered when something of it changes, but not when its text grows. */
export const MessageRow = memo(function MessageRow(props: { message: Message }): JSX.Element {
  const { message } = props;
  useChanges(message.changes);
  return (
    <article class="message" data-role={message.role} data-status={message.shownStatus}>
      {message.role === "assistant" ? <Answer message={message} /> : <Question message={message} />}
    </article>
  );
});

function Question(props: { message: Message }): JSX.Element {
  const { message: { text, status } } = props;
  const { strings } = useBoard();
  return (
    <>
      <div class="text" dir="auto">{text}</div>
      {status !== "done" && <p class="outcome">{strings.failed}</p>}
    </>
  );
}

function Answer(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { strings } = useBoard();
  const { status, text, place, reasoning, tools, failure } = message;
  const waits = status === "streaming" && text === "";
  return (
    <>
      {reasoning !== "" && (
        <details class="reasoning" data-running={String(waits)}>
          <summary>
            <Icon name="chevron" />
            <span>{waits ? strings.thinking : strings.reasoning}</span>
          </summary>
          <ReasoningText message={message} />
        </details>
      )}
      {tools.length > 0 && (
        <div class="tools">
          {tools.map((tool) => (
            <Tool key={tool.id} tool={tool} isOver={message.status !== "streaming"} />
          ))}
        </div>
      )}
      {waits && (place === undefined
        ? (
          <p class="waiting">
            <Typing />
          </p>
        )
        : (
          <p class="queue">
            {place === 1 ? strings.queuedNext : fill(strings.queued, { position: place })}
          </p>
        ))}
      <AnswerText message={message} />
      {status === "cancelled" && <p class="outcome">{strings.cancelled}</p>}
      {status === "cut" && <p class="outcome">{strings.cut}</p>}
      {status === "error" && (
        <div class="problem" data-code={failure?.code}>
          <Icon name="alert" />
          <p>{failure?.message ?? strings.failed}</p>
        </div>
      )}
    </>
  );
}

function AnswerText(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { painter, strings, announce } = useBoard();
  const box = useAnswerText(message, {
    painter,
    copyLabel: strings.copyCode,
    topHeading: TOP_HEADING,
    announce,
  });
  return <div ref={box} class="text markdown" />;
}

function ReasoningText(props: { message: Message }): JSX.Element {
  const { message } = props;
  const box = useReasoningText(message, useBoard().painter);
  return <div ref={box} class="reasoning-text" dir="auto" />;
}

function Tool(props: { tool: ToolCall; isOver: boolean }): JSX.Element {
  const { tool, isOver } = props;
  const { strings } = useBoard();
  const isRunning = tool.result === undefined && !isOver;
  return (
    <details class="tool" data-tool={tool.name} data-running={String(isRunning)}>
      <summary>
        <Icon name="tool" />
        <span>{fill(isRunning ? strings.toolRunning : strings.toolDone, { tool: tool.name })}</span>
        <Icon name="chevron" />
      </summary>
      {tool.input !== "" && <Field label={strings.toolInput} json={tool.input} />}
      {tool.result !== undefined && <Field label={strings.toolResult} json={tool.result} />}
    </details>
  );
}

function Field(props: { label: string; json: string }): JSX.Element {
  const { label, json } = props;
  return (
    <>
      <p>{label}</p>
      <pre tabIndex={0} dir="ltr">{pretty(json)}</pre>
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json; // still streaming in, cut, or no JSON at all
  }
}
