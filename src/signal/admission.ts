import type { MaybePromise } from "../base/mod.ts";

/** A pod that a Host wants to register. */
export interface Registration {
  readonly podId: string;
}

/** What became of it. */
export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly message: string; readonly closeCode: number };

/**
 * The one function that every registration passes, and that may refuse it. It may take its time:
 * the Host's other messages are served meanwhile, and an older registration stands until it says
 * yes.
 */
export type Admit = (registration: Registration) => MaybePromise<Admission>;

/** Every pod id is free to whoever registers it last, as for Hosts in the field. */
export function admitAll(_registration: Registration): Admission {
  return { admitted: true };
}
