/**
 * Programs under the system-call filter of a systemd unit, without a systemd that runs: the groups
 * are expanded by `systemd-analyze` and loaded by the same libseccomp, called from Python, because
 * whoever loads a filter must then become the program.
 *
 * @module
 */
import { run } from "../processes.ts";

/** What a unit says of system calls: groups that it allows, groups that it takes away again. */
const FILTER_LINE = /^SystemCallFilter=(~?)(.*)$/gm;

/** Its arguments: the names that are allowed, and the program with its arguments. */
const LOAD_AND_BECOME = `
import ctypes, os, sys
names, argv = sys.argv[1].split(), sys.argv[2:]
lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
lib.seccomp_init.restype = ctypes.c_void_p
ALLOW, EPERM = 0x7FFF0000, 0x00050001
filter = ctypes.c_void_p(lib.seccomp_init(ctypes.c_uint32(EPERM)))
for name in names:
    number = lib.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:
        lib.seccomp_rule_add(filter, ctypes.c_uint32(ALLOW), number, 0)
PR_SET_NO_NEW_PRIVS = 38
assert ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
assert lib.seccomp_load(filter) == 0
os.execvp(argv[0], argv)
`;

/** How a program is called so that it runs under the filter of a unit. */
export async function underFilter(unit: string, argv: readonly string[]): Promise<string[]> {
  const allowed = new Set(await callsOf("@default"));
  for (const [, taken, groups = ""] of unit.matchAll(FILTER_LINE)) {
    for (const group of groups.split(" ")) {
      for (const call of await callsOf(group)) {
        if (taken === "~") allowed.delete(call);
        else allowed.add(call);
      }
    }
  }
  return ["/usr/bin/python3", "-c", LOAD_AND_BECOME, [...allowed].join(" "), ...argv];
}

/** The system calls of a group, and of the groups in it. */
async function callsOf(group: string): Promise<string[]> {
  const said = await run(["/usr/bin/systemd-analyze", "--no-pager", "syscall-filter", group]);
  const names = said.split("\n").slice(1).map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const below = names.filter((name) => name.startsWith("@")).map(callsOf);
  return [...names.filter((name) => !name.startsWith("@")), ...(await Promise.all(below)).flat()];
}
