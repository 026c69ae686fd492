import { errorMessage } from "../../base/mod.ts";
import { processEnv, type ReadEnv } from "../../host/native.ts";
import type { Finding } from "../../pack/mod.ts";
import { parseIceServers } from "../../rtc/mod.ts";
import { providerUrlOf } from "../provider_url.ts";
import type { Check } from "./check.ts";

/** What a Host reads of its environment, and how (host.md, "Settings"). Each throws where it cannot. */
const READERS: Readonly<Record<string, (text: string) => void>> = {
  GEMMAPOD_PORT: (text) => {
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
      throw new RangeError("Cannot use the port: expected a whole number from 0 to 65535");
    }
  },
  GEMMAPOD_PROVIDER_URL: (text) => void providerUrlOf(text),
  OLLAMA_URL: (text) => void providerUrlOf(text),
  GEMMAPOD_ICE_SERVERS: (text) => void parseIceServers(text),
  OWNER_PUBKEY: (text) => {
    if (!/^[0-9a-f]{64}$/i.test(text)) {
      throw new TypeError("Cannot use the owner's key: expected 64 hex digits");
    }
  },
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
        found: `${name}: ${errorMessage(error)}`,
        todo: `set ${name} to something else, or to nothing: no Host starts like this`,
      }];
    }
  }
}
