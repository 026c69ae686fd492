import assert from "node:assert/strict";
import { join } from "node:path";
import { DEFAULT_LIMITS } from "../../src/signal/limits.ts";
import { FROM_SOURCE } from "./chain.ts";
import { packPlace } from "./pack_place.ts";
import { start } from "./processes.ts";
import { quietBroker } from "./small_page.ts";
import { startInTerminal } from "./terminal.ts";

/** Something that answers uploads as it is told. */
function startAnswering(
  answer: (request: Request) => Response | Promise<Response>,
): AsyncDisposable & { url: string } {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("deploy builds what is missing or old, uploads it to the pod's broker, and says where", async () => {
  await using broker = await quietBroker();
  await using at = await packPlace();
  await at.pack("init", "pod", "--name", "Ada & Bob", "--id", "ada", "--broker", broker.url);

  const first = await at.pack("deploy", "pod");
  assert.deepEqual([first.code, first.stderr], [0, ""]);
  assert.match(first.stdout, /^built pod\/dist\/ada\.html\nAda & Bob \(ada\) is at\n/);
  const [, url = ""] = /^ {2}(http:\S+)$/m.exec(first.stdout) ?? [];
  assert(url.startsWith(`${broker.url}/`));
  assert(!first.stdout.includes("█"), "a QR code where nobody looks");
  assert(first.stdout.includes(`<iframe src="${url}" title="Ada &#38; Bob" `));
  assert(first.stdout.includes(`<gemma-pod src="${url}" mode="launcher"></gemma-pod>`));
  const page = await fetch(url);
  assert.equal(await page.text(), await Deno.readTextFile(at.at("pod", "dist", "ada.html")));

  // Fresh: the same page, the same address.
  const again = await at.json("deploy", "pod");
  assert.deepEqual([again.url, again.podId, again.name], [url, "ada", "Ada & Bob"]);
  assert.deepEqual(Object.keys(again.embed ?? {}), ["iframe", "element"]);

  // An edit is built first, and has another address.
  const toml = await Deno.readTextFile(at.at("pod", "pod.toml"));
  await Deno.writeTextFile(at.at("pod", "pod.toml"), toml.replace("Be brief.", "Be long."));
  const later = new Date(Date.now() + 5_000);
  await Deno.utime(at.at("pod", "pod.toml"), later, later);
  const edited = await at.json("deploy", "pod");
  assert.notEqual(edited.url, url);
  const { name } = await (await fetch(`${edited.url}/meta`)).json();
  assert.equal(name, "Ada & Bob");
});

Deno.test("deploy takes a page, and another broker by either of its addresses", async () => {
  await using broker = await quietBroker();
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada", "--broker", "https://nowhere.invalid");
  await at.pack("build", "pod", "--out", "card.html");
  const socket = `${broker.url.replace("http", "ws")}/signal`;
  const one = await at.json("deploy", "card.html", "--broker", broker.url);
  const other = await at.json("deploy", "card.html", "--broker", socket);
  assert.equal(one.url, other.url);
  assert.equal(one.broker, broker.url);
  const gemmapod = await at.packWith(
    { program: FROM_SOURCE.gemmapod },
    ...["deploy", "card.html", "--broker", broker.url, "--json"],
  );
  assert.equal(JSON.parse(gemmapod.stdout).url, one.url);
});

Deno.test("deploy uploads nothing that its visitors would refuse", async () => {
  await using at = await packPlace();
  await Deno.writeTextFile(at.at("page.html"), "<p>hello");
  const cases: [string[], RegExp][] = [
    [["page.html"], /^error: Cannot read the page: it has no manifest$/m],
    [["missing.html"], /^error: Cannot read the page: missing\.html is not there$/m],
    [["."], /^error: Cannot find pod\.toml: \. is no pod folder; `init` makes one$/m],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await at.pack("deploy", ...args, "--broker", "http://x.test");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, message);
  }
  await at.pack("init", "pod");
  await at.pack("build", "pod", "--out", "card.html");
  const html = await Deno.readTextFile(at.at("card.html"));
  await Deno.writeTextFile(at.at("cut.html"), html.slice(0, html.length / 2));
  const cut = await at.pack("deploy", "cut.html", "--broker", "http://x.test");
  assert.equal(cut.code, 1);
  assert.match(cut.stderr, /^error: Cannot use cut\.html: no whole runtime is in it/m);
  const { stderr } = await at.pack("deploy", "card.html", "--broker", "pods.example");
  assert.match(stderr, /^error: --broker: expected an address as https:\/\/pods\.example or wss:/);
});

Deno.test("deploy says what to do about each answer of a broker", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada");
  await at.pack("build", "pod", "--out", "card.html");
  const answers: [Response, RegExp][] = [
    [
      Response.json({ error: "no\u001b[31m" }, { status: 400 }),
      /see what `verify` says of it \("no\ufffd/,
    ],
    [
      Response.json({ error: "not you" }, { status: 403 }),
      /does not let you upload: .*\("not you"\)/,
    ],
    [new Response("", { status: 409 }), /another page of that id, or the pod is another owner's/],
    [new Response("<html>", { status: 413 }), /takes no page of that size.*\(status 413\)/],
    [new Response("", { status: 429, headers: { "retry-after": "90" } }), /try again in 90 s/],
    [new Response("", { status: 429, headers: { "retry-after": "3000" } }), /again in 50 min/],
    [new Response("", { status: 429 }), /try again later/],
    [
      new Response("", {
        status: 429,
        headers: { "retry-after": new Date(Date.now() + 600_000).toUTCString() },
      }),
      /try again in (9|10) min/,
    ],
    [new Response("", { status: 503, headers: { "retry-after": "2" } }), /is busy: .* in 2 s/],
    [new Response("", { status: 507 }), /has no room: tell who runs it, or use another/],
    [new Response("", { status: 500 }), /is no broker, or not well/],
    [new Response("", { status: 404 }), /is no broker, or not well/],
    [new Response("", { status: 201 }), /its answer is not a broker's/],
    [Response.json({ id: "x", url: "javascript:1" }, { status: 201 }), /not a broker's/],
    [
      Response.redirect("https://other.example/pods", 308),
      /to https:\/\/other\.example\/pods: name/,
    ],
  ];
  let next = 0;
  await using server = startAnswering(async (request) => {
    await request.bytes();
    return answers[next]?.[0] ?? new Response("");
  });
  for (; next < answers.length; next++) {
    const { code, stdout, stderr } = await at.pack("deploy", "card.html", "--broker", server.url);
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, answers[next]?.[1] ?? /$/);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  }
  const gone = await at.pack("deploy", "card.html", "--broker", "http://127.0.0.1:9");
  assert.equal(gone.code, 1);
  assert.match(
    gone.stderr,
    /^error: Cannot reach the broker http:\/\/127\.0\.0\.1:9: nothing answers there .*--broker$/m,
  );
});

Deno.test("deploy hears a broker that says no before the page is through, and reaches it past a proxy", async () => {
  await using broker = await quietBroker({ limits: { ...DEFAULT_LIMITS, uploadsPerHour: 1 } });
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada", "--broker", broker.url);
  await at.pack("build", "pod", "--out", "card.html");
  await using proxy = startAnswering(() => new Response("a proxy", { status: 502 }));
  const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url };
  assert.equal((await at.packWith({ env }, "deploy", "card.html", "--json")).code, 0);
  const large = `${await Deno.readTextFile(at.at("card.html"))}<!--${"x".repeat(10_000_000)}-->`;
  await Deno.writeTextFile(at.at("card.html"), large);
  const { code, stderr } = await at.pack("deploy", "card.html");
  assert.equal(code, 1);
  assert.match(stderr, /wants you to wait: try again in 60 min \("At most 1 uploads an hour"\)$/m);
});

Deno.test("deploy sends the page piece by piece, whole, as HTML", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada");
  await at.pack("build", "pod", "--out", "card.html");
  let pieces = 0;
  let body = "";
  let type: string | null = null;
  await using server = startAnswering(async (request) => {
    type = request.headers.get("content-type");
    const decoder = new TextDecoder();
    for await (const piece of request.body ?? []) {
      pieces++;
      body += decoder.decode(piece, { stream: true });
    }
    return Response.json({
      id: "AAAAAAAAAAAA",
      url: `${server.url}/AAAAAAAAAAAA`,
      ownerPubkey: "",
      blobSize: body.length,
    }, { status: 201 });
  });
  const { id } = await at.json("deploy", "card.html", "--broker", server.url);
  assert.equal(id, "AAAAAAAAAAAA");
  assert.equal(body, await Deno.readTextFile(at.at("card.html")));
  assert.equal(type, "text/html; charset=utf-8");
  assert(pieces > 2, `${pieces} pieces`);
});

Deno.test("deploy shows how far a slow upload is, on a terminal alone, and takes the bar away", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada");
  await at.pack("build", "pod", "--out", "card.html");
  const shown = Promise.withResolvers<void>();
  await using server = startAnswering(async (request) => {
    await request.bytes();
    await shown.promise; // the answer is what takes long
    return Response.json({
      id: "AAAAAAAAAAAA",
      url: `${server.url}/AAAAAAAAAAAA`,
      ownerPubkey: "",
      blobSize: 1,
    }, { status: 201 });
  });
  const argv = [...FROM_SOURCE.pack, "deploy", join(at.folder, "card.html")];
  const options = { env: { ...Deno.env.toObject(), NO_COLOR: "1" } };
  await using called = startInTerminal([...argv, "--broker", server.url, "--no-qr"], options);
  await called.seen(/uploading {2}█+░* +\d+ % {2}\S+ KB of \S+ KB/);
  shown.resolve();
  assert.equal((await called.status).code, 0);
  // deno-lint-ignore no-control-regex -- the line is taken away by one
  assert.match(called.lines.join("\n"), /\r\x1b\[K[^\n]*\(ada\) is at/);
  const json = start([...argv, "--broker", server.url, "--json"]);
  await json.status;
  assert(!json.lines.join("\n").includes("uploading"));
});

Deno.test("deploy shows a QR code on a terminal, in black and white unless NO_COLOR", async () => {
  await using broker = await quietBroker();
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada", "--broker", broker.url);
  await at.pack("build", "pod", "--out", "card.html");
  const { NO_COLOR: _, ...env } = Deno.env.toObject();
  const deployed = async (more: Record<string, string>, ...args: string[]) => {
    await using called = startInTerminal(
      [...FROM_SOURCE.pack, "deploy", join(at.folder, "card.html"), ...args],
      { env: { ...env, ...more } },
    );
    assert.equal((await called.status).code, 0, called.lines.join("\n"));
    return called.lines.join("\n");
  };
  const shown = await deployed({});
  // deno-lint-ignore no-control-regex -- colours begin with a control character
  const qr = /(\x1b\[38;5;16;48;5;231m[ █▀▄]{30,}\x1b\[0m\r?\n){15,}/;
  assert.match(shown, qr);
  const plain = await deployed({ NO_COLOR: "1" });
  assert(!plain.includes("\x1b[38"), "colours");
  assert.match(plain, /([█▀▄ ]{30,}\r?\n){15,}/);
  assert.doesNotMatch(await deployed({}, "--no-qr"), qr);
  assert.doesNotMatch(await deployed({}, "--json"), qr);
});
