import { CodedError } from "../../base/mod.ts";

/** Where a bus is, and who we are there. */
export interface BusAddress {
  /** `host:port`, any of which will do. */
  readonly servers: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** Whether every byte is encrypted, from the first on. */
  readonly tls: boolean;
}

const DEFAULT_PORT = "4222";

/**
 * Reads the value of `--bus`: one or several NATS URLs with a comma between them. `tls://` encrypts.
 * A name and a password in the first that has them, or a token alone, are for all.
 *
 * Throws {@linkcode CodedError} `bad_bus`; its message never holds a password.
 *
 * @example
 * ```ts
 * import { parseBusAddress } from "./bus_address.ts";
 *
 * const { servers, user } = parseBusAddress("nats://broker:secret@a:4222,nats://b");
 * if (servers.join() !== "a:4222,b:4222" || user !== "broker") throw new Error();
 * ```
 */
export function parseBusAddress(text: string): BusAddress {
  const urls = text.split(",").map((part) => part.trim()).filter((part) => part !== "").map(read);
  if (urls.length === 0) throw bad("it is empty");
  const named = urls.find(({ username }) => username !== "");
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`),
    tls: urls.some(({ protocol }) => protocol === "tls:"),
    ...(named === undefined ? {} : credentials(named)),
  };
}

function read(part: string): URL {
  if (!URL.canParse(part)) throw bad("an address in it is no URL");
  const url = new URL(part);
  if (url.protocol !== "nats:" && url.protocol !== "tls:") throw bad(`${url.protocol} is unknown`);
  if (url.hostname === "") throw bad("an address in it has no host");
  return url;
}

function credentials({ username, password }: URL): Partial<BusAddress> {
  const user = decodeURIComponent(username);
  return password === "" ? { token: user } : { user, password: decodeURIComponent(password) };
}

function bad(why: string): CodedError {
  return new CodedError(
    "bad_bus",
    `Cannot use the address of the bus: ${why}; expected nats://host:port, or several with commas`,
  );
}
