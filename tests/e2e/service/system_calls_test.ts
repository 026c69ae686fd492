import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import { createLogger } from "../../../src/base/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { FROM_SOURCE } from "../chain.ts";
import { podToml } from "../host_setup.ts";
import { NativeVisitor } from "../native_visitor.ts";
import { start } from "../processes.ts";
import { smallPage, store } from "../small_page.ts";
import { tempFolder } from "../temp_folder.ts";
import { serviceFile } from "./behind_proxy.ts";
import { underFilter } from "./under_filter.ts";

Deno.test("the broker needs no system call that its unit refuses", async () => {
  await using folder = await tempFolder("calls");
  const program = [...FROM_SOURCE.signal, "--port", "0", "--data-dir", join(folder.path, "data")];
  const argv = await underFilter(await serviceFile("gemmapod-signal.service"), program);
  await using broker = start(argv);
  const [, url = ""] = await broker.line(/listening on (\S+)$/);
  await store(url, smallPage());
  assert.equal((await (await fetch(`${url}/health`)).json()).registry, "sqlite");
  broker.kill("SIGTERM");
  assert.equal((await broker.status).code, 0);
});

Deno.test("the Host, its WebRTC and its store need no system call that its unit refuses", async () => {
  await using folder = await tempFolder("calls");
  const log = createLogger({ name: "signal", write: () => {} });
  await using broker = await startBroker({ port: 0, limits: "off", log });
  const signalUrl = `${broker.url}/signal`;
  await Deno.writeTextFile(join(folder.path, "pod.toml"), podToml(signalUrl, "filtered-pod"));
  const unit = await Deno.readTextFile(join(ROOT_DIR, "src/host/service/gemmapod.service"));
  const program = [...FROM_SOURCE.gemmapod, "run", folder.path, "--provider", "demo"];
  const env = {
    ...Deno.env.toObject(),
    GEMMAPOD_HOME: join(folder.path, "home"),
    GEMMAPOD_PORT: "0",
  };
  await using host = start(await underFilter(unit, program), { env });
  await host.line(/registered for pod filtered-pod/);
  await using visitor = await NativeVisitor.visit({ signalUrl, podId: "filtered-pod" });
  assert.match((await visitor.ask("Hello?")).text, /demo/);
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0);
  assert.ok((await Deno.stat(join(folder.path, "home", "host.sqlite"))).size > 0);
});

Deno.test("a unit's filter is really in force here", async () => {
  const unit = "SystemCallFilter=@system-service\nSystemCallFilter=~@file-system\n";
  await using refused = start(await underFilter(unit, ["/bin/ls", "/"]));
  assert.notEqual((await refused.status).code, 0);
});
