import type { JSX } from "preact";
import { useFace } from "./face.ts";
import { Icon } from "./icons.tsx";

/** What stands above the first message: who this is, a greeting, and ways to begin. */
export function Intro(): JSX.Element {
  const { strings, name, conversation, look, focusLog } = useFace();
  const empty = conversation.thread.length === 0;
  return (
    <>
      {empty && (
        <div class="intro" part="intro">
          <span class="intro-gem">
            <Icon name="gem" />
          </span>
          <p class="intro-name" dir="auto">{name}</p>
          {look.persona && <p class="intro-persona" dir="auto">{look.persona}</p>}
        </div>
      )}
      {look.greeting && (
        <div class="message greeting" part="greeting">
          <div class="text" dir="auto">{look.greeting}</div>
        </div>
      )}
      {empty && look.starters.length > 0 && (
        <ul class="starters" part="starters" aria-label={strings.suggestions}>
          {look.starters.map((starter) => (
            <li key={starter}>
              <button
                type="button"
                class="button"
                part="starter"
                dir="auto"
                onClick={() => {
                  conversation.send(starter);
                  focusLog();
                }}
              >
                {starter}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
