/** What the tests see of an `RTCPeerConnection` that a page made. */
export class FakePeer {
  /** The newest that was made. */
  static last: FakePeer | undefined;

  readonly configuration: RTCConfiguration;
  readonly label: string[] = [];
  readonly candidates: unknown[] = [];
  readonly dataChannel = {
    readyState: "connecting",
    bufferedAmount: 0,
    bufferedAmountLowThreshold: 0,
    onopen: null as (() => void) | null,
    onmessage: null,
    onbufferedamountlow: null,
    onclose: null,
    send: () => {},
    close: () => {},
  };
  connectionState = "new";
  isClosed = false;
  answer: string | undefined;
  localDescription: { sdp: string } | undefined;
  onicecandidate: ((event: { candidate: { toJSON(): unknown } | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor(configuration: RTCConfiguration) {
    this.configuration = configuration;
    FakePeer.last = this;
  }

  createDataChannel(label: string): unknown {
    this.label.push(label);
    return this.dataChannel;
  }

  createOffer(): Promise<{ sdp: string }> {
    return Promise.resolve({ sdp: "offer" });
  }

  setLocalDescription(description: { sdp: string }): Promise<void> {
    this.localDescription = description;
    this.find("early");
    return Promise.resolve();
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (sdp === "nonsense") return Promise.reject(new Error("cannot parse"));
    this.answer = sdp;
    return Promise.resolve();
  }

  addIceCandidate(candidate: { candidate?: string } | undefined): Promise<void> {
    if (this.answer === undefined) throw new Error("too early");
    this.candidates.push(candidate?.candidate);
    return candidate?.candidate === "bad" ? Promise.reject(new Error("bad")) : Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
  }

  /** A candidate of this side is found; undefined: there are no more. */
  find(candidate: string | undefined): void {
    const found = candidate === undefined
      ? null
      : { toJSON: () => ({ candidate, sdpMid: "0", sdpMLineIndex: 0 }) };
    this.onicecandidate?.({ candidate: found });
  }

  /** The channel opens. */
  open(): void {
    this.dataChannel.readyState = "open";
    this.dataChannel.onopen?.();
  }

  /** The connection changes. */
  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
