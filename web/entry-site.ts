/**
 * The full bundle for other people’s pages: all of `entry.ts`, and the `<gemma-pod>` element,
 * which no packed page needs.
 *
 * @module
 */
import { mountPod } from "./entry.ts";
import { definePodElement } from "./pod_element.ts";

export * from "./entry.ts";
export type {
  GemmaPodElement,
  GemmaPodElementFailure,
  GemmaPodElementMounted,
} from "./pod_element.ts";

/**
 * Defines `<gemma-pod src="card.html" mode="launcher|inline">`, once; elements of that name that the
 * page has already come to life. Returns the element's class.
 *
 * @example
 * ```html
 * <gemma-pod src="card.html"></gemma-pod>
 * <script src="gemmapod-shim.iife.js"></script>
 * <script>GemmaPod.defineElement();</script>
 * ```
 */
export function defineElement(): CustomElementConstructor {
  return definePodElement(mountPod);
}
