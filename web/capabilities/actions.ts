import { CodedError, isObject } from "../../src/base/mod.ts";
import type { CapabilityAction } from "../../src/runtime/mod.ts";
import { badInput, fieldOf, optionalText, textOf } from "./fields.ts";
import { networkFetch } from "./network_fetch.ts";
import { podStorage } from "./pod_storage.ts";
import { saveFile } from "./save_file.ts";

/** What a browser does for a pod, once it may (runtime.md, "Capabilities"). */
export const browserActions: Readonly<Record<string, CapabilityAction>> = {
  "storage.local": podStorage,
  "network.fetch": networkFetch,
  "file.save": saveFile,
  "ui.prompt": askVisitor,
  "clipboard.write": copyText,
  "notification.show": notify,
  "ui.render": handOver("ui.render"),
  "payment.intent": handOver("payment.intent"),
  "calendar.intent": handOver("calendar.intent"),
};

/** `{message}` asks for a yes or no, `{message, default}` for a text, null where none is given. */
function askVisitor(input: unknown): boolean | string | null {
  const message = textOf(input, "message", 2_000);
  return fieldOf(input, "default") === undefined
    ? confirm(message)
    : prompt(message, optionalText(input, "default", 2_000));
}

/** `{text}`. */
async function copyText(input: unknown): Promise<true> {
  await navigator.clipboard.writeText(textOf(input, "text"));
  return true;
}

/** `{title, body?}`. */
async function notify(input: unknown): Promise<true> {
  const title = textOf(input, "title", 200);
  const body = optionalText(input, "body", 1_000) ?? "";
  if (await Notification.requestPermission() !== "granted") {
    throw new CodedError("capability_refused", "The browser does not show this page's notices");
  }
  new Notification(title, { body });
  return true;
}

/**
 * Hands an object to the page, as a `gemmapod:<name>` event on the window with `{podId, input}` as
 * its `detail`: true where the page took it (`preventDefault`).
 */
function handOver(name: string): CapabilityAction {
  return (input, { podId }) => {
    if (!isObject(input)) throw badInput(`${name} takes an object`);
    const event = { cancelable: true, detail: { podId, input } };
    return !globalThis.dispatchEvent(new CustomEvent(`gemmapod:${name}`, event));
  };
}
