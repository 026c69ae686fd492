import { type Running, start, type StartOptions } from "./processes.ts";

/**
 * Starts a program in a terminal of its own, by util-linux's `script`: it finds itself spoken to by a
 * person, who can `type`.
 */
export function startInTerminal(argv: readonly string[], options: StartOptions = {}): Running {
  const command = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return start(["script", "--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    ...options,
    env: { ...(options.env ?? Deno.env.toObject()), SHELL: "/bin/sh", TERM: "xterm" },
    stdin: "piped",
  });
}
