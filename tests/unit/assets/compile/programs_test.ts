import assert from "node:assert/strict";
import { bundleProgram } from "../../../../src/assets/compile/bundle_program.ts";
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
