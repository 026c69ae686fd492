import assert from "node:assert/strict";
import { join } from "node:path";
import { fromHex, toBase64 } from "../../../src/base/mod.ts";
import { manifestFromPodToml, parsePodToml, signManifest } from "../../../src/pod/mod.ts";
import { generateOwnerKey } from "../../../src/pod/native.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { podToml } from "../host_setup.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { NativeVisitor } from "../native_visitor.ts";
import { start } from "../processes.ts";
import { compiledPrograms } from "./compiled_programs.ts";

const TOML = `
[[tools]]
name = "weather"
description = "Weather"
[[tools]]
name = "starts"
description = "Starts a program"
`;

const FILES = {
  "tools.ts": `
import { tool } from "ai";
import { z } from "zod";
import { celsius, type Weather } from "./lib/weather.ts";

export default {
  weather: tool({
    description: "Get the weather of a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }: { city: string }): Promise<Weather> => ({
      city: \`\${city} \${await Deno.readTextFile(new URL("./land.txt", import.meta.url))}\`,
      celsius: celsius(city)!,
    }),
  }),
  starts: tool({
    description: "Start a program.",
    inputSchema: z.object({}),
    execute: () => {
      try {
        return new Deno.Command(Deno.execPath(), { args: ["--version"] }).outputSync().code;
      } catch (error) {
        return (error as Error).name;
      }
    },
  }),
};
`,
  "lib/weather.ts": `
export interface Weather { city: string; celsius: number }
export const celsius = (city: string): number | undefined => city === "Rome" ? 22 : undefined;
`,
  "land.txt": "(Italy)",
};

Deno.test("the compiled program runs an owner's tools.ts, and says what is wrong with one", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-bin-tools-" });
  try {
    const { gemmapod } = await compiledPrograms();
    await using model = startModelEndpoint();
    await using broker = await startBroker({ port: 0, limits: "off" });
    const signalUrl = `${broker.url}/signal`;
    const pod = join(folder, "pod");
    await Deno.mkdir(join(pod, "lib"), { recursive: true });
    await Deno.writeTextFile(join(pod, "pod.toml"), podToml(signalUrl, "pod", TOML));
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(join(pod, name), text);
    }
    const { publicKey, secretKey } = await generateOwnerKey();
    const manifest = manifestFromPodToml(
      parsePodToml(podToml(signalUrl, "pod", TOML)).pod,
      publicKey,
    );
    const signedManifestB64 = toBase64(await signManifest(manifest, fromHex(secretKey)));
    const serve = () =>
      start([...gemmapod, "run", pod, "--provider-url", model.url, "--port", "0"], {
        cwd: folder,
        env: { HOME: join(folder, "home"), PATH: "" },
      });
    {
      await using host = serve();
      await host.line(/registered for pod pod/);
      await using visitor = await NativeVisitor.visit({
        signalUrl,
        podId: "pod",
        signedManifestB64,
      });
      await host.line(/tools=\[weather,starts,/);
      model.next({
        tokens: [],
        toolCalls: [{ id: "1", name: "weather", arguments: '{"city":"Rome"}' }],
      }, { tokens: ["22."] });
      const { text, error } = await visitor.ask("The weather?");
      assert.deepEqual([text, error], ["22.", undefined]);
      const [result] = visitor.uiEvents("TOOL_CALL_RESULT");
      assert.equal(result?.content, '{"city":"Rome (Italy)","celsius":22}');

      // What serves visitors has given up starting programs, whatever runs in it.
      model.next(
        { tokens: [], toolCalls: [{ id: "2", name: "starts", arguments: "{}" }] },
        { tokens: ["No."] },
      );
      await visitor.ask("Start one?");
      const [, refused] = visitor.uiEvents("TOOL_CALL_RESULT");
      assert.match(refused?.content ?? "", /NotCapable/);
    }
    await Deno.writeTextFile(join(pod, "tools.ts"), "const a = 1;\nenum Weather { Sun }\n");
    await using host = serve();
    await host.line(/tools of pod: Cannot load .*tools\.ts:2:1: /);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
