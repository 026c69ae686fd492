import type { BrokerMessage } from "../../signaling/mod.ts";
import type { End, Session } from "../session_table.ts";
import type { Link } from "./link.ts";

/** The side of a session whose socket is another broker's. */
export class RemoteEnd implements End {
  /** Its own broker sees to that. */
  readonly busy = false;
  /** The session, while it stands. */
  session: Session | undefined;
  readonly #link: Link;
  readonly #now: () => number;

  constructor(link: Link, now: () => number) {
    this.#link = link;
    this.#now = now;
  }

  enter(session: Session): void {
    this.session = session;
  }

  send(message: BrokerMessage): void {
    switch (message.t) {
      case "answer":
        return this.#link.send({ t: "answer", sdp: message.sdp }, this.#now());
      case "candidate":
        return this.#link.send({ t: "candidate", candidate: message.candidate }, this.#now());
      case "error":
        return this.#link.send({ t: "error", message: message.message }, this.#now());
      case "offer":
      case "registered":
      case "ping":
      case "pong":
        return; // between a broker and its own client
    }
  }

  forget(_sessionId: string): void {
    this.session = undefined;
    this.#link.send({ t: "end" }, this.#now());
  }
}
