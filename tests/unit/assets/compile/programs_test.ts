import assert from "node:assert/strict";
import { basename, join } from "node:path";
import type { Metafile } from "esbuild";
import { bundleProgram, MAIN_FILE } from "../../../../src/assets/compile/bundle_program.ts";
import { adviceFor } from "../../../../src/assets/compile/deno_compile.ts";
import { ownTarget, TARGET_NAMES, TARGETS } from "../../../../src/assets/compile/targets.ts";
import { ROOT_DIR } from "../../../../src/assets/native.ts";
import { permissionFlags } from "../../../../src/assets/compile/program_permissions.ts";
import { type Program, PROGRAMS } from "../../../../src/assets/compile/program_list.ts";

function program(name: string): Program {
  const found = PROGRAMS.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

async function bundled(name: string): Promise<Metafile> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-parts-" });
  try {
    return await bundleProgram(program(name), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The rooms of ours, and the packages, that files belong to. */
function partsOf(inputs: Metafile["inputs"] | Metafile["outputs"][string]["inputs"]): Set<string> {
  const parts = Object.keys(inputs).map((path) =>
    /^src\/[^/]+/.exec(path)?.[0] ??
      /((?:@[^/]+\/)?[^/]+)\/\d+\.\d+\.\d+[^/]*\//.exec(path)?.[1] ?? path
  );
  return new Set(parts);
}

/** What a program reads before it knows what it is asked for. */
function partsAtStart({ outputs }: Metafile): Set<string> {
  const parts = new Set<string>();
  const seen = new Set<string>();
  const open = Object.keys(outputs).filter((path) => basename(path) === MAIN_FILE);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const output = outputs[path];
    if (output === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const part of partsOf(output.inputs)) parts.add(part);
    open.push(
      ...output.imports.filter(({ kind }) => kind !== "dynamic-import").map(({ path }) => path),
    );
  }
  return parts;
}

Deno.test("the programs may do this, and no more", () => {
  assert.deepEqual(
    Object.fromEntries(PROGRAMS.map(({ name, permissions }) => [
      name,
      permissionFlags(permissions),
    ])),
    {
      "gemmapod": [
        ...["--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-ffi"],
        ...["--allow-sys=homedir,hostname,statfs", "--allow-run"],
      ],
      "gemmapod-signal": [
        ...["--allow-net", "--allow-read", "--allow-write"],
        "--allow-env=GEMMAPOD_SIGNAL_*,PORT,TMPDIR,TMP,TEMP,SystemRoot,CLICOLOR_FORCE",
      ],
      "gemmapod-pack": [
        ...["--allow-read", "--allow-write", "--allow-net"],
        "--allow-env=CLICOLOR_FORCE,TERM,NO_PROXY,no_proxy",
      ],
    },
  );
});

Deno.test("the broker carries no WebRTC, no Host and no packer", async () => {
  const parts = partsOf((await bundled("gemmapod-signal")).inputs);
  assert.ok(parts.has("src/signal") && parts.has("hono"));
  for (const part of ["src/rtc", "src/host", "src/pack", "src/cli", "node-datachannel", "ai"]) {
    assert.ok(!parts.has(part), part);
  }
});

Deno.test("the packer carries no server, no WebRTC and no model", async () => {
  const parts = partsOf((await bundled("gemmapod-pack")).inputs);
  assert.ok(parts.has("src/pack") && parts.has("cborg"));
  for (const part of ["src/rtc", "src/host", "src/signal", "node-datachannel", "hono", "ai"]) {
    assert.ok(!parts.has(part), part);
  }
});

Deno.test("the Host carries no broker and no builder", async () => {
  const parts = partsOf((await bundled("gemmapod")).inputs);
  assert.ok(parts.has("src/host") && parts.has("node-datachannel"));
  for (const part of ["src/signal", "esbuild", "typescript", "@nats-io/nats-core"]) {
    assert.ok(!parts.has(part), part);
  }
});

Deno.test("a program starts with its command line alone, and loads the rest when it is asked for it", async () => {
  const rooms = { "gemmapod": "cli", "gemmapod-signal": "signal", "gemmapod-pack": "pack" };
  for (const [name, room] of Object.entries(rooms)) {
    const parts = [...partsAtStart(await bundled(name))].sort();
    assert.deepEqual(parts, ["commander", "smol-toml", "src/base", `src/${room}`], name);
  }
});

Deno.test("each program carries the assets that it serves, and no others", () => {
  assert.deepEqual(Object.fromEntries(PROGRAMS.map(({ name, assets }) => [name, assets])), {
    "gemmapod": ["page", "core", "licences", "dashboard"],
    "gemmapod-signal": ["page", "core", "licences"],
    "gemmapod-pack": ["page", "core", "licences"],
  });
});

Deno.test("every platform has its addon among the packages that are locked, at one version", async () => {
  const lock = await Deno.readTextFile(join(ROOT_DIR, "deno.lock"));
  const versions = TARGET_NAMES.map((name) =>
    new RegExp(`"${TARGETS[name].addon}@([\\d.]+)": \\{`).exec(lock)?.[1]
  );
  assert.equal(new Set(versions).size, 1);
  assert.ok(lock.includes(`"node-datachannel@${versions[0]}"`));
});

Deno.test("what is missing to compile for another platform is said with its name", () => {
  const [other = "linux-x64"] = TARGET_NAMES.filter((name) => name !== ownTarget());
  assert.ok(adviceFor(other).startsWith(`there is no denort of ${TARGETS[other].triple}.`));
});
