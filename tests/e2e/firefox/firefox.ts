import { CodedError } from "../../../src/base/mod.ts";
import { findFirefox } from "../../runner/firefox.ts";
import { eventually } from "../eventually.ts";
import { start } from "../processes.ts";

/**
 * How long a page may take to come to what is waited for, in milliseconds: one that lost its Host
 * waits up to half a minute before it tries again, and then it has to connect.
 */
const UNTIL_WITHIN_MS = 90_000;

/** What a test machine needs: WebRTC to this very machine, by its address. */
const PREFERENCES = {
  "media.peerconnection.ice.loopback": true,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.enabled": false,
};

/** A headless Firefox, driven by WebDriver BiDi, which it speaks by itself. */
export interface Firefox extends AsyncDisposable {
  /** Opens a page in a tab of its own. */
  open(url: string): Promise<FirefoxPage>;
}

/** One tab. */
export interface FirefoxPage {
  /** What the console called an error, and what was thrown. */
  readonly errors: readonly string[];
  /** The value of an expression, awaited; JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** Settles when an expression is true. */
  until(expression: string): Promise<void>;
  /** Types on the keyboard, wherever the focus is; `\uE007` is Enter. */
  type(text: string): Promise<void>;
  reload(): Promise<void>;
}

/** Starts Firefox with a profile of its own. Throws `CodedError` `no_browser` where there is none. */
export async function launchFirefox(): Promise<Firefox> {
  const path = await findFirefox();
  if (path === undefined) throw new CodedError("no_browser", "Cannot find Firefox: set FIREFOX");
  await using open = new AsyncDisposableStack();
  const home = await Deno.makeTempDir({ prefix: "gemmapod-firefox-" });
  open.defer(() => Deno.remove(home, { recursive: true }));
  const preferences = Object.entries(PREFERENCES)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`);
  await Deno.writeTextFile(`${home}/user.js`, preferences.join(""));
  const browser = open.use(start(
    [path, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", home],
    { env: { ...Deno.env.toObject(), HOME: home } },
  ));
  const [, address] = await browser.line(/BiDi listening on (ws:\S+)/);
  const bidi = open.use(await Bidi.connect(`${address}/session`));
  await bidi.send("session.new", { capabilities: {} });
  await bidi.send("session.subscribe", { events: ["log.entryAdded"] });
  const owned = open.move();
  return {
    open: (url) => openTab(bidi, url),
    async [Symbol.asyncDispose]() {
      await bidi.send("browser.close", {});
      await browser.status; // it still writes its profile
      await owned.disposeAsync();
    },
  };
}

async function openTab(bidi: Bidi, url: string): Promise<FirefoxPage> {
  const { context } = await bidi.send("browsingContext.create", { type: "tab" });
  const errors: string[] = [];
  bidi.onLog((entry) => {
    if (entry.source?.context === context && entry.level === "error") errors.push(`${entry.text}`);
  });
  await bidi.send("browsingContext.navigate", { context, url, wait: "complete" });

  async function evaluate(expression: string): Promise<unknown> {
    const answer = await bidi.send("script.evaluate", {
      expression: `(async () => JSON.stringify(await (${expression})) ?? "null")()`,
      target: { context },
      awaitPromise: true,
    });
    if (answer.type !== "success") throw new Error(`${expression}: ${JSON.stringify(answer)}`);
    return JSON.parse(answer.result.value);
  }

  return {
    errors,
    evaluate,
    until: (expression) =>
      eventually(expression, async () => await evaluate(expression) === true, UNTIL_WITHIN_MS),
    async type(text) {
      const actions = [...text].flatMap((value) => [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ]);
      const keyboard = { type: "key", id: "keyboard", actions };
      await bidi.send("input.performActions", { context, actions: [keyboard] });
    },
    async reload() {
      await bidi.send("browsingContext.reload", { context, wait: "complete" });
    },
  };
}

/** What Firefox answers: members as the command's page in the BiDi standard lists them. */
// deno-lint-ignore no-explicit-any -- each command has an answer of its own shape
type Answer = any;

interface LogEntry {
  level?: string;
  text?: string | null;
  source?: { context?: string };
}

/** Commands and answers over one WebSocket (W3C WebDriver BiDi). */
class Bidi implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #logs: ((entry: LogEntry) => void)[] = [];
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#onMessage(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Firefox has closed"));
    };
  }

  static async connect(url: string): Promise<Bidi> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new Bidi(socket);
  }

  send(method: string, params: object): Promise<Answer> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return waiting.promise;
  }

  onLog(handler: (entry: LogEntry) => void): void {
    this.#logs.push(handler);
  }

  #onMessage(message: Answer): void {
    if (message.type === "event") {
      for (const handler of this.#logs) handler(message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "success") waiting?.resolve(message.result);
    else waiting?.reject(new Error(`${message.error}: ${message.message}`));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
