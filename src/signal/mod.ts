/**
 * `signal`: the broker. It introduces visitors to Hosts and serves packed pods; chat never passes
 * through it in the clear (spec: signaling.md). `main.ts` is the program `gemmapod-signal`.
 *
 * - {@linkcode startBroker} starts one.
 * - {@linkcode Registry} is what it keeps pages in, and {@linkcode Admit} what every registration
 *   passes: the places where it grows.
 *
 * @module
 */
export { type Admission, type Admit, admitAll, type Registration } from "./admission.ts";
export { type Broker, type BrokerOptions, startBroker } from "./broker.ts";
export { type BrokerLimits, DEFAULT_LIMITS } from "./limits.ts";
export { memoryRegistry } from "./registry/memory_registry.ts";
export {
  type PageScripts,
  type PodRecord,
  type Registry,
  type SpooledPage,
} from "./registry/registry.ts";
