import { splitLines } from "../runner/lines.ts";

/** How long a started program may take to say what is waited for, in milliseconds. */
const SAY_WITHIN_MS = 60_000;

/** A program that a test has started; disposing of it ends it. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  /** Everything it has said so far, on stdout and stderr, a line each. */
  readonly lines: readonly string[];
  /**
   * The first line, or the `nth`, said already or later, that matches. Rejects with all that was
   * said when the program ends first or takes longer than a minute.
   */
  line(pattern: RegExp, nth?: number): Promise<RegExpExecArray>;
  /** The same of all that it has written, lines that it has not ended and draws over included. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Writes to its stdin, which must be piped. */
  type(text: string): Promise<void>;
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
  /** How it ended. */
  readonly status: Promise<Deno.CommandStatus>;
}

/** Options of {@linkcode start}. */
export interface StartOptions {
  cwd?: string;
  /** The whole environment of the program: nothing is inherited beside it. */
  env?: Record<string, string>;
  /**
   * Whether `type` has somebody who reads it.
   * @default "null"
   */
  stdin?: "null" | "piped";
}

/** Starts a program from its argument vector and listens to what it says. */
export function start(argv: readonly string[], options: StartOptions = {}): Running {
  const [command, ...args] = argv;
  if (command === undefined) throw new TypeError("Cannot start a program: no command is given");
  const child = new Deno.Command(command, {
    args,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env, clearEnv: true }),
    stdin: options.stdin ?? "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  const lines: string[] = [];
  let written = "";
  const waiting = new Set<() => void>();
  const tell = () => waiting.forEach((look) => look());
  let ended = false;
  async function listen(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const heard = new TransformStream<string, string>({
      transform(chunk, controller) {
        written += chunk;
        controller.enqueue(chunk);
        tell();
      },
    });
    for await (
      const line of stream.pipeThrough(new TextDecoderStream()).pipeThrough(heard)
        .pipeThrough(splitLines())
    ) {
      lines.push(line);
      tell();
    }
  }
  const status = Promise.all([child.status, listen(child.stdout), listen(child.stderr)])
    .then(([status]) => {
      ended = true;
      tell();
      return status;
    });

  function until(
    pattern: RegExp,
    find: () => RegExpExecArray | null | undefined,
  ): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const fail = (why: string) =>
      reject(new Error(`${args.join(" ")}: ${why} before ${pattern}:\n${lines.join("\n")}`));
    const timer = setTimeout(() => fail("a minute passed"), SAY_WITHIN_MS);
    const look = () => {
      const found = find();
      if (found) resolve(found);
      else if (ended) fail("it ended");
    };
    waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(look);
    });
  }

  function line(pattern: RegExp, nth = 1): Promise<RegExpExecArray> {
    return until(
      pattern,
      () => lines.map((said) => pattern.exec(said)).filter((match) => match !== null).at(nth - 1),
    );
  }

  const typing = options.stdin === "piped" ? child.stdin.getWriter() : undefined;
  async function type(text: string): Promise<void> {
    if (typing === undefined) throw new TypeError("Cannot type: stdin is not piped");
    await typing.write(new TextEncoder().encode(text));
  }

  return {
    pid: child.pid,
    lines,
    line,
    seen: (pattern) => until(pattern, () => pattern.exec(written)),
    type,
    status,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (!ended) {
        try {
          child.kill("SIGKILL");
        } catch (error) {
          if (!(error instanceof TypeError)) throw error; // it has ended in the meantime
        }
      }
      await status;
    },
  };
}

/** Runs a program to its end and returns what it said; throws when it fails. */
export async function run(argv: readonly string[], options: StartOptions = {}): Promise<string> {
  const running = start(argv, options);
  const { success, code } = await running.status;
  const said = running.lines.join("\n");
  if (!success) throw new Error(`${argv.join(" ")}: exit code ${code}\n${said}`);
  return said;
}
