/**
 * What a session runs on: a data channel, a WebSocket relay, stdio. Text messages, in order, whole.
 *
 * Nothing here throws; after its close a channel does nothing.
 */
export interface Channel {
  /** Sends one text message, or queues it when the transport is full. */
  send(text: string): void;
  /** Closes gracefully: what was sent goes out first. */
  close(reason?: string): void;
  /** How many bytes wait to be sent. */
  bufferedAmount(): number;
  /**
   * Undefined while fewer than {@linkcode HIGH_WATER} bytes wait, else a promise that settles when
   * {@linkcode LOW_WATER} is reached or the channel is closed.
   */
  writable(): Promise<void> | undefined;
  /**
   * Sets who takes the messages. Those that came before are kept and handed over in order; a binary
   * message is handed over as `""`, so that the session refuses it.
   */
  onMessage(handler: (text: string) => void): void;
  /** Sets who is told, once, that the channel is closed, by either side. */
  onClose(handler: (reason: string) => void): void;
  /** Closes at once, for a page that goes away: what was sent last may be lost. */
  abandon?(): void;
}
