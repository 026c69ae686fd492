import { z } from "zod";
import type { ApiHost } from "../api_host.ts";
import type { EventHub, StreamScope } from "../event_hub.ts";
import { HttpError } from "../http_error.ts";
import { parse, type RawCall, type Route } from "../route.ts";
import { streamedEvent } from "../schemas.ts";
import { isLocal } from "./conversation_routes.ts";
import { podOf, podParams } from "./pod_of.ts";

const peerParams = podParams.extend({ peerId: z.string().min(1) });
const resumeHeaders = z.object({
  "Last-Event-ID": z.string().optional()
    .describe("The id of the last event that you have: what came after it is sent first"),
});

/** Server-sent events: of the Host, of a pod, of one of its peers. */
export function streamRoutes(host: ApiHost, hub: EventHub): Route[] {
  return [
    stream("/api/v1/events/stream", "streamEvents", "What happens in this Host", {
      scope: () => ({}),
    }),
    stream("/api/v1/pods/{podId}/events/stream", "streamPodEvents", "What happens to one pod", {
      params: podParams,
      scope: ({ params }) => {
        const { podId } = parse(podParams, params, "the path");
        podOf(host, podId);
        return { podId };
      },
    }),
    stream(
      "/api/v1/pods/{podId}/peers/{peerId}/events/stream",
      "streamPeerEvents",
      "What happens with one visitor, or in one of your own conversations",
      {
        params: peerParams,
        scope: ({ params }) => {
          const { podId, peerId } = parse(peerParams, params, "the path");
          const pod = podOf(host, podId);
          if (!isLocal(peerId) && !pod.peers.has(peerId)) {
            throw new HttpError(404, "There is no such peer: it may have left");
          }
          return { podId, peerId };
        },
      },
    ),
  ];

  function stream(
    path: string,
    id: string,
    summary: string,
    options: { params?: z.ZodObject; scope(call: RawCall): StreamScope },
  ): Route {
    const { params, scope } = options;
    return {
      method: "get",
      path,
      id,
      summary,
      access: "token",
      ...(params === undefined ? {} : { params }),
      headers: resumeHeaders,
      answers: { 200: streamedEvent },
      refusals: params === undefined ? [503] : [404, 503],
      stream: "events",
      handle: (call) => {
        const body = hub.open(scope(call), lastEventId(call.request));
        return Promise.resolve(
          new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
        );
      },
    };
  }
}

/** Undefined where there is none, or none of ours: then the stream begins now. */
function lastEventId(request: Request): number | undefined {
  const text = request.headers.get("last-event-id");
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
