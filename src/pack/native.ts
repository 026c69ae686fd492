/**
 * The second door of `pack`: its commands, for a program to offer. What a command does is loaded
 * when it is called for, so that `--help` answers at once.
 *
 * @module
 */
export { brokerOption } from "./commands/broker_option.ts";
export { packCommands } from "./commands/pack_commands.ts";
export { printFindings } from "./commands/print_findings.ts";
export { TEMPLATE_NAMES, TEMPLATE_SUMMARIES, type TemplateName } from "./template_names.ts";
