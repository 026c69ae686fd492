import axe from "npm:axe-core@4.14.1";
import type { Page } from "./playwright.ts";

/*
 * Named here and not in deno.json, so that only a test that looks for barriers downloads it: what is
 * in the import map is fetched by every `deno task`. It is MPL-2.0 and no part of what we ship.
 */

/** A rule of WCAG 2.2 that a page breaks, and where. */
export interface Barrier {
  readonly rule: string;
  readonly where: readonly string[];
}

/** What axe-core finds on a page: levels A and AA, and its own best practices. */
export async function barriersOn(page: Page): Promise<Barrier[]> {
  // Evaluated from outside the page, so that a strict content policy lets it be.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    // defined by the source above
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({ rule: id, where: nodes.map(({ html }) => html) }));
  });
}
