import { join } from "node:path";
import type { ToolSet } from "ai";
import { z } from "zod";
import { CodedError } from "../../base/mod.ts";

/** Where the built-in tools find what they say. */
export interface BuiltInSources {
  /** The pod's folder. @default none: no file is read */
  readonly podDir?: string;
  /** What `share_contact` answers where the folder has no `contacts.json`, as JSON. */
  readonly contactJson?: string;
  /** What `show_project` answers where the folder has no `projects.json`. */
  readonly about?: { readonly name: string; readonly persona: string };
}

/** The most bytes of a sidecar that a tool reads: its answer is cut far below that. */
const MAX_SIDECAR_BYTES = 1024 * 1024;

const nothing = z.object({});
const whichProject = z.object({
  project: z.string().max(200).optional().describe("Its name; all projects where it is left out"),
});

/** The tools that every Host has (host.md, "Tools"). Files are read anew at each call. */
export function builtInTools(sources: BuiltInSources = {}): ToolSet {
  return {
    share_contact: {
      description: "Get the owner's contact details, to share them with the visitor.",
      inputSchema: nothing,
      execute: async () =>
        await sidecar(sources, "contacts.json") ?? contactOf(sources) ?? { configured: false },
    },
    show_project: {
      description: "Get a description of the owner's projects, or of one of them.",
      inputSchema: whichProject,
      execute: async ({ project }: z.infer<typeof whichProject>) => {
        const projects = await sidecar(sources, "projects.json");
        if (projects === undefined) return summaryOf(sources);
        return (project === undefined ? undefined : namedProject(projects, project)) ?? projects;
      },
    },
    package_demo_pod: {
      description: "Get instructions for making and publishing a pod of one's own.",
      inputSchema: nothing,
      execute: () => ({
        summary: "A pod is one HTML file that talks to a model on its owner's own machine.",
        steps: [
          "gemmapod init my-pod: makes a folder with the owner's key and a pod.toml; edit its prompt",
          "gemmapod build my-pod: signs the pod and packs it into one page",
          "gemmapod run my-pod: serves it from this machine",
          "Open the page, send it to somebody, or upload it to the broker",
        ],
      }),
    },
  };
}

function summaryOf({ about }: BuiltInSources): unknown {
  return about === undefined
    ? { summary: "There is no list of projects here." }
    : { name: about.name, summary: about.persona };
}

function contactOf({ contactJson }: BuiltInSources): unknown {
  if (contactJson === undefined) return undefined;
  return parsed(contactJson, "GEMMAPOD_CONTACT_JSON");
}

/** What a file beside `pod.toml` holds; undefined where it is not there. */
async function sidecar({ podDir }: BuiltInSources, name: string): Promise<unknown> {
  if (podDir === undefined) return undefined;
  try {
    const path = join(podDir, name);
    const { size } = await Deno.stat(path);
    if (size > MAX_SIDECAR_BYTES) throw new CodedError("bad_sidecar", `${name} is too large`);
    return parsed(await Deno.readTextFile(path), name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CodedError("bad_sidecar", `${name} is not JSON`, { cause });
  }
}

/** One project by its name: a member of that name, or an item of a list whose `name` it is. */
function namedProject(projects: unknown, name: string): unknown {
  const wanted = name.toLowerCase();
  if (Array.isArray(projects)) {
    return projects.find((item) =>
      typeof item === "object" && item !== null && "name" in item &&
      typeof item.name === "string" && item.name.toLowerCase() === wanted
    );
  }
  if (typeof projects !== "object" || projects === null) return undefined;
  const member = Object.entries(projects).find(([key]) => key.toLowerCase() === wanted);
  if (member !== undefined) return member[1];
  return "projects" in projects ? namedProject(projects.projects, name) : undefined;
}
