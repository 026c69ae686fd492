import assert from "node:assert/strict";
import { resolve } from "node:path";
import { Command, WrongUse } from "../../../src/base/native.ts";
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
    ...["--parallel", "3", "--max-peers", "7", "--retention", "30"],
    ...["--ui-dir", "-odd", "--log-format", "json", "--log-level", "debug"],
  ]);
  assert.deepEqual(parsed(hostArguments(options)), options);
  const headless = parsed(["--headless"]);
  assert.deepEqual(parsed(hostArguments(headless)), headless);
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

Deno.test("--provider-url takes an address as people write it, and no password, which others could read", () => {
  for (const url of ["localhost:11434", "http://10.0.0.7:8080/v1", "https://models.example"]) {
    assert.equal(parsed(["--provider-url", url]).providerUrl, url);
  }
  for (const url of ["ht!tp:", "ftp://models.example", "http://", "/v1", "8080", "a b"]) {
    assert.throws(() => parsed(["--provider-url", url]), WrongUse, url);
  }
  assert.throws(() => parsed(["--provider-url", "http://me:hidden@models.example"]), (error) => {
    return error instanceof WrongUse && !error.message.includes("hidden");
  });
});

Deno.test("--ui-dir is absolute, so that it means the same wherever the Host is started", () => {
  assert.equal(parsed(["--ui-dir", "dashboard"]).uiDir, resolve("dashboard"));
});
