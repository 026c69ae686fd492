import { join } from "node:path";

/** The unit that it knows. */
export const UNIT = "gemmapod.service";

/**
 * Starts what a unit says, and writes down what it was told: no user manager can run in a container.
 * It finds what it needs by itself, whatever the PATH of who calls it.
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
