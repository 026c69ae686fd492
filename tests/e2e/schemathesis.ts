/**
 * Lets schemathesis (PyPI) look for requests to which the loopback API does not answer as its
 * OpenAPI description says: `deno run -A tests/e2e/schemathesis.ts [path of st]`, by hand.
 *
 * @module
 */
import { join } from "node:path";
import { HostClient } from "./host_client.ts";
import { startHostSetup } from "./host_setup.ts";
import { startModelEndpoint } from "./model_endpoint.ts";

/** Names the pod, so that more than 404 is seen. */
const WITH_POD = `
[parameters]
"path.podId" = "pod"
`;

const [st = "st", ...more] = Deno.args;
await using model = startModelEndpoint();
await using setup = await startHostSetup(model.url);
await setup.serve("pod");
await Deno.writeTextFile(join(setup.folder, "pod", "contacts.json"), `{"mail":"a@b.example"}`);
const api = await HostClient.connect(setup.host.port());

async function look(settings: string, ...args: string[]): Promise<void> {
  const config = join(setup.folder, "schemathesis.toml");
  await Deno.writeTextFile(config, settings);
  const { code } = await new Deno.Command(st, {
    args: [
      "--config-file",
      config,
      "run",
      `${api.url}/api/v1/openapi.json`,
      "--header",
      `X-Gemmapod-Token: ${api.token}`,
      "--exclude-path-regex",
      "/events/stream$", // they never end
      "--no-color",
      ...args,
      ...more,
    ],
    cwd: setup.folder,
  }).spawn().status;
  if (code === 0) return;
  console.error(setup.lines.slice(-20).join("\n"));
  Deno.exitCode = code;
}

const without = (...ids: string[]) => ids.flatMap((id) => ["--exclude-operation-id", id]);
const leavesTheHost = without("stopHost");
const leavesThePod = [...leavesTheHost, ...without("stopPod", "pausePod")];
await look(WITH_POD, "--phases", "coverage,fuzzing", ...leavesThePod);
await look("", ...leavesThePod);
await look("", ...leavesTheHost); // the pod is soon gone, and everything has to say so
