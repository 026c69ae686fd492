import type { BrokerMessage } from "../signaling/mod.ts";

/** One client's line, as the hub needs it. A WebSocket here, an array in a test. */
export interface Connection {
  /** What limits count this client by; never logged. */
  readonly address: string;
  /**
   * Whether so much waits for this client to read it that nobody else may send it more: at the
   * limit its line is closed, and that must be its own doing.
   */
  readonly busy: boolean;
  /** Sends a message, if the line still stands. */
  send(message: BrokerMessage): void;
  /** Closes the line. */
  close(code: number, reason: string): void;
}
