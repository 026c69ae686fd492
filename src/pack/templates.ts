import { oneLine } from "../base/native.ts";
import blankReadme from "./templates/blank/README.md" with { type: "text" };
import blankToml from "./templates/blank/pod.toml" with { type: "text" };
import cardContacts from "./templates/card/contacts.json" with { type: "text" };
import cardReadme from "./templates/card/README.md" with { type: "text" };
import cardToml from "./templates/card/pod.toml" with { type: "text" };
import cardProjects from "./templates/card/projects.json" with { type: "text" };
import orderMenu from "./templates/order-taking/menu.json" with { type: "text" };
import orderReadme from "./templates/order-taking/README.md" with { type: "text" };
import orderToml from "./templates/order-taking/pod.toml" with { type: "text" };
import orderTools from "./templates/order-taking/tools.ts" with { type: "text" };
import orderUi from "./templates/order-taking/ui/order-taking.js" with { type: "text" };
import supportHelp from "./templates/support/help.json" with { type: "text" };
import supportReadme from "./templates/support/README.md" with { type: "text" };
import supportToml from "./templates/support/pod.toml" with { type: "text" };
import supportTools from "./templates/support/tools.ts" with { type: "text" };
import { POD_TOML } from "../pod/native.ts";
import { GITIGNORE } from "./gitignore.ts";
import type { TemplateName } from "./template_names.ts";

/** What a fresh pod folder is made for. */
export interface TemplateValues {
  /** The pod's display name. */
  name: string;
  /** The id under which it is registered. */
  podId: string;
  /** The owner's public key, 64 hex digits. */
  ownerPubkey: string;
  /** Where the Host and its visitors meet. */
  signalUrl: string;
}

/** The name of a pod folder's list of what no repository gets. */
export const GITIGNORE_NAME = ".gitignore";

/** The files of each template, by their paths in the pod's folder; `{{…}}` is filled in. */
const FILES: Readonly<Record<TemplateName, Readonly<Record<string, string>>>> = {
  blank: { [POD_TOML]: blankToml, "README.md": blankReadme },
  card: {
    [POD_TOML]: cardToml,
    "README.md": cardReadme,
    "contacts.json": cardContacts,
    "projects.json": cardProjects,
  },
  support: {
    [POD_TOML]: supportToml,
    "README.md": supportReadme,
    "tools.ts": supportTools,
    "help.json": supportHelp,
  },
  "order-taking": {
    [POD_TOML]: orderToml,
    "README.md": orderReadme,
    "tools.ts": orderTools,
    "menu.json": orderMenu,
    "ui/order-taking.js": orderUi,
  },
};

/** The files of a fresh pod folder but its key, by their paths in it. */
export function templateFiles(
  template: TemplateName,
  { name, podId, ownerPubkey, signalUrl }: TemplateValues,
): Record<string, string> {
  const values: Readonly<Record<string, string>> = {
    NAME: tomlText(name),
    TITLE: oneLine(name).replace(/[\\`*_[\]<>&#]/g, "\\$&"), // plain text in Markdown
    ID: podId,
    OWNER: ownerPubkey,
    SIGNAL_URL: tomlText(signalUrl),
  };
  const filled = Object.entries(FILES[template]).map(([path, text]) => [
    path,
    text.replace(/\{\{([A-Z_]+)\}\}/g, (whole, key: string) => values[key] ?? whole),
  ]);
  return { [GITIGNORE_NAME]: GITIGNORE, ...Object.fromEntries(filled) };
}

/** A TOML basic string; JSON's are the same but for DEL, and for halves of characters. */
function tomlText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007f", "\\u007f");
}
