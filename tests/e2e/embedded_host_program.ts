/**
 * A program that embeds a Host and does nothing else, as seed 001 has it, for `host_life_test.ts`.
 *
 * @module
 */
import { startDaemon } from "../../src/host/mod.ts";

const [podDir = "", home = "", ollamaUrl = ""] = Deno.args;
await startDaemon({ ollamaUrl, podDir, home, port: 0, headless: true });
