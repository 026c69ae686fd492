/** A line of a cart. */
export interface OrderLine {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly price: number;
}

/** What the restaurant's pod keeps as state. */
export interface Order {
  readonly cart: readonly OrderLine[];
  readonly total: number;
  readonly status: string;
}

/** The order in a state. A model wrote it: what has not the shape is left out. */
export function orderOf(state: unknown): Order {
  const { cart, total, status } = Object(state) as Record<string, unknown>; // read below, each
  const lines = (Array.isArray(cart) ? cart : []).filter(isLine);
  return {
    cart: lines,
    total: typeof total === "number"
      ? total
      : lines.reduce((sum, one) => sum + one.price * one.count, 0),
    status: typeof status === "string" ? status : "open",
  };
}

function isLine(value: unknown): value is OrderLine {
  const { name, count, price } = Object(value) as Record<string, unknown>; // looked at here
  return typeof name === "string" && typeof count === "number" && typeof price === "number";
}
