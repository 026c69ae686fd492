import { nodeEd25519 } from "../../src/core/native.ts";
import {
  type ChatMessage,
  type DartcUiEvent,
  type Feature,
  type VisitorEvent,
  VisitorSession,
} from "../../src/dartc/mod.ts";
import { dial, type Dialled } from "../../src/rtc/mod.ts";
import { PATIENCE_MS } from "./eventually.ts";

/** Who visits, and what it brings. */
export interface VisitOptions {
  /** The broker, `http://127.0.0.1:<port>/signal`. */
  signalUrl: string;
  podId: string;
  conversationId?: string;
  signedManifestB64?: string;
  /** What it understands beyond v0.2. @default all that we know */
  features?: readonly Feature[];
}

/** A whole answer, or what came of it. */
export interface Answer {
  readonly requestId: string;
  /** The pieces as they came. */
  readonly deltas: readonly string[];
  readonly text: string;
  readonly finishReason?: string;
  readonly error?: { code: string; message: string };
}

/** A visitor without a page: the broker, WebRTC and DARTC for real. */
export class NativeVisitor implements AsyncDisposable {
  /** Everything that the session told, in order. */
  readonly events: VisitorEvent[] = [];
  /** Called with each event as it comes, for what has to be timed. */
  onEvent: ((event: VisitorEvent) => void) | undefined;
  readonly #line: Dialled;
  readonly #waiting = new Set<() => void>();
  #session: VisitorSession | undefined;

  private constructor(line: Dialled) {
    this.#line = line;
  }

  /** Calls a pod; settles when the session is ready, rejects when it is refused. */
  static async visit(options: VisitOptions): Promise<NativeVisitor> {
    const visitor = await NativeVisitor.connect(options);
    await visitor.session.ready(AbortSignal.timeout(PATIENCE_MS));
    return visitor;
  }

  /** The same, without waiting for the Host's hello. */
  static async connect(options: VisitOptions): Promise<NativeVisitor> {
    const { signalUrl, podId, conversationId, signedManifestB64, features } = options;
    const giveUp = new AbortController(); // not a timeout's signal: that would end an open line too
    const timer = setTimeout(() => giveUp.abort(new Error("no line in time")), PATIENCE_MS);
    const { signal } = giveUp;
    const line = await dial({ signalUrl, podId, iceServers: [], signal })
      .finally(() => clearTimeout(timer));
    const visitor = new NativeVisitor(line);
    visitor.#session = await VisitorSession.open({
      channel: visitor.#line.channel,
      ed25519: nodeEd25519(),
      podId,
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(signedManifestB64 === undefined ? {} : { signedManifestB64 }),
      ...(features === undefined ? {} : { features }),
      onEvent: (event) => {
        visitor.events.push(event);
        visitor.onEvent?.(event);
        for (const look of [...visitor.#waiting]) look();
      },
    });
    return visitor;
  }

  get session(): VisitorSession {
    if (this.#session === undefined) throw new Error("the session is not open");
    return this.#session;
  }

  /** The UI events of one type that came so far. */
  uiEvents<T extends DartcUiEvent["type"]>(type: T): Extract<DartcUiEvent, { type: T }>[] {
    return this.events.flatMap((event) =>
      event.type === "ui" && event.event.type === type
        // the type was just compared; TypeScript does not narrow a union by a type parameter
        ? [event.event as Extract<DartcUiEvent, { type: T }>]
        : []
    );
  }

  /** Settles with what `find` finds among the events, those that came before included. */
  until<T>(what: string, find: (events: readonly VisitorEvent[]) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `${what} did not come within ${PATIENCE_MS} ms; the last events: ${this.#last()}`,
          ),
        );
      }, PATIENCE_MS);
      const look = () => {
        const found = find(this.events);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Asks, and settles with the whole answer, or with the error in its place. */
  ask(question: string | readonly ChatMessage[]): Promise<Answer> {
    return this.answerTo(this.send(question));
  }

  /** Asks, and returns the request's id at once. */
  send(question: string | readonly ChatMessage[]): string {
    const messages = typeof question === "string"
      ? [{ role: "user", content: question } as const]
      : [...question];
    return this.session.chat({ messages });
  }

  /** Settles when a request is answered, with or without success. */
  async answerTo(requestId: string): Promise<Answer> {
    let seen = 0; // each event is looked at once: an answer may have thousands
    await this.until("the end of the answer", (events) => {
      for (; seen < events.length; seen++) {
        const event = events[seen];
        const ends = event?.type === "closed" ||
          ((event?.type === "done" || event?.type === "error") && event.requestId === requestId);
        if (ends) return event;
      }
      return undefined;
    });
    return this.answerSoFar(requestId);
  }

  /** What has come of an answer so far. */
  answerSoFar(requestId: string): Answer {
    const deltas = this.events.flatMap((event) =>
      event.type === "delta" && event.requestId === requestId && event.kind === "text"
        ? [event.delta]
        : []
    );
    let answer: Answer = { requestId, deltas, text: deltas.join("") };
    for (const event of this.events) {
      if (event.type === "done" && event.requestId === requestId && event.finishReason) {
        answer = { ...answer, finishReason: event.finishReason };
      } else if (event.type === "error" && event.requestId === requestId) {
        answer = { ...answer, error: { code: event.code, message: event.message } };
      }
    }
    return answer;
  }

  /** Leaves as a page that is closed: no goodbye of DARTC's, the connection is gone. */
  async vanish(): Promise<void> {
    await this.#line.peer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session?.close();
    await this.#line[Symbol.asyncDispose]();
  }

  #last(): string {
    return JSON.stringify(this.events.slice(-5));
  }
}
