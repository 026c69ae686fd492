/** Where browsers of the Chromium family are installed, by system; names without a slash are on PATH. */
const USUAL_PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/snap/bin/chromium",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "microsoft-edge",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "chromium",
  ],
  windows: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/**
 * The Chromium of this machine: `CHROMIUM` where it is set, else the first of the usual places.
 * Undefined where there is none.
 */
export async function findChromium(): Promise<string | undefined> {
  const named = Deno.env.get("CHROMIUM");
  if (named) return named;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  for (const place of USUAL_PLACES[Deno.build.os] ?? USUAL_PLACES["linux"] ?? []) {
    const candidates = /[/\\]/.test(place)
      ? [place]
      : folders.map((folder) => `${folder}/${place}`);
    for (const path of candidates) if (await isFile(path)) return path;
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
