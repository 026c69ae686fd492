/**
 * The one door to the TOML library, so that a change to another is a change of one file.
 * `@std/toml` would stand here; JSR is not reachable from every network, `npm:smol-toml` is.
 *
 * @module
 */
export { parse as parseToml, TomlError } from "@std/toml";
