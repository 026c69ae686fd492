import type { JSX } from "preact";
import { useChanges, useFace } from "./face.ts";
import type { Permissions } from "./permissions.ts";
import { Sheet } from "./sheet.tsx";
import { fill, type Strings } from "./strings.ts";

/** What would be handed over is shown up to here. */
const MAX_SHOWN = 2_000;

/** Asks the visitor whether the pod may do something beyond talking. */
export function PermissionPrompt(props: { permissions: Permissions }): JSX.Element | null {
  const { permissions } = props;
  const { strings, name } = useFace();
  useChanges(permissions.changes);
  const { asked } = permissions;
  if (asked === undefined) return null;
  const input = inputText(asked.input);
  const what = meaning(asked.name, strings);
  return (
    <Sheet
      key={permissions.answered}
      part="prompt"
      title={fill(strings.mayTitle, { name })}
      onClose={() => permissions.answer(false)}
    >
      <p>{fill(strings.mayAsk, { name, what })}</p>
      {input !== "" && <pre tabIndex={0} part="prompt-input" dir="auto">{input}</pre>}
      {asked.required && <p>{fill(strings.mayRequired, { name })}</p>}
      {asked.risk === "high" && <p part="prompt-risk">{strings.mayRisky}</p>}
      <p class="faint">
        <code>{asked.name}</code>
      </p>
      <div class="sheet-actions">
        <button
          type="button"
          class="button"
          part="refuse"
          autofocus
          onClick={() => permissions.answer(false)}
        >
          {strings.mayNot}
        </button>
        <button
          type="button"
          class="button strong"
          part="allow"
          onClick={() => permissions.answer(true)}
        >
          {strings.may}
        </button>
      </div>
    </Sheet>
  );
}

/** What a capability means, as the end of a sentence. */
function meaning(capability: string, strings: Strings): string {
  const [kind = "", host] = capability.split(":"); // as in network.fetch:api.example
  // Of our sentences, those with a dot in their names are capabilities.
  if (!kind.includes(".") || !Object.hasOwn(strings, kind)) return capability;
  const known = String(Reflect.get(strings, kind));
  return host === undefined ? known : `${known} (${host})`;
}

function inputText(input: unknown): string {
  if (input === undefined || input === null) return "";
  try {
    const text = typeof input === "string" ? input : JSON.stringify(input, null, 2) ?? "";
    return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  } catch {
    return String(input); // a circle, say: the page gave it, not the pod
  }
}
