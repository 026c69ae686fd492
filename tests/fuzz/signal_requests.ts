import { HANDSHAKE } from "./signal_frames.ts";
import { joined, mangled, type Random } from "./signal_random.ts";

const utf8 = new TextEncoder();

/** What there is to ask for, beside what is always there. */
export interface Targets {
  /** A packed page that the broker takes. */
  readonly page: string;
  /** The id that it has there. */
  readonly id: string;
}

/**
 * What a hostile client writes on a connection: one to three HTTP requests, mutated in every part,
 * or handshakes that nearly are one.
 */
export function hostileRequests(targets: Targets, random: Random): Uint8Array[] {
  return Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => {
    const request = random.pick([plain, plain, upload, upload, handshake, smuggled])(
      targets,
      random,
    );
    return random.chance(0.1) ? mangled(request, random) : request;
  });
}

/** A request from its parts, most of them as they should be. */
function written(line: string, headers: readonly string[], body: Uint8Array): Uint8Array {
  return joined(utf8.encode([line, ...headers, "", ""].join("\r\n")), body);
}

const NOTHING = new Uint8Array(0);

function plain({ id }: Targets, random: Random): Uint8Array {
  const method = random.chance(0.7) ? random.pick(["GET", "HEAD"]) : random.pick(METHODS);
  const path = random.chance(0.5) ? random.pick([`/${id}`, `/${id}/meta`]) : random.pick(PATHS);
  const version = random.chance(0.95) ? "HTTP/1.1" : random.pick(["HTTP/1.0", "HTTP/2.0", "HTP"]);
  return written(`${method} ${path} ${version}`, headers(random), NOTHING);
}

const METHODS = "POST PUT DELETE OPTIONS TRACE CONNECT PATCH PRI get BREW".split(" ");

const PATHS: readonly string[] = [
  "/",
  "/health",
  "/metrics",
  "/pods",
  "/signal",
  "/signal/",
  "/signal?x=1",
  "/favicon.ico",
  "//",
  "/./pods",
  "//127.0.0.1/pods",
  "/../../etc/passwd",
  "/%2e%2e%2f%2e%2e%2fetc",
  "/..%5c..%5c",
  "/%00%00%00%00",
  "/%zz%f",
  "/%ff%fe",
  "/AAAAAAAAAAAA",
  "/AAAAAAAAAAAA/meta",
  "/AAAAAAAAAAA%2f",
  "/__proto____/meta",
  "/constructor",
  "/hasOwnPropert",
  "/;a=b?c#d",
  `/${"a".repeat(9_000)}`,
  `/${"../".repeat(2_000)}`,
  `/?${"a=b&".repeat(2_000)}`,
  "http://127.0.0.1/health",
  "http://[::/health",
  "http:///health",
  "https://a:b@c:99999/d",
  "ws://x/signal",
  "127.0.0.1:80",
  "*",
  "",
  "health",
  "/é€",
  "/\u0001\u007f",
];

/** A Host header, some others, in any number and shape. */
function headers(random: Random): string[] {
  const host = random.chance(0.9) ? "127.0.0.1" : random.pick(HOSTS);
  const more = random.chance(0.6) ? [] : Array.from({ length: 1 + random.below(4) }, () => {
    const [name, ...values] = random.pick(HEADERS);
    return `${name}: ${random.pick(values)}`;
  });
  if (random.chance(0.02)) {
    more.push(...Array.from({ length: random.pick([90, 200, 3_000]) }, (_, i) => `x-${i}: ${i}`));
  }
  if (random.chance(0.02)) {
    more.push(`x-long: ${"a".repeat(random.pick([8_000, 70_000, 500_000]))}`);
  }
  const all = random.chance(0.97) ? [`Host: ${host}`, ...more] : more;
  return random.chance(0.05) ? [...all, ...all] : all;
}

const HOSTS = [
  "",
  " ",
  "[::",
  "[::1]:99999",
  "a b",
  "a/b",
  "a@b:c@d",
  "127.0.0.1:",
  "127.0.0.1:x",
  "evil.example",
  "é.example",
  "%",
  "a,b",
  "<script>",
  "\\",
  "?",
  "#",
];

/** Names of headers that something looks at, each with values that nobody should send. */
const HEADERS: readonly (readonly [name: string, ...values: string[]])[] = [
  ["If-None-Match", "*", '"', "W/", 'W/"x"', ",".repeat(5_000), '"a","b', "\u0001", "é"],
  ["If-Modified-Since", "yesterday", "Sun, 99 Nov 9999 99:99:99 GMT"],
  [
    "Accept-Encoding",
    "gzip",
    "br;q=2",
    "gzip;q=0,*;q=0",
    ";q=",
    "br;q=1e999",
    "*;q=nan",
    "a,".repeat(3_000),
  ],
  ["Accept", "text/html;q=x", "*/*", ""],
  ["Range", "bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-0,1-1,2-2", "lines=1"],
  ["Content-Length", "0", "-1", "+5", "5, 5", "99999999999999999999", "1e3", "0x10", ""],
  ["Transfer-Encoding", "chunked", "identity", "gzip, chunked", "chunked, chunked", "xchunked"],
  ["Connection", "close", "upgrade", "keep-alive, upgrade", "host", ""],
  ["Upgrade", "websocket", "WebSocket", "h2c", "websocket, h2c"],
  ["HTTP2-Settings", "AAMAAABkAAQAAP__"],
  ["Expect", "100-continue", "200-ok"],
  ["X-Forwarded-For", "192.0.2.1", "unknown", ",,,", "::1, 127.0.0.1", "1".repeat(5_000)],
  ["X-Forwarded-Proto", "https", "gopher", "javascript"],
  ["X-Forwarded-Host", "evil.example", "[::", "a b"],
  ["Forwarded", 'for="[::', "for=_x;proto=https", ";;=,"],
  ["Origin", "null", "http://evil.example"],
  ["Cookie", "a=b", "\u0001"],
  ["Content-Type", "text/html", "application/json", "text/html; charset=utf-16"],
  [" folded", "x\r\n y"],
  ["no colon\r\nX", "y"],
  ["Ünïcode", "é"],
];

/** A page on its way up, changed in its markup, its manifest, its type or its framing. */
function upload({ page }: Targets, random: Random): Uint8Array {
  const type = random.chance(0.85)
    ? random.pick(["text/html", "text/plain", "application/json"])
    : random.pick(["", "text/html, text/html", "multipart/form-data; boundary=x", "TEXT/HTML;;"]);
  const html = random.chance(0.5) ? page : dressed(page, random);
  const text = type === "application/json" && random.chance(0.8) ? JSON.stringify({ html }) : html;
  const bytes = random.chance(0.4) ? utf8.encode(text) : mangled(utf8.encode(text), random);
  const head = [...headers(random), `Content-Type: ${type}`];
  if (random.chance(0.7)) {
    const length = random.chance(0.9) ? bytes.length : random.below(2 * bytes.length);
    return written("POST /pods HTTP/1.1", [...head, `Content-Length: ${length}`], bytes);
  }
  const line = "POST /pods HTTP/1.1";
  return written(line, [...head, "Transfer-Encoding: chunked"], chunked(bytes, random));
}

/** The same page in other clothes: some of them allowed, some not. */
function dressed(page: string, random: Random): string {
  const manifest = /"([A-Za-z0-9+/=]{100,})"/.exec(page)?.[1] ?? "";
  return random.pick<() => string>([
    () => page.replaceAll('"', "'"),
    () => page.replace(manifest, manifest.replace(/.{76}/g, "$&\\\n")),
    () => page.replace(manifest, manifest.replace(/.{76}/g, "$&\n")),
    () => page + page,
    () => page.replace("</script>", `;window.__GEMMAPOD_MANIFEST_B64 = "AAAA";</script>`),
    () => page.replaceAll("<script>", "<SCRIPT\n>"),
    () => page.replaceAll("<script>", "<script src=//evil.example>"),
    () => page.replaceAll("</script>", ""),
    () => page + "<script>".repeat(2_000),
    () => page + "<!--".repeat(2_000),
    () => page + "\u0130".repeat(100), // grows when it is made lower case
    () => page.replace(manifest, ""),
    () => page.replace(manifest, manifest.slice(random.below(manifest.length))),
    () => page.replace(manifest, manifest.repeat(20)),
    () => page.replace(manifest, "=".repeat(10_000)),
    () => page + `<!-- ${random.below(1_000_000)} -->`,
    () => page.replaceAll("window.", "self['window']."),
    () => `${"window.__GEMMAPOD_MANIFEST_B64 = ".repeat(3_000)}${page}`,
  ])();
}

/** A chunked body (RFC 9112 7.1), or nearly one. */
function chunked(bytes: Uint8Array, random: Random): Uint8Array {
  const cut = random.below(bytes.length + 1);
  const size = (part: Uint8Array) => part.length.toString(16);
  const [one, two] = [bytes.subarray(0, cut), bytes.subarray(cut)];
  const extension = random.chance(0.9) ? "" : random.pick([";a=b", `;${"a".repeat(5_000)}`, " "]);
  const end = random.chance(0.8) ? "0\r\n\r\n" : random.pick([
    "0\r\nTrailer: x\r\n\r\n",
    `0\r\n${"x: y\r\n".repeat(500)}\r\n`,
    "0\r\nContent-Length: 5\r\n\r\n",
    "-1\r\n\r\n",
    "ffffffffffffffff\r\n",
    "fffffffffffffffff\r\nx",
    "0x5\r\nhello\r\n0\r\n\r\n",
    "",
  ]);
  const parts = [one, two].filter((part) => part.length > 0).flatMap((part) => [
    utf8.encode(`${size(part)}${extension}\r\n`),
    part,
    utf8.encode(random.chance(0.95) ? "\r\n" : "\n"),
  ]);
  return joined(...parts, utf8.encode(end));
}

/** A WebSocket handshake that lacks something, or has too much. */
function handshake(_: Targets, random: Random): Uint8Array {
  const [line = "", ...lines] = HANDSHAKE.trimEnd().split("\r\n");
  const kept = lines.filter(() => !random.chance(0.2));
  if (random.chance(0.3)) {
    kept.push(random.pick([
      "Sec-WebSocket-Version: 99",
      "Sec-WebSocket-Key: x",
      "Sec-WebSocket-Key: ",
      "Sec-WebSocket-Protocol: a, b, ,",
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
      "Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate",
      "Upgrade: h2c",
      "Content-Length: 3",
    ]));
  }
  const first = random.chance(0.7) ? line : random.pick([
    line.replace("GET", "POST"),
    line.replace("1.1", "1.0"),
    line.replace("/signal", "/signal?a=b"),
    line.replace("/signal", "/health"),
    line.replace("/signal", "http://[::/signal"),
  ]);
  const hosts = random.chance(0.8) ? kept : [...kept, `Host: ${random.pick(HOSTS)}`];
  return written(first, hosts, random.bytes(random.below(40)));
}

/** Two requests of which a proxy and a server may see different ends (RFC 9112 11.2). */
function smuggled({ id }: Targets, random: Random): Uint8Array {
  const inner = `GET /${id}/meta HTTP/1.1\r\nHost: inner\r\n\r\n`;
  const post = "POST /pods HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/html\r\n";
  return utf8.encode(random.pick([
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${post}Transfer-Encoding: chunked\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    `${post}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${post}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n${inner}`,
    `GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    `GET /health HTTP/1.1\nHost: a\n\n${inner}`,
    `GET /health HTTP/1.1\r\n\tHost: a\r\n\r\n${inner}`,
    `\r\n\r\n\r\n${inner}`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"\u0000".repeat(random.below(60))}`,
    "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", // TLS, on a plain port
  ]));
}
