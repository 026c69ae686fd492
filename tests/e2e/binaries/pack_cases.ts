import { type CommandCase, fails, misused, ok } from "./command_check.ts";

/** Where the calls find what they need. */
export interface PackCasePlace {
  readonly brokerUrl: string;
  /** An address where nothing answers. */
  readonly nowhere: string;
}

/**
 * A page's life with `gemmapod-pack`, in order: each command at least once with success, once with
 * failure, and with `--json` where it has that.
 */
export function packCases({ brokerUrl, nowhere }: PackCasePlace): CommandCase[] {
  const broker = ["--broker", brokerUrl];
  const card = ["--template", "card", "--id", "ada"];
  return [
    ok(/^made pod: owner\.key, \.gitignore, /, "init", "pod", ...broker, ...card),
    ok(/"template": "support"/, "init", "desk", "--template", "support", ...broker, "--json"),
    fails(/^error: Cannot make a pod: pod.pod\.toml is there already$/m, "init", "pod"),
    fails(/README\.md is there already/, "init", "full"),
    fails(/Cannot make a pod in file: a file of that name is in the way/, "init", "file", "--json"),
    misused(/--broker: expected an address/, "init", "new", "--broker", "pods.example"),

    ok(/"publicKey": "[0-9a-f]{64}"/, "keygen", "--key", "other.key", "--json"),
    fails(/other\.key: it is there already/, "keygen", "--key", "other.key"),
    fails(/other\.key: it is there already/, "keygen", "--key", "other.key", "--json"),
    fails(/its folder is not there/, "keygen", "nowhere"),

    ok(/^healthy pod$/m, "doctor", "pod"),
    ok(/"ok": true/, "doctor", "pod", "--json"),
    fails(/"ok": false/, "doctor", "pod", "--key", "none.key", "--json"),
    fails(/^error: Cannot find nothing.pod\.toml/m, "doctor", "nothing"),

    ok(/^wrote page\.html$/m, "build", "pod", "--out", "page.html"),
    ok(/"out": "page\.html"/, "build", "pod", "--out", "page.html", "--json"),
    fails(/is no pod folder; `init` makes one/, "build", "nothing"),
    fails(/Cannot write the page to full: it is a folder/, "build", "pod", "--out", "full"),
    fails(/its \[owner\] pubkey is/, "build", "pod", "--key", "other.key", "--json"),

    ok(/"out": "page\.html"/, "rebuild", "pod", "--json"),
    fails(/Cannot rebuild desk: no page of it is there/, "rebuild", "desk"),

    ok(/of this release already$/m, "repack", "page.html"),
    ok(/"changed": false/, "repack", "page.html", "--out", "again.html", "--json"),
    fails(/nothing\.html is not there/, "repack", "nothing.html"),
    fails(/name a file with --out/, "repack", `${brokerUrl}/AAAAAAAAAAAA`, "--json"),

    ok(/^holds page\.html, /, "verify", "page.html"),
    ok(/"ok": true/, "verify", "page.html", "--json"),
    fails(/^error: Cannot read the page: it has no manifest$/m, "verify", "broken.html"),
    fails(/"ok": false/, "verify", "broken.html", "--json"),
    fails(
      /"reason": "Cannot read the page .*nothing answers there/,
      "verify",
      `${nowhere}/x`,
      "--json",
    ),
    fails(/answers 404; check the address/, "verify", `${brokerUrl}/AAAAAAAAAAAA`),

    ok(/^page\.html: [\d.]+ KB/, "inspect", "page.html"),
    ok(/"podId": "ada"/, "inspect", "page.html", "--json"),
    fails(/it has no manifest/, "inspect", "broken.html", "--json"),
    fails(/nothing answers there/, "inspect", `${nowhere}/x`),

    ok(/^ {2}http:\/\/\S+$/m, "deploy", "pod"),
    ok(/"url": "http:/, "deploy", "page.html", "--json"),
    fails(/^error: Cannot reach the broker .*--broker$/m, "deploy", "pod", "--broker", nowhere),
    fails(/^error: Cannot reach the broker /, "deploy", "pod", "--broker", nowhere, "--json"),
    fails(/it has no manifest/, "deploy", "broken.html", ...broker),

    ok(/^Usage: gemmapod-pack build /, "help", "build"),
    misused(/unknown command 'biuld'\n\(Did you mean build\?\)/, "help", "biuld"),
    misused(/unknown command 'chat'/, "chat"),
    misused(/missing required argument 'page'/, "verify"),
  ];
}
