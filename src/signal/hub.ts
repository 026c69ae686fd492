import { errorMessage, type Logger } from "../base/mod.ts";
import {
  type ClientMessage,
  CLOSE_CODE,
  MESSAGE_BYTES,
  MessageError,
  parseClientMessage,
  SILENT_AFTER_MS,
} from "../signaling/mod.ts";
import { type Admit, admitAll } from "./admission.ts";
import type { Bus, BusState } from "./bus/bus.ts";
import type { Connection } from "./connection.ts";
import type { BrokerLimits } from "./limits.ts";
import { Member, type Role } from "./member.ts";
import { Metrics } from "./metrics/metrics.ts";
import { Rendezvous } from "./rendezvous.ts";

/** What a {@linkcode Hub} is made with. */
export interface HubOptions {
  limits: BrokerLimits;
  log: Logger;
  /** @default admitAll */
  admit?: Admit;
  /**
   * The other brokers.
   * @default this one is alone
   */
  bus?: Bus;
  /**
   * What it counts in.
   * @default counts that nobody reads
   */
  metrics?: Metrics;
  /**
   * A clock in milliseconds that never goes back.
   * @default performance.now
   */
  now?: () => number;
}

/**
 * The clients of a broker: who is connected, who is registered, who may say what (spec:
 * signaling.md "WebSocket /signal"). Knows no sockets and has no timer.
 */
export class Hub {
  readonly #limits: BrokerLimits;
  readonly #log: Logger;
  readonly #admit: Admit;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #members = new Set<Member>();
  readonly #hosts = new Map<string, Member>();
  readonly #rendezvous: Rendezvous;
  readonly #bus: Bus | undefined;
  #stopping = false;
  /** How many registrations were asked for. */
  #asked = 0;

  constructor(options: HubOptions) {
    this.#limits = options.limits;
    this.#log = options.log;
    this.#admit = options.admit ?? admitAll;
    this.#metrics = options.metrics ?? new Metrics();
    this.#now = options.now ?? (() => performance.now());
    this.#bus = options.bus;
    this.#rendezvous = new Rendezvous({
      limits: this.#limits,
      metrics: this.#metrics,
      now: this.#now,
      hostOf: (podId) => this.#hosts.get(podId),
      bus: this.#bus,
      referee: {
        refuse: (...said) => this.#refuse(...said),
        overLimit: (...said) => this.#overLimit(...said),
      },
    });
    this.#bus?.attach({
      called: (offer, visitor) => this.#rendezvous.called(offer, visitor),
      said: (end, say) => this.#rendezvous.said(end, say),
      lost: (end) => this.#rendezvous.lost(end),
      cameHome: (end, said) => this.#rendezvous.cameHome(end, said),
      replaced: (podId) => this.#replaced(podId),
    });
  }

  /** How many pods are registered. */
  get origins(): number {
    return this.#hosts.size;
  }

  /** How many sessions are open. */
  get sessions(): number {
    return this.#rendezvous.size;
  }

  /** Whether other brokers can be reached; undefined where there are none. */
  get bus(): BusState | undefined {
    return this.#bus?.state;
  }

  /** How many clients are connected, by what they have become. */
  get sockets(): Record<Role, number> {
    const sockets = { none: 0, host: 0, visitor: 0 };
    for (const { role } of this.#members) sockets[role]++;
    return sockets;
  }

  /** A client has connected. */
  join(connection: Connection): Member {
    const member = new Member(connection, this.#now());
    this.#members.add(member);
    this.#metrics.sockets++;
    return member;
  }

  /** A client's line is gone, closed by either side. */
  leave(member: Member): void {
    if (member.gone) return;
    member.gone = true;
    this.#members.delete(member);
    for (const podId of member.pods) {
      if (this.#hosts.get(podId) !== member) continue; // another took it over
      this.#hosts.delete(podId);
      // A broker that stops leaves its pods standing on the bus: their Hosts are on their way to
      // another, and visitors who call meanwhile are put through when they are there.
      if (!this.#stopping) this.#bus?.unregister(podId);
      this.#log.info("origin_left", { pod: podId });
    }
    this.#rendezvous.leave(member);
  }

  /** A client has said something. */
  receive(member: Member, text: unknown): void {
    if (member.gone) return;
    member.silence.heard(this.#now());
    let message: ClientMessage;
    try {
      message = parseClientMessage(text, this.#limits);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.#metrics.messages.unreadable++;
      if (error.code === "too_large") {
        return this.#overLimit(member, error.message, error.sessionId);
      }
      return this.#refuse(member, "unreadable", error.message, error.sessionId);
    }
    this.#metrics.messages[message.t]++;
    switch (message.t) {
      case "register":
        return this.#register(member, message);
      case "offer":
        return this.#rendezvous.offer(member, message);
      case "answer":
        return this.#rendezvous.answer(member, message);
      case "candidate":
        return this.#rendezvous.candidate(member, message);
      case "error":
        return this.#rendezvous.error(member, message);
      case "ping":
        member.silence.peerKnows();
        return member.connection.send({ t: "pong" });
      case "pong":
        return member.silence.peerKnows();
    }
  }

  /** A client has begun a message that is over the limit of size, and that nobody reads. */
  refuseTooLarge(member: Member): void {
    if (member.gone) return;
    this.#metrics.messages.unreadable++;
    this.#overLimit(member, `Cannot read the message: it is over ${MESSAGE_BYTES} bytes`);
  }

  /** Ends what took too long and whoever is silent; to be called every few seconds. */
  sweep(): void {
    const now = this.#now();
    this.#rendezvous.sweep();
    for (const member of this.#members) this.#sweepSilence(member, now);
  }

  /** Says goodbye to everybody. */
  stop(): void {
    this.#stopping = true;
    for (const member of [...this.#members]) {
      this.#drop(member, CLOSE_CODE.STOPPING, "the broker is stopping");
    }
  }

  #sweepSilence(member: Member, now: number): void {
    if (member.role === "none") {
      if (now - member.joinedAt < SILENT_AFTER_MS) return;
      return this.#drop(member, CLOSE_CODE.SILENT, "neither a Host nor a visitor within 60 s");
    }
    // Who has never said ping or pong is of another implementation, and its line is watched below
    // us, by the WebSocket's own ping.
    if (!member.silence.peerKnowsPing) return;
    switch (member.silence.check(now)) {
      case "wait":
        return;
      case "ping":
        return member.connection.send({ t: "ping" });
      case "gone":
        return this.#drop(member, CLOSE_CODE.SILENT, "not a word for 60 s");
    }
  }

  #register(member: Member, { podId }: Extract<ClientMessage, { t: "register" }>): void {
    if (member.role === "visitor") {
      return this.#refuse(member, "wrong_role", "a visitor cannot register a pod");
    }
    member.role = "host";
    if (!member.asked.has(podId) && member.asked.size >= this.#limits.podsPerSocket) {
      return this.#overLimit(member, `at most ${this.#limits.podsPerSocket} pods a socket`);
    }
    member.asked.set(podId, ++this.#asked);
    const failed = (error: unknown) => this.#notAdmitted(member, podId, error);
    let admission: ReturnType<Admit>;
    try {
      admission = this.#admit({ podId });
    } catch (error) {
      return failed(error);
    }
    if (admission instanceof Promise) {
      admission.then((settled) => this.#admitted(member, podId, settled), failed);
    } else this.#admitted(member, podId, admission);
  }

  #notAdmitted(member: Member, podId: string, error: unknown): void {
    this.#log.error("admission_failed", { pod: podId, error: errorMessage(error) });
    this.#metrics.registrations.refused++;
    if (member.gone) return;
    if (!member.pods.has(podId)) member.asked.delete(podId);
    this.#refuse(member, "not_admitted", "the pod cannot be registered now");
  }

  #admitted(member: Member, podId: string, admission: Awaited<ReturnType<Admit>>): void {
    if (member.gone) return;
    if (!admission.admitted) {
      this.#metrics.registrations.refused++;
      this.#refuse(member, "not_admitted", admission.message);
      return this.#drop(member, admission.closeCode, admission.message);
    }
    const older = this.#hosts.get(podId);
    this.#metrics.registrations[older === undefined ? "registered" : "replaced"]++;
    if (older !== undefined && asked(older, podId) > asked(member, podId)) {
      // It took longer to be admitted than one that came after it, and is taken over at once.
      return this.#drop(member, CLOSE_CODE.REPLACED, "replaced by new origin");
    }
    this.#hosts.set(podId, member);
    member.register(podId);
    if (older !== undefined && older !== member) {
      this.#drop(older, CLOSE_CODE.REPLACED, "replaced by new origin");
    }
    this.#log.info("origin_registered", {
      pod: podId,
      replaced: older !== undefined,
      address: member.connection.address,
    });
    // Who says it again is known already, and must not keep the bus busy.
    if (this.#bus === undefined || older === member) return member.announce(podId);
    this.#bus.register(podId).then(() => {
      if (this.#hosts.get(podId) === member) member.announce(podId);
    });
  }

  /** A newer registration of a pod of ours stands on another broker. */
  #replaced(podId: string): void {
    const member = this.#hosts.get(podId);
    if (member === undefined) return;
    this.#metrics.registrations.replaced++;
    this.#drop(member, CLOSE_CODE.REPLACED, "replaced by new origin");
  }

  /** Says that something was wrong, and counts it. */
  #refuse(
    member: Member,
    reason: keyof Metrics["refusals"],
    message: string,
    sessionId?: string,
  ): void {
    this.#metrics.refusals[reason]++;
    member.complain(message, sessionId);
  }

  #overLimit(member: Member, message: string, sessionId?: string): void {
    this.#refuse(member, "over_limit", message, sessionId);
    this.#log.warn("over_limit", {
      limit: message,
      role: member.role,
      address: member.connection.address,
    });
    this.#drop(member, CLOSE_CODE.LIMIT, message);
  }

  #drop(member: Member, code: number, reason: string): void {
    this.#metrics.closed[closeReason(code)]++;
    member.connection.close(code, reason);
    this.leave(member);
  }
}

/** When a client asked for a pod, as a number that grows. */
function asked(member: Member, podId: string): number {
  return member.asked.get(podId) ?? 0;
}

function closeReason(code: number): keyof Metrics["closed"] {
  switch (code) {
    case CLOSE_CODE.REPLACED:
      return "replaced";
    case CLOSE_CODE.CLAIMED:
      return "claimed";
    case CLOSE_CODE.SILENT:
      return "silent";
    case CLOSE_CODE.STOPPING:
      return "stopping";
    case CLOSE_CODE.LIMIT:
      return "limit";
    default:
      return "other"; // what an `Admit` of somebody else says
  }
}
