import { z } from "zod";
import { CodedError, noAnswer } from "../base/mod.ts";
import { type Discovered, findHost, TOKEN_HEADER } from "../host/native.ts";

/** How long the running Host may take to answer: stopping a pod waits for its runs, in milliseconds. */
const ANSWER_WITHIN_MS = 15_000;

const failure = z.object({ error: z.string() });

const servedPod = z.object({
  id: z.string(),
  name: z.string(),
  dir: z.string(),
  model: z.string().nullable(),
  signalUrl: z.string(),
  status: z.string(),
  peers: z.number(),
  lastError: z.string().nullable(),
  signalState: z.string(),
  signalLastError: z.string().nullable(),
});

/** A pod of the running Host (host.md, `GET /api/v1/pods`). */
export type ServedPodInfo = z.infer<typeof servedPod>;

const hostInfo = z.object({
  pid: z.number(),
  version: z.string(),
  startedAt: z.string(),
  podCount: z.number(),
});

/** What the API calls the built-in demo where others have an address. */
const DEMO_URL = "demo";

const modelList = z.object({ url: z.string() });

const addedPod = z.object({ podId: z.string() });

/** The Host that runs on this machine, through its API on loopback (host.md). */
export class HostClient {
  readonly #host: Discovered;

  constructor(host: Discovered) {
    this.#host = host;
  }

  /** Its process id. */
  get pid(): number {
    return this.#host.pid;
  }

  get port(): number {
    return this.#host.port;
  }

  /** Its address for a browser. */
  get url(): string {
    return `http://localhost:${this.#host.port}`;
  }

  /** Which Host this is. */
  async info(): Promise<z.infer<typeof hostInfo>> {
    return hostInfo.parse(await this.#call("GET", "/host"));
  }

  /** The pods that it serves. */
  async pods(): Promise<ServedPodInfo[]> {
    return z.object({ pods: z.array(servedPod) }).parse(await this.#call("GET", "/pods")).pods;
  }

  /** Whether it answers with the built-in demo, and with no model. */
  async answersWithDemo(): Promise<boolean> {
    return modelList.parse(await this.#call("GET", "/models")).url === DEMO_URL;
  }

  /** Has it serve a pod's folder; returns the pod's id. */
  async addPod(dir: string, model?: string): Promise<string> {
    const body = { dir, ...(model === undefined ? {} : { model }) };
    return addedPod.parse(await this.#call("POST", "/pods", body)).podId;
  }

  /** Stops one pod: it is gone from the Host when this settles. */
  async stopPod(podId: string): Promise<void> {
    await this.#call("POST", `/pods/${encodeURIComponent(podId)}/stop`);
  }

  /** Asks it to stop; it goes on for as long as its runs may. */
  async shutdown(): Promise<void> {
    await this.#call("POST", "/host/shutdown");
  }

  /** Whether it still listens, if only to say that it is being stopped. */
  async isThere(): Promise<boolean> {
    try {
      const answer = await this.#fetch("GET", `http://127.0.0.1:${this.port}/api/v1/host`);
      await answer.body?.cancel();
      return answer.ok || answer.status === 503; // else another program has its port by now
    } catch (error) {
      if (error instanceof CodedError) return false;
      throw error;
    }
  }

  /** Whether it has a dashboard: a headless one has nothing at its root. */
  async hasDashboard(): Promise<boolean> {
    const answer = await this.#fetch("GET", `http://127.0.0.1:${this.port}/`);
    await answer.body?.cancel();
    return answer.ok;
  }

  async #call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#fetch(method, `http://127.0.0.1:${this.port}/api/v1${path}`, body);
    const said: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return said;
    throw new CodedError(
      "refused",
      failure.safeParse(said).data?.error ?? `The Host answered ${answer.status} to ${path}`,
    );
  }

  async #fetch(method: "GET" | "POST", url: string, body?: unknown): Promise<Response> {
    try {
      return await fetch(url, {
        method,
        headers: {
          [TOKEN_HEADER]: this.#host.token,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
    } catch (cause) {
      throw new CodedError(
        "host_lost",
        `The Host (process ${this.pid}) does not answer: ${noAnswer(cause).why}; try again`,
        { cause },
      );
    }
  }
}

/** The running Host; undefined where none runs. */
export async function runningHost(): Promise<HostClient | undefined> {
  const found = await findHost();
  return found === undefined ? undefined : new HostClient(found);
}

/** The running Host. Rejects with `CodedError` `no_host` where none runs. */
export async function connectHost(): Promise<HostClient> {
  const host = await runningHost();
  if (host !== undefined) return host;
  throw new CodedError("no_host", "no Host is running: start one with `gemmapod start`");
}
