import { errorMessage } from "../../base/mod.ts";
import { processEnv, readEndpoint, type ReadEnv, readOwner, readPort } from "../../host/native.ts";
import type { Finding } from "../../pack/mod.ts";
import { parseIceServers } from "../../rtc/mod.ts";
import type { Check } from "./check.ts";

/** How a Host reads its environment (host.md, "Settings"); each throws where it cannot. */
const READERS: Readonly<Record<string, (text: string) => void>> = {
  GEMMAPOD_PORT: readPort,
  GEMMAPOD_PROVIDER_URL: readEndpoint,
  OLLAMA_URL: readEndpoint,
  GEMMAPOD_ICE_SERVERS: parseIceServers,
  OWNER_PUBKEY: readOwner,
};

/** Whether a Host could start with this environment; says nothing where it could. */
export function settingsCheck(env: ReadEnv = processEnv): Check {
  return {
    name: "settings",
    look: () =>
      Promise.resolve(Object.entries(READERS).flatMap(([name, read]) => wrong(name, read))),
  };

  function wrong(name: string, read: (text: string) => void): Finding[] {
    const text = env(name);
    if (text === undefined) return [];
    try {
      read(text);
      return [];
    } catch (error) {
      return [{
        check: "settings",
        status: "bad",
        found: `${name}: ${errorMessage(error).replace(`Cannot use ${name}: `, "")}`,
        todo: `set ${name} to something else, or to nothing: no Host starts like this`,
      }];
    }
  }
}
