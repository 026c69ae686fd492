import { toHex } from "../../src/base/mod.ts";
import { nodeEd25519 } from "../../src/core/native.ts";
import { type Frame, signFrame, type UnsignedFrame, uuidv7 } from "../../src/dartc/mod.ts";
import { dial, type Dialled } from "../../src/rtc/mod.ts";

/** A visitor that sends what a test wants, word for word, and keeps what it is sent. */
export class RawVisitor implements AsyncDisposable {
  /** What came, in order. */
  readonly frames: Frame[] = [];
  /** Why the channel was closed; undefined while it is open. */
  closed: string | undefined;
  readonly #line: Dialled;
  readonly #podId: string;
  readonly #key = nodeEd25519().generate();

  private constructor(line: Dialled, podId: string) {
    this.#line = line;
    this.#podId = podId;
    line.channel.onClose((reason) => this.closed = reason);
    // as the Host sent it: this test trusts its own Host
    line.channel.onMessage((text) => this.frames.push(JSON.parse(text) as Frame));
  }

  /** Calls a pod, and says nothing. */
  static async connect(signalUrl: string, podId: string): Promise<RawVisitor> {
    return new RawVisitor(await dial({ signalUrl, podId, iceServers: [] }), podId);
  }

  /** Calls a pod and says hello; `features` are what the Host may use. */
  static async visit(
    signalUrl: string,
    podId: string,
    features: string[] = [],
  ): Promise<RawVisitor> {
    const visitor = await RawVisitor.connect(signalUrl, podId);
    const { publicKey } = await visitor.#key;
    await visitor.send("dartc.hello", {
      role: "visitor",
      pod_id: podId,
      agent_id: `visitor:${toHex(publicKey)}`,
      protocol_versions: { dartc: "0.2", a2a: "0.2.2" },
      supported_topics: ["*"],
      features,
    });
    return visitor;
  }

  /** Signs and sends one frame. */
  async send(topic: string, payload: unknown, more: Partial<UnsignedFrame> = {}): Promise<void> {
    const key = await this.#key;
    const frame = await signFrame({
      version: "0.2",
      msg_id: uuidv7(),
      from: `visitor:${toHex(key.publicKey)}`,
      to: `pod:${this.#podId}:origin`,
      topic,
      timestamp: Date.now(),
      payload,
      ...more,
    }, key);
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.#line.channel.send(text);
  }

  /** The codes of the errors that came so far. */
  errors(): { code: unknown; message: unknown; fatal: unknown }[] {
    return this.frames.filter(({ topic }) => topic === "dartc.error").map(({ payload }) => {
      const { code, message, fatal } = Object(payload);
      return { code, message, fatal };
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#line.peer.close();
  }
}
