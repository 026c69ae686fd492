import { join } from "node:path";
import { kill } from "./background_host.ts";

/** The unit that it knows. */
export const UNIT = "gemmapod.service";

/**
 * Starts what a unit says, and writes down what it was told: no user manager can run in a container.
 * It finds what it needs by itself, whatever the PATH of who calls it. What it has started ends with
 * the test's process and with its home, even where nobody is left to clean up.
 */
const SCRIPT = `#!/bin/sh
PATH=/usr/bin:/bin
echo "$*" >> "$HOME/systemctl.log"
unit=\${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/${UNIT}
pid=$(cat "$HOME/pid" 2>/dev/null)
stop() { [ -z "$pid" ] || { kill "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done; rm "$HOME/pid"; }; }
begin() {
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  eval "$(sed -n 's/^Environment=/export /p' "$unit")"
  sh -c "exec $command" > "$HOME/journal" 2>&1 &
  echo $! > "$HOME/pid"
  (guard $!) </dev/null >/dev/null 2>&1 & # in a subshell: of a function the shell keeps what it had
}
guard() {
  while kill -0 "$1"; do
    kill -0 ${Deno.pid} && [ -d "$HOME" ] || { kill -9 "$1"; return; }
    sleep 0.5
  done
}
case "$2" in
  start) [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || begin ;;
  restart) stop; begin ;;
  disable | stop) stop ;;
  show)
    if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then echo ActiveState=active; else echo ActiveState=inactive; fi
    echo "MainPID=\${pid:-0}" ;;
esac
`;

/** Writes a stand-in for `systemctl --user` into a folder, to be put into somebody's PATH. */
export async function writeSystemctl(folder: string): Promise<void> {
  await Deno.writeTextFile(join(folder, "systemctl"), SCRIPT, { mode: 0o755 });
}

/** Ends at once what a stand-in has started for the owner of a home, and is still there. */
export async function endService(home: string): Promise<void> {
  let pid;
  try {
    pid = Number(await Deno.readTextFile(join(home, "pid")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return; // it has not started, or was stopped
    throw error;
  }
  if (pid > 0) kill(pid); // none is a moment before its number is written
}
