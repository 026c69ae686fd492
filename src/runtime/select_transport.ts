import { asCodedError, CodedError, orAborted } from "../base/mod.ts";
import { type PodConfig, TRANSPORT_NAMES } from "../pod/mod.ts";
import type { Clock } from "./clock.ts";
import type { RuntimeTransport, TransportTrace } from "./transport_types.ts";

/**
 * The names of a pod's transports in the order in which they are tried: the preferred ones that are
 * configured, then what is configured besides, in the default order (runtime.md, "Transports").
 */
export function transportOrder(config: Pick<PodConfig, "transport">): string[] {
  const { transport } = config;
  const configured = TRANSPORT_NAMES.filter((name) => transport[name] !== undefined);
  const preferred = (transport.preferred ?? []).filter((name) => configured.includes(name));
  return [...new Set([...preferred, ...configured])];
}

/** No transport could be made ready. */
export class SelectionError extends CodedError {
  override readonly name = "SelectionError";
  /** What was tried, in order. */
  readonly trace: readonly TransportTrace[];

  constructor(code: string, message: string, trace: readonly TransportTrace[], cause?: unknown) {
    super(code, message, { cause });
    this.trace = trace;
  }
}

/** What {@linkcode selectTransport} needs. */
export interface SelectOptions {
  /** The names to try, in order. */
  readonly order: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The transport of a name; undefined where this build has none. */
  transport(name: string): RuntimeTransport | undefined;
  /** Told of each outcome. */
  onTrace(entry: TransportTrace): void;
  /** Told before it goes on to the next. */
  onFallback(from: string, to: string, reason: string): void;
}

/**
 * Connects the first transport of an order that can be. Rejects with a {@linkcode SelectionError}
 * whose code is that of the first one that was tried, or with the signal's reason.
 */
export async function selectTransport(options: SelectOptions): Promise<RuntimeTransport> {
  const { order, clock, signal } = options;
  const trace: TransportTrace[] = [];
  let cause: unknown;
  for (const [index, name] of order.entries()) {
    signal.throwIfAborted(); // whoever was told of the last one may have closed the pod
    const startedAt = clock.now();
    const note = (outcome: TransportTrace["outcome"], error?: CodedError) => {
      const why = error === undefined ? {} : { code: error.code, message: error.message };
      const entry = { transport: name, outcome, ms: clock.now() - startedAt, ...why };
      trace.push(entry);
      options.onTrace(entry);
    };
    try {
      const transport = options.transport(name);
      if (transport === undefined) {
        note("skipped", new CodedError("not_built_in", `${name} is not built into this runtime`));
      } else {
        await orAborted(transport.connect(signal), signal);
        note("ready");
        return transport;
      }
    } catch (thrown) {
      signal.throwIfAborted();
      cause ??= thrown;
      note("failed", asCodedError(thrown, "transport_failed"));
    }
    const next = order[index + 1];
    if (next !== undefined) options.onFallback(name, next, trace.at(-1)?.message ?? "");
  }
  const tried = trace.filter((entry) => entry.outcome === "failed");
  const first = tried[0] ?? trace[0];
  const message = trace.length === 1
    ? first?.message
    : trace.map((entry) => `${entry.transport}: ${entry.message}`).join("; ");
  throw new SelectionError(
    first?.code ?? "not_configured",
    message || "Cannot connect: the pod has no transport",
    trace,
    cause,
  );
}
