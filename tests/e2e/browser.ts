import { type Browser, chromium } from "../libraries/playwright.ts";
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
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    throw new CodedError(
      "no_browser",
      "Cannot find Chromium: install it, or set CHROMIUM to its path",
    );
  }
  return await chromium.launch({ executablePath, args: [...FLAGS] });
}
