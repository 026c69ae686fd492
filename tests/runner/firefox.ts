/** Where Firefox is installed, by system; names without a slash are on PATH. */
const USUAL_PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: ["/usr/bin/firefox-esr", "/usr/bin/firefox", "firefox-esr", "firefox"],
  darwin: ["/Applications/Firefox.app/Contents/MacOS/firefox", "firefox"],
  windows: ["C:\\Program Files\\Mozilla Firefox\\firefox.exe"],
};

/** The Firefox of this machine: `FIREFOX` where it is set, else the first that is found. */
export async function findFirefox(): Promise<string | undefined> {
  const named = Deno.env.get("FIREFOX");
  if (named) return named;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  for (const place of USUAL_PLACES[Deno.build.os] ?? []) {
    const isPath = /[/\\]/.test(place);
    for (const path of isPath ? [place] : folders.map((folder) => `${folder}/${place}`)) {
      if (await isFile(path)) return path;
    }
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
