import assert from "node:assert/strict";
import { join } from "node:path";
import { launchBrowser } from "../browser.ts";
import { FROM_SOURCE } from "../chain.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { packPlace } from "../pack_place.ts";
import { start } from "../processes.ts";
import { quietBroker } from "../small_page.ts";
import { openPage } from "./page.ts";

const CART = {
  cart: [{ dish: "Margherita", count: 2, price: 9.5 }],
  total: 19,
};

Deno.test("a pod of the order-taking template, as init makes it: menu, cart beside the chat, order", async () => {
  await using broker = await quietBroker();
  await using model = startModelEndpoint({ models: ["gemma4:e4b"] });
  await using at = await packPlace();
  await at.pack("init", "shop", "--template", "order-taking", "--broker", broker.url);
  const { url } = await at.json("deploy", "shop");
  await using host = start(
    [...FROM_SOURCE.gemmapod, "run", "./shop", "--provider-url", model.url, "--port", "0"],
    {
      cwd: at.folder,
      env: { ...Deno.env.toObject(), GEMMAPOD_HOME: join(at.folder, "home") },
    },
  );
  await host.line(/registered for pod/);
  await using browser = await launchBrowser();
  await using visitor = await openPage(browser, String(url));
  await visitor.state("ready");

  const call = (name: string, input: unknown) => ({
    tokens: [],
    toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }],
  });
  model.next(call("show_menu", {}), call("set_state", { snapshot: CART }), { tokens: ["Done."] });
  await visitor.ask("Two Margheritas, please");
  await visitor.answered(1);
  const frame = visitor.page.frameLocator("iframe");
  await frame.getByText("2 × Margherita").waitFor();
  assert.match(await frame.locator("body").innerText(), /19\.00\s+19\.00/);
  const menu = JSON.stringify((await model.request(1)).body.messages.at(-1));
  assert.match(menu, /Funghi/);

  const order = { name: "Ada", items: [{ dish: "Margherita", count: 2 }] };
  model.next(call("place_order", order), { tokens: ["Number 1."] });
  await visitor.ask("Yes, for Ada");
  await visitor.answered(2);
  const { orders: [placed] } = JSON.parse(await Deno.readTextFile(at.at("shop", "orders.json")));
  assert.deepEqual([placed.name, placed.total], ["Ada", 19]);
  assert.deepEqual(visitor.errors, []);
});
