import assert from "node:assert/strict";
import { barriersOn } from "../../libraries/axe.ts";
import { launchBrowser } from "../browser.ts";
import { quietBroker } from "../small_page.ts";

for (const path of ["/", "/AAAAAAAAAAAA"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    Deno.test(`${path} in ${colorScheme} fits from 320 to 1920 pixels, without barriers or errors`, async () => {
      await using signal = await quietBroker();
      await using browser = await launchBrowser();
      for (const locale of ["en-GB", "de-DE"]) {
        const context = await browser.newContext({ colorScheme, locale });
        const page = await context.newPage();
        const errors: string[] = [];
        const asked: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        page.on("console", (message) => errors.push(message.text()));
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        await page.goto(signal.url + path);
        for (const width of [320, 768, 1920]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.equal(wide, width);
          assert.deepEqual(await barriersOn(page), [], `${locale} ${width}`);
        }
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(ground, colorScheme === "dark" ? "rgb(22, 23, 26)" : "rgb(251, 250, 248)");
        assert.deepEqual(asked.filter((name) => name !== "/favicon.ico"), [path]);
        const said = errors.filter((error) => !(path !== "/" && error.includes("404")));
        assert.deepEqual(said, []);
        await context.close();
      }
    });
  }
}
