import type { Browser, Page } from "../../libraries/playwright.ts";

/**
 * How long a widget may take to come to a state, in milliseconds: one that lost its Host waits up to
 * half a minute before it tries again, and then it has to connect.
 */
const STATE_WITHIN_MS = 90_000;

/** What a page saw of one answer, collected inside the page. */
export interface Seen {
  /** Pieces of text, in the order in which the data channel delivered them. */
  deltas: string[];
  /** When each arrived, Unix milliseconds with fractions. */
  at: number[];
  /** How many different texts the last answer had when a frame was painted. */
  paints: number;
}

/**
 * Runs in the page before anything else: listens in on the data channel and looks at the last
 * answer each time the browser paints. It changes nothing that the page can see.
 */
function listenIn(): void {
  const seen = { deltas: [] as string[], at: [] as number[], paints: 0 };
  Object.assign(window, { seen });
  const { createDataChannel } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createDataChannel = function (...args) {
    const channel = createDataChannel.apply(this, args);
    channel.addEventListener("message", ({ data }) => {
      const { topic, payload } = JSON.parse(String(data));
      const delta = topic === "gemmapod.chat.delta"
        ? payload.delta
        : payload?.event?.type === "TEXT_MESSAGE_CONTENT"
        ? payload.event.delta
        : undefined;
      if (delta === undefined) return;
      seen.deltas.push(delta);
      seen.at.push(performance.timeOrigin + performance.now());
    });
    return channel;
  };
  let last = "";
  const look = () => {
    const answers = document.querySelectorAll("*");
    for (const element of answers) {
      const all = element.shadowRoot?.querySelectorAll("[data-role=assistant] [part~=text]");
      const text = all?.[all.length - 1]?.textContent ?? "";
      if (text !== "" && text !== last) {
        last = text;
        seen.paints++;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Opens a page that counts what reaches it; errors on it fail the test that asks for them. */
export async function openPage(browser: Browser, url: string): Promise<PodPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.addInitScript(listenIn);
  await page.goto(url);
  return podPage(page, errors);
}

/** A pod's page as a visitor uses it. */
export interface PodPage extends AsyncDisposable {
  readonly page: Page;
  /** What the console called an error, and what was thrown. */
  readonly errors: readonly string[];
  /** Settles when the widget is in one of these states. */
  state(...states: string[]): Promise<void>;
  /** Types a question and sends it. */
  ask(question: string): Promise<void>;
  /** Settles when `count` answers are complete; returns the text of each message, as shown. */
  answered(count: number): Promise<{ role: string; text: string }[]>;
  seen(): Promise<Seen>;
}

function podPage(page: Page, errors: string[]): PodPage {
  return {
    page,
    errors,
    async state(...states) {
      await page.locator(states.map((state) => `[part~=root][data-state=${state}]`).join(", "))
        .first().waitFor({ state: "attached", timeout: STATE_WITHIN_MS });
    },
    async ask(question) {
      await page.locator("[part~=input]").fill(question);
      await page.locator("[part~=input]").press("Enter");
    },
    async answered(count) {
      await page.locator("[data-role=assistant][data-status=done]").nth(count - 1).waitFor();
      return await page.locator("[part~=message]").evaluateAll((messages) =>
        messages.map((message) => ({
          role: message.getAttribute("data-role") ?? "",
          text: message.querySelector("[part~=text]")?.textContent ?? "",
        }))
      );
    },
    seen: () => page.evaluate(() => (window as unknown as { seen: Seen }).seen), // set by listenIn
    [Symbol.asyncDispose]: () => page.context().close(),
  };
}
