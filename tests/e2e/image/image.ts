import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, type Running, start } from "../processes.ts";
import { makeDebian, makeDistroless, ROOT_ENV, rootArgv } from "./debian.ts";
import { parseDockerfile, type Stage, variablesOf } from "./dockerfile.ts";

const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));

/** Who is called `nonroot` in a distroless image. */
const NONROOT = "65532:65532";

/** What a Dockerfile has made. */
export interface Image {
  readonly root: string;
  /** Starts it, as `docker run --network host` does, with variables and arguments more. */
  run(env: Record<string, string>, args?: readonly string[]): Running;
  /** Runs its health check, as Docker does from time to time, and returns the exit code. */
  health(env: Record<string, string>): Promise<number>;
}

/** Folders in which Dockerfiles are run. */
export interface Builder {
  build(dockerfile: string): Promise<Image>;
}

/** Makes one Debian, for as many Dockerfiles as are wanted. */
export async function makeBuilder(folder: string): Promise<Builder> {
  const debian = join(folder, "debian");
  await makeDebian(debian);
  let images = 0;
  return {
    build: async (dockerfile) => {
      const text = await Deno.readTextFile(join(CHECKOUT, dockerfile));
      const at = join(folder, `image-${++images}`);
      await Deno.mkdir(at);
      const roots = new Map<string, string>();
      let last: { root: string; stage: Stage } | undefined;
      for (const stage of parseDockerfile(text)) {
        const root = join(at, stage.name ?? "final");
        await begin(stage.from, debian, root);
        if (stage.name !== undefined) roots.set(stage.name, root);
        await carryOut(stage, root, roots, dockerfile);
        last = { root, stage };
      }
      if (last === undefined) throw new Error(`${dockerfile} has no stage`);
      return imageOf(last.root, last.stage);
    },
  };
}

/** In place of an image that is pulled: Debian with Deno, or what distroless takes of Debian. */
async function begin(from: string, debian: string, root: string): Promise<void> {
  if (from.startsWith("gcr.io/distroless/cc-debian12")) return await makeDistroless(debian, root);
  if (!from.startsWith("docker.io/denoland/deno:debian-")) {
    throw new Error(`no such image: ${from}`);
  }
  await run(["/bin/cp", "-a", debian, root]);
  await Deno.copyFile(Deno.execPath(), join(root, "usr/bin/deno"));
  await Deno.mkdir(join(root, "deno-dir"));
}

async function carryOut(
  { steps }: Stage,
  root: string,
  roots: ReadonlyMap<string, string>,
  dockerfile: string,
): Promise<void> {
  let folder = "/";
  for (const { instruction, text } of steps) {
    switch (instruction) {
      case "WORKDIR":
        folder = text;
        await Deno.mkdir(join(root, folder), { recursive: true });
        break;
      case "COPY":
        await copy(text, join(root, folder), root, roots, dockerfile);
        break;
      case "RUN":
        await runStep(text, folder, root);
    }
  }
}

/** `COPY [--from=stage] [--chown=nonroot:nonroot] from to`, or the checkout. */
async function copy(
  text: string,
  folder: string,
  root: string,
  roots: ReadonlyMap<string, string>,
  dockerfile: string,
): Promise<void> {
  if (text === ". .") return await copyCheckout(folder, dockerfile);
  const [, stage = "", , owner, from = "", to = ""] =
    /^--from=(\S+) (--chown=(\S+) )?(\S+) (\S+)$/.exec(text) ?? [];
  const source = roots.get(stage);
  if (source === undefined) throw new Error(`Cannot copy ${text}`);
  const target = join(root, to);
  await Deno.mkdir(join(target, ".."), { recursive: true });
  await run(["/bin/cp", "-a", join(source, from), target]);
  if (owner !== undefined) await run(["/bin/chown", "-R", NONROOT, target]);
}

/** What `docker build` sends: the checkout but for what its `.dockerignore` names. */
async function copyCheckout(folder: string, dockerfile: string): Promise<void> {
  const ignored = (await Deno.readTextFile(join(CHECKOUT, `${dockerfile}.dockerignore`)))
    .split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const listed = await run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    { cwd: CHECKOUT },
  );
  const isIgnored = (path: string) =>
    ignored.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  for (const path of listed.split("\n").filter((path) => !isIgnored(path))) {
    const target = join(folder, path);
    try {
      await Deno.mkdir(join(target, ".."), { recursive: true });
      await Deno.copyFile(join(CHECKOUT, path), target);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // removed, and not committed yet
    }
  }
}

/**
 * Runs a step with this machine's cache of packages and its compiler, in place of what a network
 * would bring.
 */
async function runStep(command: string, folder: string, root: string): Promise<void> {
  const { denoDir } = JSON.parse(await run([Deno.execPath(), "info", "--json"]));
  const env: Record<string, string> = { ...ROOT_ENV, DENO_DIR: "/deno-dir" };
  for (const name of ["DENO_COMPILE", "DENORT_BIN"]) {
    const path = Deno.env.get(name);
    if (!path) continue;
    env[name] = `/opt/${basename(path)}`;
    await Deno.copyFile(path, join(root, env[name]));
  }
  await run(
    rootArgv(root, ["/bin/sh", "-c", `cd ${folder} && ${command}`], {
      binds: { [denoDir]: "/deno-dir" },
    }),
    { env },
  );
}

function imageOf(root: string, { steps }: Stage): Image {
  const texts = (instruction: string) =>
    steps.filter((step) => step.instruction === instruction).map(({ text }) => text);
  const variables = Object.assign({}, ...texts("ENV").map(variablesOf));
  const entry: string[] = JSON.parse(texts("ENTRYPOINT").at(-1) ?? "[]");
  const usual: string[] = JSON.parse(texts("CMD").at(-1) ?? "[]");
  const user = texts("USER").at(-1);
  const [, check = "[]"] = /^(?:--\S+ )*CMD (\[.*\])$/.exec(texts("HEALTHCHECK").at(-1) ?? "") ??
    [];
  const inside = (argv: readonly string[], env: Record<string, string>) =>
    start(
      rootArgv(root, argv, user === "nonroot" ? { user: NONROOT } : {}),
      { env: { ...ROOT_ENV, ...variables, ...env } },
    );
  return {
    root,
    run: (env, args = usual) => inside([...entry, ...args], env),
    health: async (env) => (await inside(JSON.parse(check), env).status).code,
  };
}
