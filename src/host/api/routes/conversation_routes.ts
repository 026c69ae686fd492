import { z } from "zod";
import { CodedError, errorMessage } from "../../../base/mod.ts";
import { LOCAL_PREFIX } from "../../pods/local_chat.ts";
import type { StoredMessage } from "../../store/conversation_store.ts";
import type { ApiHost, ApiPod } from "../api_host.ts";
import { HttpError } from "../http_error.ts";
import { defineRoute, type Route } from "../route.ts";
import { chatTaken, conversationList, done, messageList, peerList, question } from "../schemas.ts";
import { podOf, podParams } from "./pod_of.ts";

/** How many messages of a conversation one answer has, unless asked for more or less. */
const NEWEST = 400;

/** The same of conversations: each is counted, and the whole Host waits for that. */
const NEWEST_CONVERSATIONS = 1_000;

const peerParams = podParams.extend({ peerId: z.string().min(1) });
const conversationParams = podParams.extend({ conversationId: z.string().min(1) });

function newestQuery(unlessAsked: number) {
  return z.object({
    newest: z.string().regex(/^[1-9]\d{0,3}$/).transform(Number).optional()
      .describe(`At most so many, the newest. Default: ${unlessAsked}`),
  });
}

/** Visitors, what is remembered, and the owner's own chat. */
export function conversationRoutes(host: ApiHost): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}/peers",
      id: "listPeers",
      summary: "Who is connected",
      access: "token",
      params: podParams,
      answers: { 200: peerList },
      refusals: [404],
      handle: ({ params }) => {
        const peers = [...podOf(host, params.podId).peers.values()].map((peer) => peer.listing());
        return { status: 200, body: { peers } };
      },
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}/peers/{peerId}/messages",
      id: "listPeerMessages",
      summary: "The conversation of a visitor who is connected, or one of your own",
      access: "token",
      params: peerParams,
      answers: { 200: messageList },
      refusals: [404, 503],
      handle: ({ params: { podId, peerId } }) => ({
        status: 200,
        body: listed(reading(() => messagesOf(podOf(host, podId), peerId))),
      }),
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}/conversations",
      id: "listConversations",
      summary: "What is remembered",
      access: "token",
      params: podParams,
      query: newestQuery(NEWEST_CONVERSATIONS),
      answers: { 200: conversationList },
      refusals: [404, 503],
      handle: ({ params: { podId }, query: { newest = NEWEST_CONVERSATIONS } }) => {
        podOf(host, podId);
        const { stored, total } = reading(() => ({
          stored: host.conversations.list(podId, { newest }),
          total: host.conversations.count(podId),
        }));
        const conversations = stored.map(({ conversationId, createdAt, updatedAt, messages }) => (
          { conversationId, createdAt, updatedAt, messages }
        ));
        return { status: 200, body: { conversations, total } };
      },
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}/conversations/{conversationId}/messages",
      id: "listMessages",
      summary: "What is remembered of one conversation",
      access: "token",
      params: conversationParams,
      query: newestQuery(NEWEST),
      answers: { 200: messageList },
      refusals: [404, 503],
      handle: ({ params: { podId, conversationId }, query: { newest = NEWEST } }) => {
        podOf(host, podId);
        const messages = reading(() =>
          host.conversations.messages(podId, conversationId, { newest })
        );
        if (messages.length === 0) throw noSuchConversation();
        return { status: 200, body: listed(messages) };
      },
    }),
    defineRoute({
      method: "delete",
      path: "/api/v1/pods/{podId}/conversations/{conversationId}",
      id: "deleteConversation",
      summary: "Forgets a conversation",
      access: "token",
      params: conversationParams,
      answers: { 200: done },
      refusals: [404, 503],
      handle: ({ params: { podId, conversationId } }) => {
        podOf(host, podId);
        if (reading(() => host.conversations.clear(podId, conversationId)) === 0) {
          throw noSuchConversation();
        }
        return { status: 200, body: { ok: true } };
      },
    }),
    defineRoute({
      method: "post",
      path: "/api/v1/pods/{podId}/chat",
      id: "chat",
      summary: "Asks the pod as its owner; the answer comes on the event stream",
      access: "token",
      params: podParams,
      body: question,
      answers: { 202: chatTaken },
      refusals: [404, 409, 429],
      handle: ({ params, body: { message, peerId } }) => {
        const pod = podOf(host, params.podId);
        if (peerId !== undefined && pod.peers.has(peerId)) {
          throw new HttpError(409, "This peer is a visitor: nobody else speaks for it");
        }
        const own = peerId === undefined ? {} : { peerId: localId(peerId) };
        try {
          return { status: 202, body: { ok: true, ...pod.chat({ message, ...own }) } };
        } catch (error) {
          throw refusalOf(error);
        }
      },
    }),
  ];
}

/** Whether a peer is the owner, not a visitor. */
export function isLocal(peerId: string): boolean {
  return peerId.startsWith(LOCAL_PREFIX);
}

function localId(peerId: string): string {
  return isLocal(peerId) ? peerId : `${LOCAL_PREFIX}${peerId}`;
}

function messagesOf(pod: ApiPod, peerId: string): readonly StoredMessage[] {
  if (isLocal(peerId)) return pod.localMessages(peerId);
  const peer = pod.peers.get(peerId);
  if (peer === undefined) throw new HttpError(404, "There is no such peer: it may have left");
  return peer.messages();
}

function listed(messages: readonly StoredMessage[]) {
  return {
    messages: messages.map(({ id, role, content, status, createdAt }) => (
      { id, role, content, status, createdAt }
    )),
  };
}

/** A database that another process holds, or that has no room, is no mistake of the request. */
function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw new HttpError(503, `Cannot use the database: ${errorMessage(cause)}`, { cause });
  }
}

function refusalOf(cause: unknown): unknown {
  if (!(cause instanceof CodedError)) return cause;
  switch (cause.code) {
    case "not_running":
      return new HttpError(409, cause.message, { cause });
    case "rate_limited":
      return new HttpError(429, cause.message, { cause });
    case "bad_chat_request":
      return new HttpError(400, cause.message, { cause });
    default:
      return cause;
  }
}

function noSuchConversation(): HttpError {
  return new HttpError(404, "Nothing is remembered of such a conversation");
}
