import assert from "node:assert/strict";
import { join } from "node:path";
import { startChain } from "../chain.ts";
import { launchBrowser } from "../browser.ts";
import { type NpmProject, npmProject } from "../fixtures/npm_project.ts";
import { readmeSample, withPod } from "../fixtures/readme_samples.ts";
import { serveFolders } from "../fixtures/served_folder.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { openPage } from "./page.ts";

const ANSWER = "Hello from the endpoint.";

/** What the pages of the README's samples need around them. */
const PAGES = {
  "npm.html": `<div id="pod"></div><script type="module" src="/src/npm.ts"></script>`,
  "headless.html":
    `<form><input></form><p id="answer"></p><script type="module" src="/src/headless_main.ts"></script>`,
  "react.html": `<div id="root"></div><script type="module" src="/src/react_main.tsx"></script>`,
};

const HEADLESS_MAIN = `import { ask } from "./headless.ts";
const [form, input, answer] = ["form", "input", "p"].map((tag) => document.querySelector(tag));
if (!(form instanceof HTMLFormElement && input instanceof HTMLInputElement && answer instanceof HTMLElement)) {
  throw new TypeError("not this page");
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask(input.value, answer).then(() => answer.dataset.done = "");
});
`;

const REACT_MAIN = `import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { usePod } from "./react.tsx";

const config = {
  name: "Order Pod",
  transport: { dartc: { signalUrl: "wss://signal.example/signal", podId: "restaurant-demo" } },
};

function Chat() {
  const { messages, answer, ask } = usePod(config);
  return (
    <>
      <ol>{messages.map(({ id, role, content }) => <li key={id}>{role}: {content}</li>)}</ol>
      <p>{answer}</p>
      <button type="button" onClick={() => void ask("Hello?")}>Ask</button>
    </>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Chat /></StrictMode>);
`;

/** A script of a page without modules: the global of the script tag has its types, too. */
const CLASSIC = `/// <reference types="@gemmapod/embed" />
GemmaPod.defineElement();
const seen: string = GemmaPod.mapDartcUiEventToAgUi({ type: "RAW", threadId: "", event: 1 }).type;
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    jsx: "react-jsx",
    lib: ["dom", "dom.iterable", "esnext"],
    types: [],
  },
  include: ["src"],
});

/** Every type that an entry exports, taken by name and given on. */
async function allTypes(project: NpmProject, file: string, from: string): Promise<string> {
  const text = await Deno.readTextFile(join(project.embed, file));
  const [, names = ""] = /^export \{([^}]*)\};$/m.exec(text) ?? [];
  const types = [...names.matchAll(/\btype (?:\w+ as )?(\w+)/g)].map(([, name]) => name);
  assert.ok(types.length > 50, `${types.length} types in ${file}`);
  return `export type { ${types.join(", ")} } from ${JSON.stringify(from)};\n`;
}

Deno.test("a Vite project installs the npm package, checks its types, builds, and chats", async (t) => {
  await using model = await startModelEndpoint({
    script: { tokens: ["Hello", " from", " the", " endpoint."] },
  });
  await using chain = await startChain({ modelUrl: model.url });
  const signalUrl = `${chain.brokerUrl.replace("http", "ws")}/signal`;
  const ours = (code: string) => withPod(code, signalUrl, "test-pod");
  const seedTypes = await Deno.readTextFile(
    new URL("../../unit/assets/seed_types.ts", import.meta.url),
  );
  await using project = await npmProject({
    "tsconfig.json": TSCONFIG,
    "vite.config.js": `export default {
      base: "./",
      logLevel: "warn",
      html: { cspNonce: "vite" },
      build: { modulePreload: false, rollupOptions: { input: ${
      JSON.stringify(Object.keys(PAGES))
    } } },
    };`,
    ...PAGES,
    "src/npm.ts": ours(await readmeSample("npm")),
    "src/headless.ts": ours(await readmeSample("headless")),
    "src/headless_main.ts": HEADLESS_MAIN,
    "src/react.tsx": await readmeSample("react"),
    "src/react_main.tsx": ours(REACT_MAIN),
    "src/classic.ts": CLASSIC,
    "src/seed_types.ts": seedTypes.replace("../../../web/entry-site.ts", "@gemmapod/embed"),
  });

  await t.step(
    "strict TypeScript takes every type that it exports, and what the seeds name",
    async () => {
      for (
        const [name, file, from] of [
          ["full", "gemmapod-shim.d.ts", "@gemmapod/embed"],
          ["runtime", "gemmapod-runtime.d.ts", "@gemmapod/embed/runtime"],
        ] as const
      ) {
        await Deno.writeTextFile(
          join(project.folder, `src/${name}.ts`),
          await allTypes(project, file, from),
        );
      }
      assert.equal((await project.run("typescript/tsc", "--noEmit")).trim(), "");
    },
  );

  await t.step(
    "the declarations import nothing, know no Deno, and say the seeds' defaults",
    async () => {
      for (const file of ["gemmapod-shim.d.ts", "gemmapod-runtime.d.ts"]) {
        const text = await Deno.readTextFile(join(project.embed, file));
        const strange = /\bimport\b.*["(]|from "|\bDeno\.|: any\b|\bseed \d/;
        assert.deepEqual(text.split("\n").filter((line) => strange.test(line)), [], file);
        for (const value of ['"chat"', '"before"', '"default" where']) {
          assert.ok(text.includes(`@default ${value}`), `${file} has no default ${value}`);
        }
      }
    },
  );

  await t.step("nothing in the package tells of the machine that built it", async () => {
    for await (const { name } of Deno.readDir(project.embed)) {
      const text = await Deno.readTextFile(join(project.embed, name));
      assert.ok(!/file:\/\/|\.cache\/deno|node_modules/.test(text), name);
      assert.ok(!text.includes(Deno.cwd()), name);
    }
  });

  await t.step("a server can import both modules, which touch no page", async () => {
    for (const file of ["gemmapod-shim.mjs", "gemmapod-runtime.mjs"]) {
      const { create } = await import(`file://${join(project.embed, file)}`);
      assert.equal(typeof create, "function");
    }
  });

  await project.run("vite", "build");
  await using browser = await launchBrowser();
  const policy = (await readmeSample("csp")).trim().replace("nonce-…", "nonce-vite")
    .replace("wss://signal.example", new URL(signalUrl).origin);
  await using site = serveFolders([join(project.folder, "dist")], {
    "content-security-policy": policy,
  });

  await t.step("the built page shows the widget under the README's policy, and chats", async () => {
    await using visitor = await openPage(browser, `${site.url}/npm.html`);
    await visitor.state("ready");
    await visitor.ask("Hello?");
    assert.deepEqual((await visitor.answered(1)).map(({ text }) => text), ["Hello?", ANSWER]);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("the built page without a widget chats in an interface of its own", async () => {
    await using visitor = await openPage(browser, `${site.url}/headless.html`);
    await visitor.page.locator("input").fill("Hello?");
    await visitor.page.locator("input").press("Enter");
    await visitor.page.locator("#answer[data-done]").waitFor();
    assert.equal(await visitor.page.locator("#answer").innerText(), ANSWER);
    assert.match(await visitor.page.title(), /direct|Connected/i);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("the built React page chats, in strict mode", async () => {
    await using visitor = await openPage(browser, `${site.url}/react.html`);
    await visitor.page.getByRole("button").click();
    await visitor.page.getByText(`assistant: ${ANSWER}`).waitFor();
    assert.equal(await visitor.page.locator("li").count(), 2);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step(
    "the package's scripts work from a tag, and a policy knows them by their hash",
    async () => {
      const readme = await Deno.readTextFile(join(project.embed, "README.md"));
      const [, hash = ""] = /`gemmapod-shim\.iife\.js`: `(sha384-[^`]+)`/.exec(readme) ?? [];
      const page = ours(await readmeSample("script-tag"))
        .replace(`<script src=`, () => `<script integrity="${hash}" src=`)
        .replace("<script>", `<script nonce="tag">`);
      await Deno.writeTextFile(join(project.folder, "tag.html"), page);
      await using tags = serveFolders([project.folder, project.embed], {
        "content-security-policy": policy.replace("nonce-vite", `${hash}' 'nonce-tag`),
      });
      await using visitor = await openPage(browser, `${tags.url}/tag.html`);
      await visitor.state("ready");
      await visitor.ask("Hello?");
      await visitor.answered(1);
      assert.deepEqual(visitor.errors, []);
    },
  );
});
