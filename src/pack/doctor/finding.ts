/** What one look at a pod folder came to. */
export interface Finding {
  /** What was looked at: `pod.toml`, `key`, `owner`, `broker`, `tools`, `entry`, `size`, … */
  readonly check: string;
  /** `bad` must be mended before the pod works; `warn` should be looked at. */
  readonly status: "good" | "warn" | "bad";
  /** What was found, a sentence. */
  readonly found: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** All is well. */
export function good(check: string, found: string): Finding {
  return { check, status: "good", found };
}

/** It works, and somebody should look at it. */
export function warning(check: string, found: string, todo: string): Finding {
  return { check, status: "warn", found, todo };
}

/** It does not work like this. */
export function bad(check: string, found: string, todo: string): Finding {
  return { check, status: "bad", found, todo };
}
