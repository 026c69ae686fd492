/** One thing that an operator may set: on the command line, in the environment, in a file. */
export interface Setting {
  /** As the configuration file writes it: `data_dir`. The other two names are made of it. */
  readonly key: string;
  /** What stands behind the flag in `--help`; absent where the flag alone says yes. */
  readonly value?: string;
  readonly help: string;
  readonly group: string;
  /** Turns the text of a flag or a variable into what a configuration file would hold. */
  readonly fromText?: (text: string) => unknown;
}

const LISTENING = "Where it listens:";
const KEEPING = "What it keeps, and with whom:";
const TRUSTING = "Whom it trusts, and how far:";
const TELLING = "What it says:";

/** Everything that can be set, in the order of `--help`. */
export const SETTINGS: readonly Setting[] = [
  {
    key: "port",
    value: "<number>",
    help: "the port to listen on, 0 for any (default: 8080)",
    group: LISTENING,
    fromText: numberOf,
  },
  {
    key: "host",
    value: "<address>",
    help: "the address to listen on, 0.0.0.0 or :: for all (default: 127.0.0.1)",
    group: LISTENING,
  },
  {
    key: "data_dir",
    value: "<folder>",
    help: "keep pages here (default: in memory, gone at the end)",
    group: KEEPING,
  },
  {
    key: "bus",
    value: "<urls>",
    help: "the NATS that several brokers share, nats://host:4222, several with commas",
    group: KEEPING,
  },
  {
    key: "trust_proxy",
    value: "[addresses]",
    help: "believe the X-Forwarded headers of these proxies: addresses and networks with commas, " +
      "loopback, private; alone it means loopback,private (default: of nobody)",
    group: TRUSTING,
    fromText: (text) => booleanOf(text) ?? listOf(text),
  },
  {
    key: "trust_runtimes",
    value: "<file>",
    help: "SHA-256 of further browser runtimes that pages may run, one a line",
    group: TRUSTING,
  },
  {
    key: "isolation",
    value: "<on|off>",
    help: "off: trust every page, where all are your own (default: on)",
    group: TRUSTING,
  },
  {
    key: "limits",
    value: "<on|off|name=number,…>",
    help: "off: count nothing by address, for load tests; or change limits by name (default: on)",
    group: TRUSTING,
    fromText: limitsOf,
  },
  {
    key: "log",
    value: "<text|json>",
    help: "how to log (default: text on a terminal, else JSON, one object a line)",
    group: TELLING,
  },
  {
    key: "log_addresses",
    help: "log the addresses of clients, too",
    group: TELLING,
    fromText: (text) => booleanOf(text) ?? text,
  },
];

/** The flag of a setting: `--data-dir`. */
export function flagOf({ key }: Setting): string {
  return `--${key.replaceAll("_", "-")}`;
}

/** Its environment variable: `GEMMAPOD_SIGNAL_DATA_DIR`. */
export function variableOf(key: string): string {
  return `GEMMAPOD_SIGNAL_${key.toUpperCase()}`;
}

function numberOf(text: string): unknown {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function booleanOf(text: string): boolean | undefined {
  if (/^(?:true|on|yes|1)$/i.test(text)) return true;
  return /^(?:false|off|no|0)$/i.test(text) ? false : undefined;
}

function listOf(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** `uploads_per_hour=100,sessions_per_minute=600`, or a word. */
function limitsOf(text: string): unknown {
  if (!text.includes("=")) return text;
  return Object.fromEntries(
    listOf(text).map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.trim(), numberOf(value.join("=").trim())];
    }),
  );
}
