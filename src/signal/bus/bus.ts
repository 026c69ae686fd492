import type { SessionMessage } from "./bus_message.ts";
import type { RemoteEnd } from "./remote_end.ts";

/**
 * Whether other brokers can be reached. `degraded`: NATS or its JetStream does not answer; what is
 * inside this broker goes on, and the rest comes back by itself.
 */
export type BusState = "up" | "degraded";

/** An offer, on its way to a pod's Host. */
export type RoutedOffer = Extract<SessionMessage, { t: "offer" }>;

/** What the bus tells its broker. */
export interface BusClient {
  /** A visitor of another broker calls; false where the pod is not registered here. */
  called(offer: RoutedOffer, visitor: RemoteEnd): boolean;
  /** The other side of a session says something. */
  said(end: RemoteEnd, say: SessionMessage): void;
  /** The other side of a session cannot be reached any more, or never could. */
  lost(end: RemoteEnd): void;
  /**
   * The Host that was called over the bus has come to this very broker; `said` is what it was to be
   * told, its offer first.
   */
  cameHome(end: RemoteEnd, said: readonly SessionMessage[]): void;
  /** A newer registration of a pod stands on another broker. */
  replaced(podId: string): void;
}

/** The other brokers, as one broker sees them. The hub knows them only through this. */
export interface Bus extends AsyncDisposable {
  readonly state: BusState;
  /** Says who is told; to be called once, before anything else. */
  attach(client: BusClient): void;
  /**
   * Makes a pod of ours known to all brokers. Never rejects; settles when it is known, or as soon
   * as it is clear that the bus cannot take it now: it will be known when the bus is back.
   */
  register(podId: string): Promise<void>;
  /** A pod of ours is gone. */
  unregister(podId: string): void;
  /** Passes an offer on to whichever broker has the pod; undefined while no broker can be reached. */
  call(offer: RoutedOffer): RemoteEnd | undefined;
}
