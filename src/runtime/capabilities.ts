import { CodedError } from "../base/mod.ts";
import type { CapabilityConfig } from "../pod/mod.ts";
import type { CapabilityAction } from "./adapter_types.ts";
import type { CapabilityRequest, RuntimeCapabilityRegistry } from "./runtime_types.ts";

/** What {@linkcode createCapabilities} begins with. */
export interface CapabilityOptions {
  /** Granted without asking. */
  readonly granted: readonly string[];
  /** What the manifest declares. */
  readonly declared: readonly CapabilityConfig[];
  /** What is run once a capability is granted. */
  readonly actions: Readonly<Record<string, CapabilityAction>>;
}

/** The capabilities of one runtime. */
export function createCapabilities(options: CapabilityOptions): RuntimeCapabilityRegistry {
  const granted = new Set(options.granted);
  const registry: RuntimeCapabilityRegistry = {
    onRequest: undefined,
    has: (name) => granted.has(name),
    list: () => [...granted],
    grant: (name) => void granted.add(name),
    revoke: (name) => void granted.delete(name),
    async request<T>(name: string, input?: unknown): Promise<T> {
      const declared = options.declared.find((other) => other.name === name);
      if (declared === undefined) {
        throw new CodedError("capability_undeclared", `The pod does not declare ${name}`);
      }
      if (!granted.has(name) || declared.risk === "high") await ask(declared, input);
      const action = Object.hasOwn(options.actions, name) ? options.actions[name] : undefined;
      const result = action === undefined ? true : await action(input);
      return result as T; // the caller knows what the capability gives
    },
  };

  async function ask(declared: CapabilityConfig, input: unknown): Promise<void> {
    const { name } = declared;
    const request: CapabilityRequest = {
      name,
      input,
      risk: declared.risk,
      required: declared.required ?? false,
    };
    if (await registry.onRequest?.(request) !== true) {
      throw new CodedError("capability_refused", `The visitor did not allow ${name}`);
    }
    granted.add(name);
  }

  return registry;
}
