/** Characters of a bar. */
const WIDTH = 30;

/** A bar on a person's terminal; disposing of it takes it away. */
export interface ProgressBar extends Disposable {
  /** @param share from 0 to 1 */
  show(share: number): void;
}

/** A bar on stderr, where a person looks at it; elsewhere nothing is written. */
export function progressBar(label: string): ProgressBar {
  const isSeen = Deno.stderr.isTerminal();
  const write = (text: string) => {
    if (isSeen) Deno.stderr.writeSync(new TextEncoder().encode(text));
  };
  return {
    show(share) {
      const done = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
      const bar = "█".repeat(done) + "░".repeat(WIDTH - done);
      write(`\r${label} ${bar} ${Math.floor(share * 100)} %`);
    },
    [Symbol.dispose]: () => write("\r\x1b[K"),
  };
}
