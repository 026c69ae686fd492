import assert from "node:assert/strict";
import { join } from "node:path";
import { bundleProgram } from "../../../../src/assets/compile/bundle_program.ts";
import { adviceFor } from "../../../../src/assets/compile/deno_compile.ts";
import { ownTarget, TARGET_NAMES, TARGETS } from "../../../../src/assets/compile/targets.ts";
import { ROOT_DIR } from "../../../../src/assets/native.ts";
import { type Program, PROGRAMS } from "../../../../src/assets/compile/program_list.ts";

function program(name: string): Program {
  const found = PROGRAMS.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

/** The rooms of ours, and the packages, that are in a program. */
async function partsOf(name: string): Promise<Set<string>> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-parts-" });
  try {
    const { inputs } = await bundleProgram(program(name), folder);
    const parts = Object.keys(inputs).map((path) =>
      /^src\/[^/]+/.exec(path)?.[0] ??
        /((?:@[^/]+\/)?[^/]+)\/\d+\.\d+\.\d+[^/]*\//.exec(path)?.[1] ?? path
    );
    return new Set(parts);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the programs may do this, and no more", () => {
  const colours = "NO_COLOR,FORCE_COLOR,CLICOLOR_FORCE,TERM";
  const temporary = "TMPDIR,TMP,TEMP,SystemRoot,windir";
  assert.deepEqual(
    Object.fromEntries(PROGRAMS.map(({ name, permissions }) => [name, permissions])),
    {
      "gemmapod": ["net", "read", "write", "env", "ffi", "sys=homedir,hostname,statfs", "run"],
      "gemmapod-signal": [
        "net",
        "read",
        "write",
        `env=GEMMAPOD_SIGNAL_*,PORT,${temporary},${colours}`,
      ],
      "gemmapod-pack": ["read", "write", "net", `env=${colours},NO_PROXY,no_proxy`],
    },
  );
});

Deno.test("the broker carries no WebRTC, no Host and no packer", async () => {
  const parts = await partsOf("gemmapod-signal");
  assert.ok(parts.has("src/signal") && parts.has("hono"));
  for (const part of ["src/rtc", "src/host", "src/pack", "src/cli", "node-datachannel", "ai"]) {
    assert.ok(!parts.has(part), part);
  }
});

Deno.test("the packer carries no server, no WebRTC and no model", async () => {
  const parts = await partsOf("gemmapod-pack");
  assert.ok(parts.has("src/pack") && parts.has("cborg"));
  for (const part of ["src/rtc", "src/host", "src/signal", "node-datachannel", "hono", "ai"]) {
    assert.ok(!parts.has(part), part);
  }
});

Deno.test("the Host carries no broker and no builder", async () => {
  const parts = await partsOf("gemmapod");
  assert.ok(parts.has("src/host") && parts.has("node-datachannel"));
  for (const part of ["src/signal", "esbuild", "typescript", "@nats-io/nats-core"]) {
    assert.ok(!parts.has(part), part);
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
