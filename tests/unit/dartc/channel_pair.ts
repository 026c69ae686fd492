import type { Channel } from "../../../src/dartc/mod.ts";
import { HIGH_WATER, LOW_WATER } from "../../../src/dartc/mod.ts";

/** One end of a {@linkcode channelPair}, with what a test wants to know and to do. */
export interface MemoryChannel extends Channel {
  /** Everything that was sent from this end, oldest first. */
  readonly sent: readonly string[];
  /** Why it was closed; undefined while it is open. */
  readonly closeReason: string | undefined;
  /** Hands a text to this end as if the other had sent it. */
  deliver(text: string): void;
  /** From now on nothing that is sent from this end arrives: `bufferedAmount` grows. */
  hold(): void;
  /** Lets go of everything that is held. */
  release(): void;
  /** Sends nothing any more and never tells anybody: a machine that lost its network. */
  vanish(): void;
}

/** How texts get from one end to the other. */
export interface ChannelPairOptions {
  /**
   * `sync`: within `send`. `microtask`: later, in order, as any real channel does.
   * @default "sync"
   */
  delivery?: "sync" | "microtask";
}

/** Two channels in memory: what one sends the other receives. */
export function channelPair(options: ChannelPairOptions = {}): [MemoryChannel, MemoryChannel] {
  const { delivery = "sync" } = options;
  const left = memoryChannel(() => right, delivery);
  const right: MemoryEnd = memoryChannel(() => left, delivery);
  return [left, right];
}

interface MemoryEnd extends MemoryChannel {
  /** The other end closed. */
  hearClose(reason: string): void;
}

function memoryChannel(other: () => MemoryEnd, delivery: "sync" | "microtask"): MemoryEnd {
  const sent: string[] = [];
  const held: string[] = [];
  const unread: string[] = [];
  const waiting: (() => void)[] = [];
  let onMessage: ((text: string) => void) | undefined;
  let onClose: ((reason: string) => void) | undefined;
  let closeReason: string | undefined;
  let isHeld = false;
  let isGone = false;

  const buffered = () => held.reduce((sum, text) => sum + text.length, 0);
  const wake = () => waiting.splice(0).forEach((resolve) => resolve());
  const arrange = (step: () => void) => delivery === "sync" ? step() : queueMicrotask(step);
  const carry = (text: string) => arrange(() => isGone || other().deliver(text));
  const finish = (reason: string) => {
    if (closeReason !== undefined) return;
    closeReason = reason;
    wake();
    onClose?.(reason);
  };

  return {
    sent,
    get closeReason() {
      return closeReason;
    },
    send(text) {
      if (closeReason !== undefined) return;
      sent.push(text);
      if (isHeld) held.push(text);
      else carry(text);
    },
    close(reason = "") {
      if (closeReason !== undefined) return;
      isHeld = false;
      held.splice(0).forEach(carry);
      arrange(() => isGone || other().hearClose(reason));
      finish(reason);
    },
    bufferedAmount: buffered,
    writable() {
      if (closeReason !== undefined || buffered() < HIGH_WATER) return undefined;
      return new Promise((resolve) => waiting.push(resolve));
    },
    onMessage(handler) {
      onMessage = handler;
      unread.splice(0).forEach(handler);
    },
    onClose(handler) {
      onClose = handler;
      if (closeReason !== undefined) handler(closeReason);
    },
    deliver(text) {
      if (closeReason !== undefined) return;
      if (onMessage === undefined) unread.push(text);
      else onMessage(text);
    },
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      held.splice(0).forEach(carry);
      if (buffered() <= LOW_WATER) wake();
    },
    vanish() {
      isGone = true;
      isHeld = true;
    },
    hearClose: finish,
  };
}
