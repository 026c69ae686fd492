import { asCodedError, CodedError, isObject, isString } from "../base/mod.ts";
import type { CapabilityConfig } from "../pod/mod.ts";
import type { CapabilityAction, CapabilityContext } from "./adapter_types.ts";
import { MAX_INPUT_CHARS } from "./limits.ts";
import type { CapabilityRequest, RuntimeCapabilityRegistry } from "./runtime_types.ts";

/** What {@linkcode Capabilities} begins with. */
export interface CapabilityOptions {
  /** Granted without asking. */
  readonly granted: readonly string[];
  /** What the manifest declares. */
  readonly declared: readonly CapabilityConfig[];
  /** What is run once a capability is granted. */
  readonly actions: Readonly<Record<string, CapabilityAction>>;
  /** For the actions. */
  readonly context: CapabilityContext;
}

/** The capabilities of one runtime. */
export class Capabilities implements RuntimeCapabilityRegistry {
  onRequest: RuntimeCapabilityRegistry["onRequest"];
  readonly #options: CapabilityOptions;
  readonly #granted: Set<string>;
  /** The questions that wait for the visitor: the same one is asked once. */
  readonly #asking = new Map<string, Promise<void>>();

  constructor(options: CapabilityOptions) {
    this.#options = options;
    this.#granted = new Set(options.granted);
  }

  has(name: string): boolean {
    return this.#granted.has(name);
  }

  list(): string[] {
    return [...this.#granted];
  }

  grant(name: string): void {
    this.#granted.add(name);
  }

  revoke(name: string): void {
    this.#granted.delete(name);
  }

  async request<T>(name: string, input?: unknown): Promise<T> {
    // What is done is what was shown, whatever the caller does to its object meanwhile.
    const given = input === undefined ? undefined : copyOf(name, input);
    const declared = this.#declared(name, given);
    if (declared === undefined) {
      throw new CodedError("capability_undeclared", `The pod does not declare ${name}`);
    }
    await this.#allow(declared, name, given);
    const { actions, context } = this.#options;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    try {
      const result = action === undefined ? true : await action(given, context);
      return result as T; // the caller knows what the capability gives
    } catch (thrown) {
      throw asCodedError(thrown, "capability_failed");
    }
  }

  async requestRequired(): Promise<void> {
    for (const declared of this.#options.declared) {
      const { name, required } = declared;
      if (required === true && !this.has(name)) await this.#allow(declared, name, undefined);
    }
  }

  /** A declaration as `network.fetch:api.example` is for inputs whose `url` has that host. */
  #declared(name: string, input: unknown): CapabilityConfig | undefined {
    const host = hostOf(input);
    const { declared } = this.#options;
    return declared.find((other) => other.name === `${name}:${host}`) ??
      declared.find((other) => other.name === name);
  }

  async #allow(declared: CapabilityConfig, name: string, input: unknown): Promise<void> {
    const { risk, required = false } = declared;
    const ask = () => this.#ask(declared.name, { name, input, risk, required });
    if (risk === "high") return await ask();
    if (this.has(declared.name)) return;
    const asking = this.#asking.get(declared.name) ?? ask();
    this.#asking.set(declared.name, asking);
    await asking.finally(() => this.#asking.delete(declared.name));
  }

  async #ask(granted: string, request: CapabilityRequest): Promise<void> {
    if (await this.onRequest?.(request) !== true) {
      throw new CodedError("capability_refused", `The visitor did not allow ${request.name}`);
    }
    this.grant(granted);
  }
}

function copyOf(name: string, input: unknown): unknown {
  try {
    const text = JSON.stringify(input);
    if (text.length <= MAX_INPUT_CHARS) return JSON.parse(text);
  } catch {
    // a circle, a function: said below
  }
  throw new CodedError("bad_input", `Cannot ask for ${name}: its input is no JSON, or too large`);
}

function hostOf(input: unknown): string | undefined {
  try {
    return isObject(input) && isString(input.url) ? new URL(input.url).host : undefined;
  } catch {
    return undefined; // the action says what is wrong with it
  }
}
