import type { OnLoadResult, PluginBuild } from "esbuild";

/**
 * Members that a library and the few files of ours around it keep to themselves: esbuild gives
 * them names of a letter or two, there alone, so that a member of that name elsewhere, on the wire
 * say, stays as it is.
 */
const PRIVATE_MEMBERS = [{
  /** The state of streaming-markdown's parser, in which our view looks around. */
  files: /streaming-markdown[/\\].*smd\.js$|[/\\]web[/\\]ui[/\\]markdown[/\\]\w+\.ts$/,
  names: [
    "renderer",
    "pending",
    "tokens",
    "len",
    "token",
    "fence_end",
    "fence_start",
    "blockquote_idx",
    "hr_char",
    "hr_chars",
    "spaces",
    "indent",
    "indent_len",
    "table_state",
    "add_token",
    "end_token",
    "add_text",
    "set_attr",
  ],
}];

/** Shortens those members while a bundle is read. */
export function shortenPrivateMembers(build: PluginBuild): void {
  for (const { files, names } of PRIVATE_MEMBERS) {
    const short = Object.fromEntries(names.map((name, index) => [name, `$${index.toString(36)}`]));
    build.onLoad({ filter: files }, async ({ path }): Promise<OnLoadResult> => {
      const { code } = await build.esbuild.transform(await Deno.readTextFile(path), {
        loader: path.endsWith(".ts") ? "ts" : "js",
        target: "es2022",
        sourcefile: path,
        sourcemap: "inline",
        mangleProps: new RegExp(`^(?:${names.join("|")})$`),
        mangleCache: short,
        // What a library checks about itself.
        pure: ["console.assert"],
        minifySyntax: true,
        tsconfigRaw: {},
      });
      return { contents: code, loader: "js" };
    });
  }
}
