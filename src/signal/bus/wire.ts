import type { BusMessage } from "./bus_message.ts";

/** What a wire hands over. */
export interface WireListener {
  message(message: BusMessage): void;
  /** Nobody listens where something of this link was sent. */
  nobody(link: string): void;
  /** The wire came up, or went down. */
  changed(): void;
}

/**
 * Carries messages between brokers by subject, each at most once and, from one broker to another,
 * in order. NATS in `nats_wire.ts`, a map in a test.
 */
export interface Wire extends AsyncDisposable {
  /** Whether messages go out. While they do not, what is sent is lost. */
  readonly up: boolean;
  /** Says who listens; to be called once. */
  listen(listener: WireListener): void;
  /** From now on offers for a pod come here. */
  join(podId: string): void;
  leave(podId: string): void;
  toBroker(broker: string, message: BusMessage): void;
  /** To one of the brokers that have joined a pod. */
  toPod(podId: string, message: BusMessage): void;
}
