import type { JSX } from "preact";
import { useFace } from "./face.ts";
import { Icon } from "./icons.tsx";
import type { Message, ToolCall } from "./message.ts";
import { fill } from "./strings.ts";

/** The tools that an answer used, each folded to a line. */
export function ToolCalls(props: { message: Message }): JSX.Element | null {
  const { tools, status } = props.message;
  if (tools.length === 0) return null;
  return (
    <div class="tools" part="tools">
      {tools.map((tool) => (
        <Tool
          key={tool.id}
          tool={tool}
          running={tool.result === undefined && status === "streaming"}
        />
      ))}
    </div>
  );
}

function Tool(props: { tool: ToolCall; running: boolean }): JSX.Element {
  const { tool, running } = props;
  const { strings } = useFace();
  const sentence = fill(running ? strings.toolRunning : strings.toolDone, { tool: tool.name });
  return (
    <details class="tool" part="tool" data-tool={tool.name} data-running={String(running)}>
      <summary>
        <Icon name="tool" />
        <span>{sentence}</span>
        <Icon name="chevron" />
      </summary>
      {tool.input !== "" && <Field label={strings.toolInput} json={tool.input} />}
      {tool.result !== undefined && <Field label={strings.toolResult} json={tool.result} />}
    </details>
  );
}

function Field(props: { label: string; json: string }): JSX.Element {
  return (
    <>
      <p>{props.label}</p>
      <pre tabIndex={0} dir="ltr">{pretty(props.json)}</pre>
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json; // still streaming in, or no JSON at all
  }
}
