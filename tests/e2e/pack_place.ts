import { join } from "node:path";
import { FROM_SOURCE } from "./chain.ts";

/** What a run of a program said, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  /** @default gemmapod-pack, from source */
  readonly program?: readonly string[];
}

/** A folder of a test's own in which the packer runs, with no terminal. */
export interface PackPlace extends AsyncDisposable {
  readonly folder: string;
  at(...names: string[]): string;
  /** Runs `gemmapod-pack` to its end. */
  pack(...args: string[]): Promise<Ended>;
  /** The same, in another way. */
  packWith(options: RunOptions, ...args: string[]): Promise<Ended>;
  /** Runs it with `--json`, which must end well with nothing on stderr; what it said. */
  json(...args: string[]): Promise<Record<string, unknown>>;
}

/** Makes such a folder. */
export async function packPlace(): Promise<PackPlace> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-pack-" });

  async function packWith({ env, program }: RunOptions, ...args: string[]): Promise<Ended> {
    const [command = "", ...rest] = program ?? FROM_SOURCE.pack;
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...rest, ...args],
      cwd: folder,
      stdin: "null",
      ...(env === undefined ? {} : { env }),
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  return {
    folder,
    at: (...names) => join(folder, ...names),
    pack: (...args) => packWith({}, ...args),
    packWith,
    async json(...args) {
      const { code, stdout, stderr } = await packWith({}, ...args, "--json");
      if (code !== 0 || stderr !== "") throw new Error(`${args.join(" ")}: ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
