/**
 * A fresh Debian in a folder, made by debootstrap, in place of the images that Dockerfiles begin
 * from.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { run } from "../processes.ts";

/** Where Debian's packages come from. */
const MIRROR = Deno.env.get("DEBIAN_MIRROR") || "http://deb.debian.org/debian";

/** The packages of `gcr.io/distroless/cc-debian12`, and no other. */
const DISTROLESS = [
  ...["base-files", "ca-certificates", "libc6", "libgcc-s1", "libgomp1", "libssl3"],
  ...["libstdc++6", "netbase", "tzdata"],
] as const;

/** Where the programs of a system are. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a started container's programs find in their environment. */
export const ROOT_ENV = { PATH, HOME: "/root" } as const;

/** Makes a Debian 12 of its smallest kind, with what a distroless image has. */
export async function makeDebian(root: string): Promise<void> {
  const cache = join(Deno.env.get("HOME") ?? dirname(root), ".cache", "gemmapod-debootstrap");
  await Deno.mkdir(cache, { recursive: true });
  await run([
    ...["/usr/sbin/debootstrap", "--variant=minbase", `--cache-dir=${cache}`],
    ...[`--include=${DISTROLESS.join(",")}`, "bookworm", root, MIRROR],
  ], { env: { ...Deno.env.toObject(), PATH } });
}

/** Makes what distroless is: the files of those packages out of a Debian, without a shell. */
export async function makeDistroless(debian: string, root: string): Promise<void> {
  const listed = await inRoot(debian, ["/usr/bin/dpkg", "-L", ...DISTROLESS]);
  const paths = new Set(listed.split("\n").filter((path) => /^\/./.test(path)));
  // Before the packages: their files in /lib are in /usr/lib, by links that no package lists.
  const folders = ["/usr", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/sbin"]
    .concat("/bin", "/lib", "/lib64", "/sbin");
  // Made when packages are configured.
  const made = ["/etc/ssl/certs/ca-certificates.crt", "/etc/ld.so.cache", "/tmp", "/root"]
    .concat("/dev", "/dev/null", "/dev/zero", "/dev/urandom", "/proc");
  const list = join(root, "..", "distroless.txt");
  await Deno.mkdir(root, { recursive: true });
  await Deno.writeTextFile(
    list,
    [...new Set([...folders, ...paths, ...made])].map((path) => `.${path}\n`).join(""),
  );
  await run([
    ...["/bin/sh", "-c"],
    'tar -C "$0" --no-recursion -T "$1" -cf - | tar -C "$2" -xpf -',
    ...[debian, list, root],
  ]);
  await Deno.writeTextFile(
    join(root, "etc/passwd"),
    "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n",
  );
}

/** How a program is called with a folder as its root, as `chroot` does, with a `/proc` of its own. */
export function rootArgv(
  root: string,
  argv: readonly string[],
  { user, binds = {} }: { user?: string; binds?: Readonly<Record<string, string>> } = {},
): string[] {
  const mounts = Object.entries(binds)
    .map(([from, to]) => `mount --bind '${from}' "$0${to}" && `).join("");
  const spec = user === undefined ? "" : `--userspec=${user} `;
  return [
    ...["/usr/bin/unshare", "--mount", "/bin/sh", "-c"],
    `mount -t proc proc "$0/proc" && ${mounts}exec /usr/sbin/chroot ${spec}"$0" "$@"`,
    ...[root, ...argv],
  ];
}

/** Runs a program to its end with a folder as its root. */
export async function inRoot(root: string, argv: readonly string[]): Promise<string> {
  return await run(rootArgv(root, argv), { env: ROOT_ENV });
}
