/** An editor writes a file in several steps, in milliseconds. */
const SETTLED_MS = 150;

/** What editors keep beside a file is no source. */
const NO_SOURCE = /(?:^|[/\\])\.|~$|\.sw[a-z]$|[/\\]\d+$/;

/**
 * The paths of sources that change below some folders, one for all that changes at once.
 *
 * @param signal ends it
 */
export async function* sourceChanges(
  folders: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const watcher = Deno.watchFs([...folders]);
  const close = () => watcher.close();
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  let changed: string | undefined;
  let next = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watching = (async () => {
    for await (const { kind, paths } of watcher) {
      const path = paths.find((one) => !NO_SOURCE.test(one));
      if (path === undefined || !["create", "modify", "rename", "remove"].includes(kind)) continue;
      changed = path;
      clearTimeout(timer);
      timer = setTimeout(() => next.resolve(), SETTLED_MS);
    }
    next.resolve();
  })();
  try {
    for (;;) {
      await next.promise;
      next = Promise.withResolvers();
      if (signal.aborted) return;
      if (changed !== undefined) yield changed;
      changed = undefined;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", close);
    if (!signal.aborted) close();
    await watching;
  }
}
