/** A call of `gemmapod`, and what must come of it. */
export interface CommandCase {
  readonly args: readonly string[];
  readonly code: 0 | 1 | 2;
  /** What it says, on either stream; with `--json` in the arguments it must be JSON, too. */
  readonly says: RegExp;
  /** Variables of the environment beside the place's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** It serves until it is stopped, which is done once it has said so. */
  readonly serves?: true;
  /** What it says may take a moment to be so: until then it is called again. */
  readonly soon?: true;
  /** Done before it. */
  readonly first?: () => Promise<void>;
}

/** Where the calls find what they need. */
export interface CasePlace {
  readonly brokerUrl: string;
  readonly modelUrl: string;
  /** An address where nothing answers. */
  readonly nowhere: string;
  /** A port that is taken. */
  readonly takenPort: string;
  /** Has the pod answer a message. */
  chat(): Promise<void>;
}

/**
 * A pod's life, in order: each command at least once with success, once with failure, and with
 * `--json` where it has that.
 */
export function commandCases(place: CasePlace): CommandCase[] {
  const { brokerUrl, modelUrl, nowhere, takenPort, chat } = place;
  const signal = { SIGNAL_URL: `${brokerUrl}/signal`, POD_ID: "origin" };
  const broker = ["--broker", brokerUrl];
  const ok = (says: RegExp, ...args: string[]): CommandCase => ({ args, code: 0, says });
  const fails = (says: RegExp, ...args: string[]): CommandCase => ({ args, code: 1, says });
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
    ok(
      /"ok": true/,
      ...["doctor", ...broker, "--model", "test-model", "--provider-url", modelUrl],
      ...["--ice-servers", "[]", "--json"],
    ),
    fails(/broker/, "doctor", "--broker", nowhere, "--ice-servers", "[]"),

    ok(/"slug": "pod"/, "link", "pod", "--name", "pod", "--json"),
    fails(/nothing/, "link", "nothing"),
    fails(/"running": false/, "status", "--json"),
    fails(/No Host runs|no Host/i, "stop"),
    fails(/no Host/i, "kill"),
    fails(/no Host/i, "dashboard"),
    fails(/error: /, "start", "-d", "--empty", "--port", takenPort),
    ok(/"port": \d+/, "start", "-d", "--empty", "--port", "0", "--json"),
    fails(/running already/, "start", "--empty"),
    ok(/"running": true/, "status", "--json"),
    ok(/"podId": "pod"/, "run", "pod", "--json"),
    fails(/nothing/, "run", "nothing"),
    ok(/"pod"/, "list", "--json"),
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
    { ...ok(/invalid/, "completions", "nosh"), code: 2 },
    ok(/ExecStart=|start/, "service", "install", "--print", "--json"),
    fails(/error: /, "service", "install"),
    fails(/"installed": /, "service", "status", "--json"),
    ok(/"removed": true/, "service", "uninstall", "--json"),
    { ...ok(/unknown option/, "service", "uninstall", "--all"), code: 2 },
  ];
}
