import type { DemoLine } from "./demo_script.ts";

/** What is on the menu of the playground's restaurant, in euros. */
const MENU = [
  { id: "margherita", name: "Margherita", price: 9.5 },
  { id: "marinara", name: "Marinara", price: 8 },
  { id: "tiramisu", name: "Tiramisu", price: 5.5 },
  { id: "lemonade", name: "Lemonade", price: 3.5 },
] as const;

/** A line of a cart. */
interface CartLine {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly count: number;
}

/** What the page shows. */
interface Order {
  readonly cart: readonly CartLine[];
  readonly total: number;
  readonly status: "open" | "checkout";
}

/** What the demo does with a line of a visitor who orders. */
export interface DemoOrder {
  /** The arguments of `set_state`, as JSON; absent where the order stays as it is. */
  readonly change?: string;
  readonly text: string;
}

const EMPTY: Order = { cart: [], total: 0, status: "open" };

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six"];

/** A pod takes orders when its prompt speaks of a cart. */
export function takesOrders(system: string): boolean {
  return /\bcart\b/i.test(system);
}

/**
 * The demo as a waiter: reads dishes and numbers out of the last line, and knows the order so far
 * from the lines before. The first dish makes a whole state, what follows changes it.
 */
export function demoOrder(lines: readonly DemoLine[]): DemoOrder {
  const asked = lines.filter(({ role }) => role === "user").map(({ content }) => content);
  const before = asked.slice(0, -1).reduce(ordered, EMPTY);
  const after = ordered(before, asked.at(-1) ?? "");
  if (after === before) {
    const menu = MENU.map(({ name, price }) => `- ${name}, ${euros(price)}`).join("\n");
    return { text: `On the menu today:\n\n${menu}\n\nWhat may I bring you?` };
  }
  const change = before === EMPTY ? { snapshot: after } : { delta: difference(before, after) };
  return { change: JSON.stringify(change), text: said(after) };
}

/** The order after one more line. */
function ordered(order: Order, line: string): Order {
  const counts = new Map(order.cart.map(({ id, count }) => [id, count]));
  let changed = false;
  for (const clause of line.split(/[,;.]/)) {
    const sign = /\b(remove|without|cancel|away|fewer)\b/i.test(clause) ? -1 : 1;
    for (const { id } of MENU) {
      const found = new RegExp(`(?:(\\w+)\\s+)?(?:more\\s+)?${id}`, "i").exec(clause);
      if (found === null) continue;
      changed = true;
      counts.set(id, Math.max(0, (counts.get(id) ?? 0) + sign * numberOf(found[1])));
    }
  }
  const pays = order.cart.length > 0 &&
    /\b(pay|bill|check ?out|that is all|that's all)\b/i.test(line);
  if (!changed && !pays) return order;
  const cart = [...counts].flatMap(([id, count]) => {
    const dish = MENU.find((other) => other.id === id);
    return dish === undefined || count === 0 ? [] : [{ ...dish, count }];
  });
  const total = cart.reduce((sum, { price, count }) => sum + price * count, 0);
  return { cart, total, status: pays ? "checkout" : "open" };
}

/** A dozen is the most that a demo carries. */
function numberOf(word = "one"): number {
  const known = NUMBERS.indexOf(word.toLowerCase());
  const number = known >= 0 ? known : Number.parseInt(word, 10);
  return Number.isNaN(number) ? 1 : Math.min(number, 12);
}

/** The JSON Patch from one order to the next: dishes keep their places. */
function difference(before: Order, after: Order): unknown[] {
  const changes: unknown[] = [];
  before.cart.forEach(({ id, count }, index) => {
    const now = after.cart.find((line) => line.id === id)?.count ?? 0;
    if (now > 0 && now !== count) {
      changes.push({ op: "replace", path: `/cart/${index}/count`, value: now });
    }
  });
  for (let index = before.cart.length - 1; index >= 0; index--) {
    if (after.cart.some(({ id }) => id === before.cart[index]?.id)) continue;
    changes.push({ op: "remove", path: `/cart/${index}` });
  }
  for (const line of after.cart) {
    if (before.cart.some(({ id }) => id === line.id)) continue;
    changes.push({ op: "add", path: "/cart/-", value: line });
  }
  for (const key of ["total", "status"] as const) {
    if (after[key] !== before[key]) {
      changes.push({ op: "replace", path: `/${key}`, value: after[key] });
    }
  }
  return changes;
}

function said({ cart, total, status }: Order): string {
  if (cart.length === 0) return "Your cart is empty again. What else may I bring you?";
  const dishes = cart.map(({ name, count }) => `${count} × ${name}`).join(", ");
  return status === "checkout"
    ? `Thank you! That is ${dishes}: **${euros(total)}** altogether.`
    : `I have put that into your cart: ${dishes}. That makes **${euros(total)}**. Anything else?`;
}

function euros(amount: number): string {
  return `€${amount.toFixed(2)}`;
}
