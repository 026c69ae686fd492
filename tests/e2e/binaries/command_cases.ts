import { type CommandCase, fails, misused, ok } from "./command_check.ts";

/** Where the calls find what they need. */
export interface CasePlace {
  readonly brokerUrl: string;
  readonly modelUrl: string;
  /** An address where nothing answers. */
  readonly nowhere: string;
  /** A port that is taken. */
  readonly takenPort: string;
  /** The folder of a stand-in for systemd's program. */
  readonly systemctl: string;
  /** A home whose saved library is damaged. */
  readonly brokenHome: string;
  /** Has the pod answer a message. */
  chat(): Promise<void>;
}

/**
 * A pod's life with `gemmapod`, in order: each command at least once with success, once with failure,
 * and with `--json` where it has that.
 */
export function commandCases(place: CasePlace): CommandCase[] {
  const { brokerUrl, modelUrl, nowhere, takenPort, systemctl, brokenHome, chat } = place;
  const signal = { SIGNAL_URL: `${brokerUrl}/signal`, POD_ID: "origin" };
  const broker = ["--broker", brokerUrl];
  const any = ["--port", "0"];
  return [
    ok(/"podId": "pod"/, "init", "pod", "--id", "pod", "--template", "blank", ...broker, "--json"),
    fails(/is there already/, "init", "pod"),
    ok(/"publicKey": "[0-9a-f]{64}"/, "keygen", "--key", "other.key", "--json"),
    fails(/other\.key/, "keygen", "--key", "other.key"),
    ok(/"out": "page\.html"/, "build", "pod", "--out", "page.html", "--json"),
    fails(/nothing/, "build", "nothing"),
    ok(/"out": "page\.html"/, "rebuild", "pod", "--json"),
    fails(/nothing/, "rebuild", "nothing"),
    ok(/"changed": false/, "repack", "page.html", "--json"),
    fails(/nothing\.html/, "repack", "nothing.html"),
    ok(/"ok": true/, "verify", "page.html", "--json"),
    fails(/"ok": false/, "verify", "broken.html", "--json"),
    ok(/"podId": "pod"/, "inspect", "page.html", "--json"),
    fails(/error: /, "inspect", "broken.html"),
    ok(/"url": "http:/, "deploy", "page.html", "--json"),
    fails(/error: /, "deploy", "broken.html", ...broker),
    fails(/Cannot reach the broker .*nothing answers there/, "deploy", "pod", "--broker", nowhere),
    ok(
      /"ok": true/,
      ...["doctor", ...broker, "--model", "test-model", "--provider-url", modelUrl],
      ...["--ice-servers", "[]", "--json"],
    ),
    fails(/"ok": false/, "doctor", "--broker", nowhere, "--ice-servers", "[]", "--json"),
    fails( // a name that is looked up has the runtime say nothing of its own
      /^(?!.*Deprecat).*"ok": false/s,
      ...["doctor", "--broker", nowhere, "--provider-url", nowhere],
      ...["--ice-servers", '[{"urls":"stun:stun.invalid"}]', "--json"],
    ),

    ok(/"slug": "pod"/, "link", "pod", "--name", "pod", "--json"),
    fails(/nothing/, "link", "nothing"),
    fails(/"running": false/, "status", "--json"),
    fails(/No Host runs|no Host/i, "stop"),
    fails(/no Host/i, "kill"),
    fails(/no Host/i, "dashboard"),
    { ...ok(/registered for pod pod/, "run", "pod", ...any), serves: true },
    { ...ok(/^\{"podId":"pod",/, "run", "pod", "--once", "--json", ...any), serves: true },
    { ...ok(/ready at http/, "start", "--empty", ...any), serves: true },
    { ...ok(/^\{"pid":\d+,/, "start", "--resume", "--json", ...any), serves: true },
    misused(/--provider-url: it is no address/, "start", "-d", "--provider-url", "ht!tp:"),
    fails(/error: /, "start", "-d", "--empty", "--port", takenPort),
    fails(/error: /, "run", "pod", "-d", "--port", takenPort),
    ok(/"port": \d+/, "start", "-d", "--empty", ...any, "--json"),
    fails(/running already/, "start", "--empty"),
    ok(/"running": true/, "status", "--json"),
    ok(/"podId": "pod"/, "run", "pod", "--json"),
    fails(/nothing/, "run", "nothing"),
    ok(/"pod"/, "list", "--json"),
    { ...fails(/Cannot read the saved pods/, "list"), env: { GEMMAPOD_HOME: brokenHome } },
    ok(/"url": "http:/, "dashboard", "--json"),
    { ...ok(/"role":"user"/, "logs", "pod", "--json"), first: chat, soon: true },
    fails(/error: /, "logs", "pod", "--db", "page.html"),
    ok(/"local:/, "memory", "list", "pod", "--json"),
    fails(/error: /, "memory", "list", "pod", "--db", "page.html"),
    ok(/Are you there/, "memory", "show", "pod", "local:", "--json"),
    ok(/Are you there/, "memory", "export", "pod", "--json"),
    fails(/error: /, "memory", "show", "pod", "0193f2"),
    fails(/error: /, "memory", "export", "pod", "0193f2"),
    ok(/\{/, "memory", "clear", "pod", "--json"),
    fails(/error: /, "memory", "clear", "pod", "0193f2"),
    fails(/serves no pod/, "stop", "nothing"),
    ok(/"podId": "pod"/, "stop", "pod", "--json"),
    ok(/"stopped": "host"/, "kill", "--json"),
    ok(/"slug": "pod"/, "unlink", "pod", "--json"),
    fails(/pod/, "unlink", "pod"),

    {
      ...ok(/registered for pod origin/, "origin"),
      env: { ...signal, OLLAMA_URL: modelUrl },
      serves: true,
    },
    { ...fails(/error: /, "origin"), env: { ...signal, SIGNAL_URL: "ftp://nowhere" } },
    ok(
      /"podId": "/,
      ...["create", "--name", "Shop", "--template", "order-taking", "--model", "test-model"],
      ...["--provider-url", modelUrl, ...broker, "--no-run", "--yes", "--json"],
    ),
    fails(/error: /, "create", "--name", "Other", ...broker, "--dir", "page.html", "--yes"),
    ok(/complete .*gemmapod/, "completions", "bash"),
    misused(/invalid/, "completions", "nosh"),
    misused(/^Usage: gemmapod memory /, "memory"),
    misused(/Did you mean list\?/, "memory", "lsit"),

    ok(/ExecStart=|start/, "service", "install", "--print", "--json"),
    fails(/`systemctl --user daemon-reload` failed/, "service", "install"),
    fails(/"running": "unknown"/, "service", "status", "--json"),
    ok(/"removed": true/, "service", "uninstall", "--json"),
    fails(/"installed": false/, "service", "status", "--json"),
    ...[
      ok(/"started": true/, "service", "install", ...any, "--json"),
      ok(/"running": "yes"/, "service", "status", "--json"),
      ok(/"changed": false/, "service", "install", ...any, "--json"),
      ok(/^the service runs: process \d+$/m, "service", "status"),
      ok(/"removed": true/, "service", "uninstall", "--json"),
    ].map((one) => ({ ...one, env: { PATH: systemctl } })),
    misused(/unknown option/, "service", "uninstall", "--all"),
    misused(/^Usage: gemmapod service /, "service"),
  ];
}
