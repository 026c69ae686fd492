/**
 * The tools of this pod. They run on your machine, with your rights, and only when pod.toml names
 * them. Types are stripped, so write `import type` for types and no `enum`.
 */
import { tool } from "ai";
import { z } from "zod";

const menuFile = new URL("./menu.json", import.meta.url);
const orderFile = new URL("./orders.json", import.meta.url);

const menuSchema = z.object({
  currency: z.string(),
  dishes: z.array(z.object({ dish: z.string(), price: z.number(), note: z.string().optional() })),
});
const itemSchema = z.object({ dish: z.string().max(100), count: z.int().min(1).max(50) });
const orderSchema = z.object({
  number: z.number(),
  name: z.string(),
  items: z.array(itemSchema),
  total: z.number(),
  at: z.string(),
});

/** Orders that are kept at most: this file is written by strangers. */
const MAX_ORDERS = 1_000;

export default {
  show_menu: tool({
    description: "Get the dishes that can be ordered today, with their prices.",
    inputSchema: z.object({}),
    execute: readMenu,
  }),
  place_order: tool({
    description: "Place the order that the visitor has confirmed. Answers with its number.",
    inputSchema: z.object({
      name: z.string().min(1).max(100),
      items: z.array(itemSchema).min(1).max(50),
    }),
    execute: async ({ name, items }) => {
      // The prices are the menu's: what the model says about them does not count.
      const { dishes, currency } = await readMenu();
      let total = 0;
      for (const { dish, count } of items) {
        const found = dishes.find((other) => other.dish.toLowerCase() === dish.toLowerCase());
        if (found === undefined) return { error: `there is no ${dish} on the menu` };
        total += found.price * count;
      }
      const orders = await readOrders();
      if (orders.length >= MAX_ORDERS) return { error: "no more orders are taken today" };
      const number = orders.length + 1;
      orders.push({ number, name, items, total, at: new Date().toISOString() });
      await Deno.writeTextFile(orderFile, `${JSON.stringify({ orders }, null, 2)}\n`);
      return { number, total, currency };
    },
  }),
};

async function readMenu() {
  return menuSchema.parse(JSON.parse(await Deno.readTextFile(menuFile)));
}

async function readOrders() {
  try {
    const text = await Deno.readTextFile(orderFile);
    return z.object({ orders: z.array(orderSchema) }).parse(JSON.parse(text)).orders;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
