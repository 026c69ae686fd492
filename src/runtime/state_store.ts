import { asCodedError, CodedError } from "../base/mod.ts";
import {
  applyJsonPatch,
  cloneJson,
  hasStep,
  type JsonPatchOperation,
  MAX_STATE_CHARS,
  pointerSteps,
  valueAt,
} from "../dartc/mod.ts";
import { createInTurn } from "./in_turn.ts";

/** A JSON value that Host and visitor share (seed 003, section 9). */
export interface RuntimeStateStore {
  /** A copy of the value at a JSON Pointer (RFC 6901; `""` is all); undefined where nothing is. */
  get<T = unknown>(path?: string): T;
  /** Puts a value at a pointer, whose parent must exist. Rejects with `bad_patch`. */
  set(path: string, value: unknown): Promise<void>;
  /** Replaces all (`STATE_SNAPSHOT`). */
  replace(value: unknown): Promise<void>;
  /** Applies a patch, all or nothing (`STATE_DELTA`). Rejects with `bad_patch`. */
  apply(delta: readonly JsonPatchOperation[]): Promise<void>;
  /** Hears each new state; returns how to stop. Handlers share one copy. */
  subscribe(handler: (state: unknown) => void): () => void;
}

/** What a store tells its runtime. */
export interface StateStoreOptions {
  /** Told of each new state before the subscribers are; the copy that they share. */
  onChange(state: unknown): void;
  /** Told of what could not be done; the caller's promise rejects with the same. */
  onError(error: CodedError): void;
}

/**
 * A state store that begins as `{}`. A change is there, and told, when the method returns (one that a
 * subscriber makes is told when all have heard the one before); the promise says how it went.
 */
export function createStateStore(options: StateStoreOptions): RuntimeStateStore {
  let state: unknown = {};
  let subscribers: readonly ((state: unknown) => void)[] = [];

  const tell = createInTurn(({ copy }: { readonly copy: unknown }) => {
    options.onChange(copy);
    for (const subscriber of subscribers) {
      try {
        subscriber(copy);
      } catch (cause) {
        options.onError(
          new CodedError("handler_failed", "A subscriber of the state failed", { cause }),
        );
      }
    }
  });

  function change(next: () => unknown): Promise<void> {
    let copy: unknown;
    try {
      const changed = next();
      const text = JSON.stringify(changed);
      if (text.length > MAX_STATE_CHARS) {
        throw new CodedError("bad_state", "Cannot keep the state: it is too large");
      }
      copy = JSON.parse(text);
      state = changed;
    } catch (thrown) {
      const error = asCodedError(thrown, "bad_state", "Cannot keep the state: it is not JSON");
      options.onError(error);
      return Promise.reject(error);
    }
    tell({ copy });
    return Promise.resolve();
  }

  return {
    get<T>(path = ""): T {
      const value = valueAt(state, pointerSteps(path));
      // The caller says what it expects to find; nothing here can know.
      return (value === undefined ? undefined : cloneJson(value)) as T;
    },
    set: (path, value) =>
      change(() => {
        const steps = pointerSteps(path);
        const last = steps.at(-1);
        // At a place that a list has already, RFC 6902's `add` would insert.
        const exists = last !== undefined && hasStep(valueAt(state, steps.slice(0, -1)), last);
        return applyJsonPatch(state, [{ op: exists ? "replace" : "add", path, value }]);
      }),
    replace: (value) => change(() => cloneJson(value)),
    apply: (delta) => change(() => applyJsonPatch(state, delta)),
    subscribe(handler) {
      const own = (given: unknown) => handler(given);
      subscribers = [...subscribers, own];
      return () => {
        subscribers = subscribers.filter((other) => other !== own);
      };
    },
  };
}
