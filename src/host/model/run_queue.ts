import { CodedError, type MaybePromise } from "../../base/mod.ts";

/** Where a request stands: `position` 1 is the next to run, 0 is running. */
export interface QueuePlace {
  readonly position: number;
  /** How many wait, over all visitors. */
  readonly waiting: number;
}

/** One run that wants a place. */
export interface QueueRequest {
  /** Who asks; visitors are served in turn. */
  readonly visitor: string;
  readonly pod: string;
  /** What the pod's `[limits]` narrow. */
  readonly podLimits?: { readonly runsAtOnce?: number; readonly queue?: number };
  /** Leaves the queue when aborted. */
  readonly signal: AbortSignal;
  /** Told where the request stands: when it begins to wait, and at each change. */
  onPlace(place: QueuePlace): void;
}

/** How many visitors' turns are remembered; forgetting them costs one round of fairness. */
const MAX_TURNS_KEPT = 1_024;

interface Entry extends QueueRequest {
  /** The turn of its visitor that this is: see {@linkcode RunQueue}. */
  readonly turn: number;
  place: QueuePlace | undefined;
  take(): void;
}

/**
 * The places of one provider (host.md, "Runs wait their turn"): so many runs at once, the others
 * wait, visitors in turn, so that one with many requests does not starve the others.
 *
 * In turn by start-time fair queueing (Goyal, Vin, Cheng 1996): a request has its visitor's next
 * turn, but none that is over already; the lowest turn runs first, and of equal ones who came first.
 *
 * @example
 * ```ts
 * import { RunQueue } from "./run_queue.ts";
 *
 * const queue = new RunQueue({ runsAtOnce: 1, maxWaiting: 32 });
 * const { signal } = new AbortController();
 * const place = await queue.enter({ visitor: "a", pod: "p", signal, onPlace: () => {} });
 * const during = queue.running;
 * place[Symbol.dispose]();
 * if (during !== 1 || queue.running !== 0) throw new Error("the place was not given back");
 * ```
 */
export class RunQueue {
  readonly #maxWaiting: number;
  readonly #onChange: (place: { running: number; waiting: number }) => void;
  /** Requests that wait, in the order in which they will run. */
  readonly #waiting: Entry[] = [];
  /** The next turn of each visitor that has had the present one. */
  readonly #nextTurns = new Map<string, number>();
  readonly #runningOfPod = new Map<string, number>();
  /** The turn of the request that started last. */
  #turn = 0;
  #runsAtOnce: number;
  #running = 0;

  constructor(
    options: {
      runsAtOnce: number;
      maxWaiting: number;
      onChange?: (place: { running: number; waiting: number }) => void;
    },
  ) {
    this.#runsAtOnce = options.runsAtOnce;
    this.#maxWaiting = options.maxWaiting;
    this.#onChange = options.onChange ?? (() => {});
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Changes how many run at once: the provider turned out to be another than was thought. */
  setRunsAtOnce(count: number): void {
    this.#runsAtOnce = count;
    this.#advance();
  }

  /**
   * A place, at once where one is free; disposing of it gives it to the next.
   *
   * Throws or rejects with {@linkcode CodedError} `rate_limited` when too many wait, `cancelled`
   * when the signal is aborted before the request had its turn.
   */
  enter(request: QueueRequest): MaybePromise<Disposable> {
    if (request.signal.aborted) throw cancelled();
    // Whoever waits is kept by what this request does not have: else it would run already.
    const free = this.#mayRun(request);
    if (!free) this.#refuseTooMany(request);
    const turn = Math.max(this.#turn, this.#nextTurns.get(request.visitor) ?? 0);
    this.#nextTurns.set(request.visitor, turn + 1);
    return free ? this.#run(request.pod, turn) : this.#wait(request, turn);
  }

  #wait(request: QueueRequest, turn: number): Promise<Disposable> {
    const { promise, resolve, reject } = Promise.withResolvers<Disposable>();
    const { signal } = request;
    const leave = () => {
      this.#remove(entry);
      reject(cancelled());
      this.#advance();
    };
    const entry: Entry = {
      ...request,
      turn,
      place: undefined,
      take: () => {
        signal.removeEventListener("abort", leave);
        this.#remove(entry);
        resolve(this.#run(request.pod, turn));
      },
    };
    signal.addEventListener("abort", leave, { once: true });
    const after = this.#waiting.findIndex((other) => other.turn > turn);
    this.#waiting.splice(after === -1 ? this.#waiting.length : after, 0, entry);
    this.#advance();
    return promise;
  }

  #mayRun({ pod, podLimits }: QueueRequest): boolean {
    const ofPod = this.#runningOfPod.get(pod) ?? 0;
    return this.#running < this.#runsAtOnce && ofPod < (podLimits?.runsAtOnce ?? Infinity);
  }

  #refuseTooMany({ pod, podLimits }: QueueRequest): void {
    const ofPod = this.#waiting.filter((entry) => entry.pod === pod).length;
    const mayWait = this.#waiting.length < this.#maxWaiting;
    if (mayWait && ofPod < (podLimits?.queue ?? Infinity)) return;
    throw new CodedError(
      "rate_limited",
      "Too many people are waiting for an answer just now. Please try again in a moment.",
    );
  }

  #run(pod: string, turn: number): Disposable {
    this.#turn = turn;
    this.#forgetTurnsThatAreOver();
    this.#running++;
    this.#runningOfPod.set(pod, (this.#runningOfPod.get(pod) ?? 0) + 1);
    this.#tell();
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        this.#running--;
        const left = (this.#runningOfPod.get(pod) ?? 1) - 1;
        if (left === 0) this.#runningOfPod.delete(pod);
        else this.#runningOfPod.set(pod, left);
        this.#advance();
      },
    };
  }

  /** Gives out free places, then tells those that still wait where they stand. */
  #advance(): void {
    let next: Entry | undefined;
    while ((next = this.#waiting.find((entry) => this.#mayRun(entry))) !== undefined) next.take();
    const waiting = this.#waiting.length;
    for (const [index, entry] of [...this.#waiting].entries()) {
      const place = { position: index + 1, waiting };
      const { place: before } = entry;
      if (before?.position === place.position && before.waiting === place.waiting) continue;
      entry.place = place;
      entry.onPlace(place);
    }
    this.#tell();
  }

  #tell(): void {
    this.#onChange({ running: this.#running, waiting: this.waiting });
  }

  #forgetTurnsThatAreOver(): void {
    for (const [visitor, turn] of this.#nextTurns) {
      if (turn <= this.#turn) this.#nextTurns.delete(visitor);
    }
    if (this.#nextTurns.size > MAX_TURNS_KEPT) this.#nextTurns.clear();
  }

  #remove(entry: Entry): void {
    const index = this.#waiting.indexOf(entry);
    if (index !== -1) this.#waiting.splice(index, 1);
  }
}

function cancelled(): CodedError {
  return new CodedError("cancelled", "The question was withdrawn.");
}
