import { toHex } from "../../../src/base/mod.ts";
import type { SigningKey } from "../../../src/core/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import { type Frame, signFrame, type UnsignedFrame, uuidv7 } from "../../../src/dartc/mod.ts";
import type { Clock } from "./session_pair.ts";
import { POD_ID } from "./session_pair.ts";

/** Another implementation's side of a session, which says what a test wants, word for word. */
export class RawPeer {
  readonly hex: string;
  readonly #key: SigningKey;
  readonly #role: "visitor" | "origin";
  readonly #clock: Clock;

  private constructor(role: "visitor" | "origin", clock: Clock, key: SigningKey) {
    this.#role = role;
    this.#clock = clock;
    this.#key = key;
    this.hex = toHex(key.publicKey);
  }

  static async make(role: "visitor" | "origin", clock: Clock): Promise<RawPeer> {
    return new RawPeer(role, clock, await nodeEd25519().generate());
  }

  /** The text of a signed frame. */
  async text(topic: string, payload: unknown, more: Partial<UnsignedFrame> = {}): Promise<string> {
    return JSON.stringify(await this.frame(topic, payload, more));
  }

  /** A signed frame; `more` stands in for any member. */
  frame(topic: string, payload: unknown, more: Partial<UnsignedFrame> = {}): Promise<Frame> {
    return signFrame({
      version: "0.2",
      msg_id: uuidv7(this.#clock.now),
      from: `${this.#role}:${this.hex}`,
      to: this.#role === "visitor" ? `pod:${POD_ID}:origin` : "*",
      topic,
      timestamp: this.#clock.now,
      payload,
      ...more,
    }, this.#key);
  }

  /** The text of a hello as v0.2 has it; `payload` adds to it. */
  hello(payload: object = {}, more: Partial<UnsignedFrame> = {}): Promise<string> {
    return this.text("dartc.hello", {
      role: this.#role,
      pod_id: POD_ID,
      agent_id: `${this.#role}:${this.hex}`,
      protocol_versions: { dartc: "0.2", a2a: "0.2.2" },
      supported_topics: ["dartc.*"],
      ...payload,
    }, { dartc: { requires_ack: true }, ...more });
  }
}
