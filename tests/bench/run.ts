/**
 * `deno task bench [name…]`: runs the benches of this folder, one after the other. Each prints a
 * table and asserts nothing: timings vary from machine to machine, so compare within one run.
 *
 * @module
 */
const folder = new URL("./", import.meta.url);
const names = (await Array.fromAsync(Deno.readDir(folder)))
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".ts") && name !== "run.ts")
  .map((name) => name.slice(0, -3))
  .sort();

const wanted = Deno.args.length === 0 ? names : Deno.args;
for (const name of wanted) {
  if (!names.includes(name)) {
    console.error(`Cannot run the bench "${name}": expected any of ${names.join(" ")}`);
    Deno.exit(2);
  }
  console.log(`\n# ${name}`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL(`${name}.ts`, folder).pathname],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (code !== 0) Deno.exit(code);
}
