/**
 * The door to fast-check. Not in `deno.json`: `deno task` fetches everything that is named there, and
 * the demo of a stranger should not wait for what only tests need.
 *
 * @module
 */
export { default as fc } from "npm:fast-check@4.10.2";
