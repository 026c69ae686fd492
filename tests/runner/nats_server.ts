/** Where distributions put nats-server; the rest is on PATH. */
const USUAL_PLACES = ["/usr/sbin", "/usr/local/sbin"];

/** The nats-server of this machine: `NATS_SERVER` where it is set, else the first that is found. */
export async function findNatsServer(): Promise<string | undefined> {
  const named = Deno.env.get("NATS_SERVER");
  if (named) return named;
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const name = Deno.build.os === "windows" ? "nats-server.exe" : "nats-server";
  for (const folder of [...(Deno.env.get("PATH") ?? "").split(separator), ...USUAL_PLACES]) {
    const path = `${folder}/${name}`;
    if (await isFile(path)) return path;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false; // not there, or not ours to see
  }
}
