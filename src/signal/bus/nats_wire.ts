import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import { errorMessage, type Logger } from "../../base/mod.ts";
import { type BusMessage, encodeBusMessage, parseBusMessage } from "./bus_message.ts";
import { brokerSubject, nobodySubject, podSubject } from "./names.ts";
import type { NatsLine } from "./nats_line.ts";
import type { Wire, WireListener } from "./wire.ts";

/**
 * The brokers that have a pod are one queue group: where there are two of them for a moment, one
 * gets the offer.
 */
const QUEUE = "brokers";

/** NATS says with this status that nobody listens (its ADR-4). */
const NO_RESPONDERS = 503;

/** Carries messages over NATS, by the subjects of `names.ts`. */
export function natsWire(line: NatsLine, broker: string, log: Logger): Wire {
  /** The pods that are ours, with their subscriptions once there was a connection. */
  const pods = new Map<string, Subscription | undefined>();
  let listener: WireListener | undefined;
  let began = false;

  function begin(): void {
    const { connection } = line;
    if (connection === undefined || began) return;
    began = true; // the client of NATS subscribes again by itself when it has changed nodes
    subscribe(connection, brokerSubject(broker), (message) => take(message));
    subscribe(connection, nobodySubject(broker, "*"), (message) => {
      if (message.headers?.code !== NO_RESPONDERS) return;
      listener?.nobody(message.subject.slice(nobodySubject(broker, "").length));
    });
    for (const podId of pods.keys()) pods.set(podId, joinOn(connection, podId));
  }

  function subscribe(
    connection: NatsConnection,
    subject: string,
    handle: (message: Msg) => void,
    queue?: string,
  ): Subscription {
    return connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback(error, message) {
        if (error !== null) return; // said as the status of the line
        try {
          handle(message);
        } catch (fault) { // ours; the client of NATS would never read again
          log.error("bus_message_failed", { error: errorMessage(fault) });
        }
      },
    });
  }

  function joinOn(connection: NatsConnection, podId: string): Subscription {
    return subscribe(connection, podSubject(podId), (message) => take(message), QUEUE);
  }

  function take(message: Msg): void {
    const read = parseBusMessage(message.data);
    if (read !== undefined) listener?.message(read);
  }

  function publish(subject: string, message: BusMessage): void {
    if (!line.up) return; // the client would keep it, and lose it when it connects
    const reply = message.t === "say" ? { reply: nobodySubject(broker, message.link) } : {};
    line.connection?.publish(subject, encodeBusMessage(message), reply);
  }

  return {
    get up() {
      return line.up;
    },
    listen(given) {
      listener = given;
      line.onChange(() => {
        begin();
        given.changed();
      });
      begin();
    },
    join(podId) {
      const { connection } = line;
      if (pods.get(podId) !== undefined) return;
      pods.set(podId, connection && joinOn(connection, podId));
    },
    leave(podId) {
      pods.get(podId)?.unsubscribe();
      pods.delete(podId);
    },
    toBroker: (to, message) => publish(brokerSubject(to), message),
    toPod: (podId, message) => publish(podSubject(podId), message),
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}
