import { type Browser, chromium, type Page } from "../libraries/playwright.ts";
import { CodedError } from "../../src/base/mod.ts";
import { findChromium } from "../runner/chromium.ts";

/** Without what a test machine lacks: a display, a sandbox for root, an update server, mDNS. */
const FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Names of `.local` hosts are not resolved in containers.
  "--disable-features=WebRtcHideLocalIpsWithMdns",
];

/**
 * Starts a headless Chromium. Throws `CodedError` `no_browser` where there is none.
 *
 * @example
 * ```ts ignore
 * await using browser = await launchBrowser();
 * const page = await browser.newPage();
 * ```
 */
export async function launchBrowser(more: LaunchOptions = {}): Promise<Browser> {
  return await chromium.launch({ ...await options(), ...more });
}

/** Options of {@linkcode launchBrowser}. */
export interface LaunchOptions {
  /** What Playwright turns off and a test wants. */
  ignoreDefaultArgs?: string[];
}

/**
 * Starts one with settings that an administrator or a visitor makes, as Chromium keeps them in a
 * profile. Throws `CodedError` `no_browser`.
 */
export async function launchProfile(preferences: object): Promise<Profile> {
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-chromium-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.mkdir(`${folder}/Default`);
  await Deno.writeTextFile(`${folder}/Default/Preferences`, JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, await options());
  open.defer(() => context.close());
  const owned = open.move();
  return { newPage: () => context.newPage(), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A Chromium of one profile. */
export interface Profile extends AsyncDisposable {
  newPage(): Promise<Page>;
}

async function options(): Promise<{ executablePath: string; args: string[] }> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    throw new CodedError(
      "no_browser",
      "Cannot find Chromium: install it, or set CHROMIUM to its path",
    );
  }
  return { executablePath, args: [...FLAGS] };
}
