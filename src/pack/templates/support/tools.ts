/**
 * The tools of this pod. They run on your machine, with your rights, and only when pod.toml names
 * them. Types are stripped, so write `import type` for types and no `enum`.
 */
import { tool } from "ai";
import { z } from "zod";

const helpFile = new URL("./help.json", import.meta.url);
const ticketFile = new URL("./tickets.json", import.meta.url);

const helpSchema = z.object({
  articles: z.array(z.object({ title: z.string(), text: z.string() })),
});
const ticketSchema = z.object({
  tickets: z.array(z.object({
    number: z.number(),
    question: z.string(),
    contact: z.string(),
    at: z.string(),
  })),
});

/** Tickets that wait at most: this file is written by strangers. */
const MAX_TICKETS = 1_000;

export default {
  search_help: tool({
    description: "Search the help articles. Give the words that matter.",
    inputSchema: z.object({ words: z.string().max(200) }),
    execute: async ({ words }) => {
      const { articles } = helpSchema.parse(JSON.parse(await Deno.readTextFile(helpFile)));
      const wanted = words.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
      const found = articles
        .map((article) => {
          const text = `${article.title} ${article.text}`.toLowerCase();
          return { article, hits: wanted.filter((word) => text.includes(word)).length };
        })
        .filter(({ hits }) => hits > 0)
        .sort((one, other) => other.hits - one.hits);
      return { found: found.slice(0, 3).map(({ article }) => article) };
    },
  }),
  open_ticket: tool({
    description: "Pass a question on to a person. Answers with the number of the ticket.",
    inputSchema: z.object({ question: z.string().max(2_000), contact: z.string().max(200) }),
    execute: async ({ question, contact }) => {
      const { tickets } = await readTickets();
      if (tickets.length >= MAX_TICKETS) return { error: "no more tickets are taken today" };
      const number = tickets.length + 1;
      tickets.push({ number, question, contact, at: new Date().toISOString() });
      await Deno.writeTextFile(ticketFile, `${JSON.stringify({ tickets }, null, 2)}\n`);
      return { number };
    },
  }),
};

async function readTickets() {
  try {
    return ticketSchema.parse(JSON.parse(await Deno.readTextFile(ticketFile)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { tickets: [] };
    throw error;
  }
}
