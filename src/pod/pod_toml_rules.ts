import { slugOf } from "./pod_id.ts";
import type { TomlPath } from "./toml_lines.ts";

/** What is wrong between the keys of a `pod.toml`. */
export interface BrokenRule {
  readonly path: TomlPath;
  readonly found: string;
  readonly expected: string;
  readonly hint?: string;
}

/** A table as the TOML library gives it. */
type Table = Readonly<Record<string, unknown>>;

/** The tables that are transports; `webrtc` is the old name of `dartc`. */
const TRANSPORT_TABLES = ["dartc", "webrtc", "fallback", "direct"];

/**
 * What concerns more than one key. It reads the document before the schema has accepted it, so
 * that its mistakes are told together with all others.
 */
export function brokenRules(document: Table): BrokenRule[] {
  return [...transportRules(document), ...toolRules(document), ...idRules(document)];
}

function transportRules(document: Table): BrokenRule[] {
  const transport = tableAt(document, "transport");
  if (transport === undefined) return []; // absent or no table: the schema says so
  const there = TRANSPORT_TABLES.filter((name) => transport[name] !== undefined);
  if (there.length === 0) {
    return [{
      path: ["transport"],
      found: "no transport",
      expected: "at least one of [transport.dartc], [transport.fallback] and [transport.direct]",
    }];
  }
  if (!there.includes("dartc") || !there.includes("webrtc")) return [];
  return [{
    path: ["transport", "webrtc"],
    found: "the old name of [transport.dartc], which is there too",
    expected: "one of the two",
  }];
}

function toolRules(document: Table): BrokenRule[] {
  const tools = Array.isArray(document.tools) ? document.tools : [];
  const names = tools.map((tool: unknown) => isTable(tool) ? tool.name : undefined);
  return names.flatMap((name, index) =>
    typeof name === "string" && names.indexOf(name) < index
      ? [{
        path: ["tools", index, "name"],
        found: `${JSON.stringify(name)} for the second time`,
        expected: "each tool once",
      }]
      : []
  );
}

function idRules(document: Table): BrokenRule[] {
  const { id, name } = document;
  const transport = tableAt(document, "transport") ?? {};
  const dartc = tableAt(transport, "dartc") ?? tableAt(transport, "webrtc");
  if (id !== undefined || dartc?.pod_id !== undefined) return [];
  if (typeof name !== "string" || name.trim() === "" || slugOf(name) !== "") return [];
  return [{
    path: ["id"],
    found: "nothing",
    expected: "an id of A-Z a-z 0-9 _ - .",
    hint: "the name has no letter that an id could be made of",
  }];
}

function tableAt(table: Table, key: string): Table | undefined {
  const value = table[key];
  return isTable(value) ? value : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
