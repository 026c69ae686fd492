/** What a socket tells, by event name, with the members that are read here. */
export interface SocketEvents {
  open: unknown;
  message: { readonly data: unknown };
  close: { readonly code: number; readonly reason: string };
  error: unknown;
}

/**
 * The part of a WebSocket that a client here needs. The standard `WebSocket` of browsers, Deno and
 * Node fits, and so does a few lines of test.
 */
export interface SocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** As in the standard: 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that wait to go out. */
  readonly bufferedAmount?: number;
  addEventListener<K extends keyof SocketEvents>(
    type: K,
    handler: (event: SocketEvents[K]) => void,
  ): void;
  removeEventListener<K extends keyof SocketEvents>(
    type: K,
    handler: (event: SocketEvents[K]) => void,
  ): void;
}

/** `readyState` of a socket that can send. */
export const SOCKET_OPEN = 1;

/** `readyState` of a socket that will be open. */
export const SOCKET_CONNECTING = 0;
