import { VERSION } from "../../base/mod.ts";
import { Command, Option } from "../../base/native.ts";
import { flagOf, SETTINGS, variableOf } from "./setting.ts";

const AFTER = `
Every setting has a variable of its name, as ${variableOf("data_dir")}, and a
key in the file that --config (or ${variableOf("config")}) names, as
data_dir. A flag wins over a variable, that over the file. PORT is read, too.

Limits, with what holds unless changed:
  message_bytes=131072        bytes of one message, at most this
  sdp_bytes=65536             bytes of one SDP, at most this
  candidates_per_session=64   candidates of each side of a session, at most this
  sessions_per_minute=60      new sessions a minute from one address
  uploads_per_hour=10         uploads an hour from one address
  uploads_at_once=4           uploads at once from one address
  session_lifetime_s=300      seconds for a rendezvous to finish
  pods_per_socket=256         pods that one socket may register
  sockets=20000               sockets at once
  sockets_per_address=1000    sockets at once from one address
  unsent_bytes=1048576        bytes that may wait for one socket

Examples:
  gemmapod-signal
  gemmapod-signal --host 0.0.0.0 --data-dir /var/lib/gemmapod-signal
  gemmapod-signal --data-dir ./data --trust-proxy loopback --limits uploads_per_hour=100`;

/** The command line of `gemmapod-signal`; what it has read is for `readSettings`. */
export function brokerCommand(): Command {
  const command = new Command("gemmapod-signal")
    .description("The broker: introduces visitors to Hosts, and serves packed pods.")
    .version(VERSION)
    .addHelpText("after", AFTER)
    .option("--config <file>", "read settings from here (TOML), too")
    .option("--health", "start nothing: say whether the broker of these settings serves");
  for (const setting of SETTINGS) {
    const { value, help, group } = setting;
    const flags = value === undefined ? flagOf(setting) : `${flagOf(setting)} ${value}`;
    command.addOption(new Option(flags, help).helpGroup(group));
  }
  return command;
}
