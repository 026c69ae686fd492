import assert from "node:assert/strict";
import { join } from "node:path";
import { run, start } from "../processes.ts";
import {
  answers,
  brokerBehindProxy,
  freePort,
  place,
  serviceFile,
  worksThrough,
} from "./behind_proxy.ts";

const NGINX = "/usr/sbin/nginx";

/** nginx's own file around a site: nothing of this machine's, nothing outside the folder. */
function around(site: string, folder: string): string {
  return `daemon off;
master_process off; # one process to end
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${site};
}
`;
}

Deno.test("nginx takes nginx.conf as it is, but for the names of the certificate", async () => {
  await using folder = await place();
  const { path } = folder;
  const key = join(path, "key.pem");
  const certificate = join(path, "certificate.pem");
  await run([
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ed25519",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=signal.example.org",
    "-keyout",
    key,
    "-out",
    certificate,
  ]);
  const site = (await serviceFile("nginx.conf"))
    .replace("/etc/letsencrypt/live/signal.example.org/fullchain.pem", certificate)
    .replace("/etc/letsencrypt/live/signal.example.org/privkey.pem", key);
  await Deno.writeTextFile(join(path, "site.conf"), site);
  await Deno.writeTextFile(join(path, "nginx.conf"), around(join(path, "site.conf"), path));
  const said = await run([NGINX, "-t", "-e", "stderr", "-c", join(path, "nginx.conf")]);
  assert.match(said, /syntax is ok/);
  assert.doesNotMatch(said, /\[(warn|error|emerg)\]/);
});

Deno.test("a broker behind nginx does all it is for, under the address of nginx", async () => {
  await using broker = await brokerBehindProxy();
  await using folder = await place();
  const { path } = folder;
  const port = freePort();
  // One server, without TLS: a test's certificate is nobody's.
  const [, , tls = ""] = (await serviceFile("nginx.conf")).split(/^server \{$/m);
  const [head = ""] = (await serviceFile("nginx.conf")).split(/^server \{$/m);
  const site = `${head}server {${tls}`
    .replace("127.0.0.1:8080", new URL(broker.url).host)
    .replace("listen 443 ssl http2;", `listen 127.0.0.1:${port};`)
    .replace(/^ *listen \[::\].*$/m, "")
    .replace(/^ *ssl_.*$/gm, "");
  await Deno.writeTextFile(join(path, "site.conf"), site);
  await Deno.writeTextFile(join(path, "nginx.conf"), around(join(path, "site.conf"), path));
  await using _nginx = start([NGINX, "-e", "stderr", "-c", join(path, "nginx.conf")]);
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/health`);
  await worksThrough(url, broker);
  const metrics = await fetch(`${url}/metrics`);
  assert.match(await metrics.text(), /^gemmapod_signal_origins /m);
});
