/**
 * The door to Playwright, which drives Chromium; why it is not in `deno.json`: see `fast_check.ts`.
 *
 * @module
 */
export {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type FrameLocator,
  type Page,
} from "npm:playwright-core@1.65.1";
