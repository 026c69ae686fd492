import assert from "node:assert/strict";
import { ask } from "./http_client.ts";
import { quietBroker, smallPage, store } from "./small_page.ts";

const GET = "GET, HEAD, OPTIONS";

for (
  const [path, allow] of [
    ["/", GET],
    ["/health", GET],
    ["/metrics", GET],
    ["/signal", GET],
    ["/robots.txt", GET],
    ["/favicon.ico", GET],
    ["/pods", "POST, OPTIONS"],
    ["/AAAAAAAAAAAA", GET],
    ["/AAAAAAAAAAAA/meta", GET],
  ] as const
) {
  Deno.test(`${path} takes ${allow}, and says so to other methods`, async () => {
    await using signal = await quietBroker();
    const others = ["PUT", "PATCH", "PROPFIND", ...(path === "/pods" ? ["GET", "HEAD"] : ["POST"])];
    for (const method of others) {
      const answer = await ask(signal.url + path, { method });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers.allow, allow, method);
      if (method !== "HEAD") assert.match(JSON.parse(answer.body.toString()).error, /it takes /);
    }
    const options = await ask(signal.url + path, { method: "OPTIONS" });
    assert.equal(options.status, 204);
    assert.equal(options.headers.allow, allow);
  });
}

for (
  const path of [
    "//",
    "//AAAAAAAAAAAA",
    "/AAAAAAAAAAAA/",
    "/AAAAAAAAAAAA%2Fmeta",
    "/AAAAAAAAAAA",
    "/AAAAAAAAAAAAA",
    "/AAAAAAAAAAA.",
    "/AAAAAAAAAAA%00",
    "/AAAAAAAAAAAA/metadata",
    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/..%2fbroker.sqlite",
    "/pods/",
    "/pods/AAAAAAAAAAAA",
    "/%ff%fe",
    "/%",
    `/${"a".repeat(5_000)}`,
  ]
) {
  Deno.test(`GET ${path.slice(0, 40)} is 404, for programs and for people`, async () => {
    await using signal = await quietBroker();
    const answer = await ask(signal.url + path);
    assert.equal(answer.status, 404);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(answer.body.toString()), { error: "There is no such page here" });

    const headers = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
    const page = await ask(signal.url + path, { headers });
    assert.equal(page.status, 404);
    assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
    assert.match(page.body.toString(), /<h1>There is no such page here<\/h1>/);
  });
}

Deno.test("a page's address may be written with escapes, which mean the same (RFC 3986, 6.2.2.2)", async () => {
  await using signal = await quietBroker();
  const id = await store(signal.url, smallPage());
  const escaped = [...id].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("");
  assert.equal((await ask(`${signal.url}/${escaped}`)).status, 200);
  assert.equal((await ask(`${signal.url}/${id}?from=mail#top`)).status, 200);
});

Deno.test("a web page of another site cannot upload in its visitor's name", async () => {
  await using signal = await quietBroker();
  const upload = (headers: Record<string, string>) =>
    ask(`${signal.url}/pods`, {
      method: "POST",
      headers: { "content-type": "text/plain", ...headers },
      body: smallPage(),
    });
  for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"]) {
    const answer = await upload({ origin });
    assert.equal(answer.status, 403, origin);
  }
  assert.equal((await upload({ origin: signal.url })).status, 201);
  assert.equal((await upload({})).status, 201);
  const preflight = await ask(`${signal.url}/pods`, {
    method: "OPTIONS",
    headers: {
      "origin": "https://evil.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });
  assert.equal(preflight.headers["access-control-allow-origin"], undefined);
  assert.equal(preflight.headers["access-control-allow-methods"], undefined);
});

/** Requests that bring a body which nobody wants, and what they are answered with. */
const UNWANTED: readonly (readonly [status: number, request: string, headers?: string])[] = [
  [405, "POST /health"],
  [405, "PUT /AAAAAAAAAAAA"],
  [405, "DELETE /pods"],
  [404, "POST /nowhere"],
  [404, "DELETE /nowhere"],
  [204, "OPTIONS /pods"],
  [200, "GET /health"],
  [200, "HEAD /"],
  [415, "POST /pods", "content-type: image/png\r\n"],
  [403, "POST /pods", "content-type: text/html\r\norigin: https://evil.example\r\n"],
];

for (const [status, request, headers = ""] of UNWANTED) {
  Deno.test(`${request} that is answered with ${status} before its body came is the last on its line`, async () => {
    await using signal = await quietBroker();
    using line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
    const say = (text: string) => line.write(new TextEncoder().encode(text));
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(64 * 1024);
    let answer = "";
    const more = async () => {
      const length = await line.read(buffer);
      answer += decoder.decode(buffer.subarray(0, length ?? 0));
      return length !== null;
    };
    const next = "GET /health HTTP/1.1\r\nhost: b\r\n\r\n"; // it is body, and no request
    const length = `content-length: ${2 * next.length}\r\n`;
    await say(`${request} HTTP/1.1\r\nhost: b\r\n${headers}${length}\r\n${next}`);
    while (!answer.includes("\r\n\r\n") && await more());
    await say(next);
    while (await more());
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(answer, /\r\nconnection: close\r\n/i);
    assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1);
  });
}

Deno.test("the front page says what this is, in the visitor's language, and is cached shortly", async () => {
  await using signal = await quietBroker();
  const english = await ask(signal.url);
  assert.equal(english.status, 200);
  assert.equal(english.headers["content-type"], "text/html; charset=utf-8");
  assert.match(english.body.toString(), /<html lang="en">[^]*<title>This is a gemmapod broker</);
  assert(english.body.includes(`${signal.url}/pods`));
  assert(!english.body.includes("<script"));
  const german = await ask(signal.url, {
    headers: { "accept-language": "de-AT,de;q=0.9,en;q=0.8" },
  });
  assert.match(german.body.toString(), /<html lang="de">[^]*<title>Das ist ein gemmapod-Broker</);
  for (const { headers } of [english, german]) {
    assert.match(headers.vary ?? "", /\baccept-language\b/);
    assert.equal(headers["cache-control"], "public, max-age=10");
  }
  const etag = english.headers.etag ?? "";
  const fresh = await ask(signal.url, { headers: { "if-none-match": etag } });
  assert.equal(fresh.status, 304);
  const head = await ask(signal.url, { method: "HEAD" });
  assert.equal(head.headers.etag, etag);
  assert.equal(head.body.length, 0);
});

Deno.test("a Host header that is no host is refused, and one that is strange is not believed", async () => {
  await using signal = await quietBroker();
  const broken = await ask(signal.url, { headers: { host: "<b>'&.example" } });
  assert.equal(broken.status, 400);
  const strange = await ask(signal.url, { headers: { host: "a'&b.example" } });
  assert(!strange.body.includes("a'&b"));
});

Deno.test("behind a proxy that is trusted, addresses and policies are those of the visitor's side", async () => {
  await using signal = await quietBroker({ trustProxy: ["loopback"] });
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "pods.example" };
  const stored = await ask(`${signal.url}/pods`, {
    method: "POST",
    headers: { ...headers, "content-type": "text/html", "origin": "https://pods.example" },
    body: smallPage(),
  });
  const { id, url } = JSON.parse(stored.body.toString());
  assert.equal(url, `https://pods.example/${id}`);
  assert.equal(stored.headers.location, url);
  const policy = async (headers: Record<string, string>) =>
    String((await ask(`${signal.url}/${id}`, { headers })).headers["content-security-policy"]);
  assert.match(await policy({}), /connect-src wss: ws: /);
  assert.match(await policy(headers), /connect-src wss: https:/);
  const front = await ask(signal.url, { headers });
  assert(front.body.includes("wss://pods.example/signal"));
});

Deno.test("robots find the front page and nothing else; a browser finds an icon", async () => {
  await using signal = await quietBroker();
  const robots = await ask(`${signal.url}/robots.txt`);
  assert.equal(robots.body.toString(), "User-agent: *\nAllow: /$\nDisallow: /\n");
  const icon = await ask(`${signal.url}/favicon.ico`);
  assert.equal(icon.headers["content-type"], "image/svg+xml");
  assert.match(icon.body.toString(), /^<svg /);
});
