import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { useBoard } from "./board.ts";
import { Dialog } from "./dialog.tsx";

/** Asks for a pod's folder, and serves it. */
export function AddPod(props: { onClose(): void }): JSX.Element {
  const { strings, dashboard, navigation } = useBoard();
  const id = useId();
  const dir = useRef<HTMLInputElement>(null);
  const model = useRef<HTMLInputElement>(null);

  async function add(): Promise<void> {
    const podId = await dashboard.addPod(
      dir.current?.value.trim() ?? "",
      model.current?.value.trim() || undefined,
    );
    navigation.go({ page: "pod", podId });
  }

  return (
    <Dialog
      title={strings.addPod}
      action={strings.add}
      busy={strings.adding}
      tone="plain"
      onAction={add}
      onClose={props.onClose}
    >
      <label class="field">
        <span>{strings.addPodPath}</span>
        <input
          ref={dir}
          name="dir"
          required
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          aria-describedby={`${id}-dir`}
        />
        <small id={`${id}-dir`}>{strings.addPodPathHint}</small>
      </label>
      <label class="field">
        <span>{strings.addPodModel}</span>
        <input
          ref={model}
          name="model"
          autoComplete="off"
          spellcheck={false}
          list={`${id}-models`}
          aria-describedby={`${id}-model`}
        />
        <small id={`${id}-model`}>{strings.addPodModelHint}</small>
      </label>
      <datalist id={`${id}-models`}>
        {dashboard.models?.models.map((name) => <option key={name} value={name} />)}
      </datalist>
    </Dialog>
  );
}
