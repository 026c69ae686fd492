import { frame, OPCODE, RawSocket } from "../../e2e/raw_socket.ts";
import { PrebuiltFrame, SESSION_ID } from "./prebuilt_frame.ts";

/** A browser's offer for a data channel has this size; its contents do not matter to a broker. */
const SDP = "a=candidate".padEnd(600, ".");

const CANDIDATE = {
  candidate: "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx " +
    "raddr 10.0.0.17 rport 46154 generation 0 ufrag abcd network-cost 999",
  sdpMid: "0",
  sdpMLineIndex: 0,
  usernameFragment: "abcd",
};

/** Messages that each side gets in a session: an offer or an answer, and two candidates. */
const MESSAGES = 3;

/** First letters of the types of relayed messages, at their place in the JSON. */
const TYPE_AT = 6;
const OFFER = "o".charCodeAt(0);
const ERROR = "e".charCodeAt(0);

/** What a load of sessions took, in milliseconds. */
export interface SessionTimes {
  /** From an offer's sending until the Host has it. */
  readonly offers: number[];
  /** From an offer's sending until both sides have everything. */
  readonly sessions: number[];
}

/** Options of {@linkcode SessionLoad.start}. */
export interface SessionLoadOptions {
  readonly port: number;
  /** Sessions at once; each has a Host of its own. */
  readonly inFlight: number;
  /** Whether each visitor comes on a socket of its own, as in life, or all reuse theirs. */
  readonly visitors: "fresh" | "standing";
}

/** Pairs of a Host and a visitor that open one session after the other, as fast as it goes. */
export class SessionLoad {
  readonly #times: SessionTimes = { offers: [], sessions: [] };
  readonly #pairs: Promise<void>[] = [];
  #number = 0;
  #ending = false;

  /** Connects all, and begins. */
  static async start(options: SessionLoadOptions): Promise<SessionLoad> {
    const load = new SessionLoad();
    for (let i = 0; i < options.inFlight; i++) {
      load.#pairs.push(load.#pair(options, await hostOf(options.port, `pod-${i}`), `pod-${i}`));
    }
    return load;
  }

  /** What was measured since the last time. */
  taken(): SessionTimes {
    const { offers, sessions } = this.#times;
    return { offers: offers.splice(0), sessions: sessions.splice(0) };
  }

  /** Lets the sessions in flight end, and hangs up. */
  async stop(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#pairs);
  }

  async #pair(options: SessionLoadOptions, host: RawSocket, podId: string): Promise<void> {
    const [sessionId, sdp] = [SESSION_ID, SDP];
    const offer = new PrebuiltFrame({ t: "offer", podId, sessionId, sdp });
    const answer = new PrebuiltFrame({ t: "answer", sessionId, sdp });
    const candidate = new PrebuiltFrame({ t: "candidate", sessionId, candidate: CANDIDATE });
    using _host = host;
    let visitor = await RawSocket.connect(options.port);
    while (!this.#ending) {
      const session = ++this.#number;
      const done = Promise.withResolvers<void>();
      let missing = 2 * MESSAGES;
      const began = performance.now();
      const got = (buffer: Uint8Array, start: number, end: number) => {
        if (buffer[start + TYPE_AT] === ERROR) {
          done.reject(new Error(new TextDecoder().decode(buffer.subarray(start, end))));
        }
        if (--missing === 0) done.resolve();
      };
      visitor.onFrame = (_opcode, ...bytes) => got(...bytes);
      host.onFrame = (_opcode, buffer, start, end) => {
        got(buffer, start, end);
        if (buffer[start + TYPE_AT] !== OFFER) return;
        this.#times.offers.push(performance.now() - began);
        host.send(answer.of(session));
        for (let i = 1; i < MESSAGES; i++) host.send(candidate.of(session));
      };
      visitor.send(offer.of(session));
      for (let i = 1; i < MESSAGES; i++) visitor.send(candidate.of(session));
      await done.promise;
      this.#times.sessions.push(performance.now() - began);
      if (options.visitors === "standing") continue;
      visitor[Symbol.dispose]();
      visitor = await RawSocket.connect(options.port);
    }
    visitor[Symbol.dispose]();
  }
}

/** A Host that has registered a pod. */
export async function hostOf(port: number, podId: string, readBytes?: number): Promise<RawSocket> {
  const host = await RawSocket.connect(port, readBytes);
  const registered = Promise.withResolvers<void>();
  host.onFrame = (opcode) => {
    if (opcode === OPCODE.TEXT) registered.resolve();
  };
  await host.send(frame(JSON.stringify({ t: "register", podId })));
  await Promise.race([
    registered.promise,
    host.ended.then(() => Promise.reject(new Error("Cannot register: the broker hung up"))),
  ]);
  return host;
}
