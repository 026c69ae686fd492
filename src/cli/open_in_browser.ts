/** The program that opens an address in the person's browser, a platform each. */
const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, readonly [string, ...string[]]>>> = {
  linux: ["xdg-open"],
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the person's browser; false where this machine has no way to. */
export async function openInBrowser(url: string): Promise<boolean> {
  const [command, ...args] = OPENERS[Deno.build.os] ?? [];
  if (command === undefined) return false;
  try {
    const child = new Deno.Command(command, {
      args: [...args, url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return (await child.status).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
