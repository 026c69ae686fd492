/** What a pod folder can begin as. */
export const TEMPLATE_NAMES = ["blank", "card", "order-taking", "support"] as const;

/** One of {@linkcode TEMPLATE_NAMES}. */
export type TemplateName = typeof TEMPLATE_NAMES[number];

/** What each is for, in a line. */
export const TEMPLATE_SUMMARIES: Readonly<Record<TemplateName, string>> = {
  blank: "the least that works",
  card: "a card of yours that answers for you",
  "order-taking": "takes orders, and keeps a cart that the visitor sees",
  support: "searches your help articles, and opens tickets",
};
