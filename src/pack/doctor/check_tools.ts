import { join } from "node:path";
import type { PodToml } from "../../pod/mod.ts";
import { toolNamesIn } from "../tool_names.ts";
import { bad, type Finding, good, warning } from "./finding.ts";

/** The files that a Host loads tools from; the first that is there counts (host.md, "Tools"). */
const TOOL_FILES = ["tools.ts", "tools.js"];

/** What every Host has, if the manifest names it. */
const BUILT_IN = ["share_contact", "show_project", "package_demo_pod"];

/** What a Host sends with every verified manifest, or where `events.enable_tools` names it. */
const UI_TOOLS = [
  "show_presentation",
  "set_state",
  "send_custom_event",
  "react_companion",
  "say_companion",
];

/** What the built-in tools answer with, and what they say where it is not there. */
const SIDECARS: Readonly<Record<string, string>> = {
  share_contact: "contacts.json",
  show_project: "projects.json",
};

/** Whether the tools that the manifest will name are those that the Host will have. */
export async function checkTools(dir: string, pod: PodToml): Promise<Finding[]> {
  const signed = pod.tools.map(({ name }) => name);
  const file = await toolFileIn(dir);
  const found = file && toolNamesIn(file.text);
  if (file !== undefined && found === undefined) {
    return [warning(
      "tools",
      `what ${file.name} exports cannot be read off it`,
      "`gemmapod run` says in its log which tools it has",
    )];
  }
  const own = found?.names ?? [];
  const known = [...BUILT_IN, ...UI_TOOLS, ...own];
  const findings: Finding[] = [];
  for (const name of signed.filter((name) => !known.includes(name))) {
    // Behind a `...spread` anything may be.
    const finding = found?.isComplete === false ? warning : bad;
    const where = file === undefined ? "there is no tools.ts" : `${file.name} exports no such tool`;
    findings.push(finding(
      "tools",
      `pod.toml names the tool ${name}, and ${where}`,
      `write it into ${file?.name ?? "tools.ts"}, or take it out of [[tools]]`,
    ));
  }
  for (const name of own.filter((name) => UI_TOOLS.includes(name))) {
    findings.push(bad(
      "tools",
      `${file?.name} exports ${name}, which is a UI tool of every Host`,
      "give the tool another name",
    ));
  }
  for (const name of own.filter((name) => !signed.includes(name) && !UI_TOOLS.includes(name))) {
    findings.push(warning(
      "tools",
      `${file?.name} has the tool ${name}, and pod.toml does not name it: it will not be called`,
      `add a [[tools]] of that name to pod.toml, and build again`,
    ));
  }
  for (
    const name of signed.filter((name) => Object.hasOwn(SIDECARS, name) && !own.includes(name))
  ) {
    const sidecar = SIDECARS[name] ?? "";
    if (await textOf(join(dir, sidecar)) !== undefined) continue;
    findings.push(warning(
      "tools",
      `pod.toml names the tool ${name}, and there is no ${sidecar} that it could answer with`,
      `write ${sidecar}, or take the tool out`,
    ));
  }
  if (findings.length > 0) return findings;
  return [good("tools", signed.length === 0 ? "the pod has none" : `${signed.join(", ")}`)];
}

async function toolFileIn(dir: string): Promise<{ name: string; text: string } | undefined> {
  for (const name of TOOL_FILES) {
    const text = await textOf(join(dir, name));
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // not there, or not to be read: either way nobody gets anything out of it
  }
}
