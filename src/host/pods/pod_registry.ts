import type { PodRuntime } from "./pod_runtime.ts";

/** The pods of a Host, by id, in the order in which they came. */
export interface PodRegistry {
  readonly size: number;
  get(podId: string): PodRuntime | undefined;
  has(podId: string): boolean;
  list(): readonly PodRuntime[];
}

/** The same, for the Host that fills it. */
export class Pods implements PodRegistry {
  readonly #pods = new Map<string, PodRuntime>();

  get size(): number {
    return this.#pods.size;
  }

  get(podId: string): PodRuntime | undefined {
    return this.#pods.get(podId);
  }

  has(podId: string): boolean {
    return this.#pods.has(podId);
  }

  list(): readonly PodRuntime[] {
    return [...this.#pods.values()];
  }

  add(pod: PodRuntime): void {
    this.#pods.set(pod.id, pod);
  }

  remove(podId: string): void {
    this.#pods.delete(podId);
  }
}
