import assert from "node:assert/strict";
import { Command } from "../../../src/base/native.ts";
import {
  hostArguments,
  hostEnvironment,
  type HostOptions,
  hostOptions,
} from "../../../src/cli/host_options.ts";

function parsed(args: readonly string[]): HostOptions {
  const command = new Command("test").exitOverride().allowExcessArguments();
  for (const option of hostOptions()) command.addOption(option);
  return command.parse([...args], { from: "user" }).opts<HostOptions>();
}

Deno.test("hostArguments: a Host in the background is told what this one was told", () => {
  const options = parsed([
    ...["--provider-url", "http://localhost:9", "--provider", "demo", "--port", "0"],
    ...["--parallel", "3", "--max-peers", "7", "--retention", "30", "--headless"],
    ...["--ui-dir", "-odd", "--log-format", "json", "--log-level", "debug"],
  ]);
  assert.deepEqual(parsed(hostArguments(options)), options);
  assert.deepEqual(parsed(hostArguments(parsed([]))), parsed([]));
});

Deno.test("hostArguments: no key or TURN password is among them, because everybody can read those", () => {
  const servers = '[{"urls":"turn:a","username":"b","credential":"secret"}]';
  const options = parsed(["--api-key", "secret", "--ice-servers", servers]);
  const args = hostArguments(options);
  assert.ok(args.every((arg) => !/secret|api-key|ice-servers/.test(arg)));
  assert.deepEqual(hostEnvironment(options), {
    GEMMAPOD_API_KEY: "secret",
    GEMMAPOD_ICE_SERVERS: servers,
  });
  assert.deepEqual(hostEnvironment(parsed([])), {});
});
