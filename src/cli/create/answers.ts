import { z } from "zod";
import { CodedError } from "../../base/mod.ts";
import { TEMPLATE_NAMES } from "../../pack/native.ts";
import { providerUrlOf } from "../provider_url.ts";

/** What the command line of `gemmapod create` gives. */
export interface CreateOptions {
  name?: string;
  template?: typeof TEMPLATE_NAMES[number];
  dir?: string;
  key?: string;
  model?: string;
  providerUrl?: string;
  apiKey?: string;
  provider?: "endpoint" | "demo";
  pull?: true;
  broker?: string;
  detach?: true;
  /** False with `--no-run`. */
  run: boolean;
  yes?: true;
  json?: true;
}

/** Who answers for a pod. */
const model = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("demo") }),
  z.object({ kind: z.literal("endpoint"), url: z.string(), model: z.string() }),
]);

/** Who answers for a pod. */
export type ChosenModel = z.infer<typeof model>;

/** What is known of a pod that is being made. No secret is among it: it is kept in a file. */
export const answers = z.object({
  name: z.string().optional(),
  template: z.enum(TEMPLATE_NAMES).optional(),
  /** Absolute. */
  dir: z.string().optional(),
  model: model.optional(),
  broker: z.string().optional(),
  /** Where an owner's key is, or that a new one is to be made. */
  key: z.union([
    z.object({ kind: z.literal("new") }),
    z.object({ kind: z.literal("file"), path: z.string() }),
  ]).optional(),
  run: z.enum(["background", "here", "later"]).optional(),
});

/** What is known of a pod that is being made. */
export type Answers = z.infer<typeof answers>;

/** The same when nothing is open any more. */
export type AllAnswers = Required<Answers>;

/** The flags that are still needed where nobody is asked. */
export function missingFlags({ name, template, dir, model, broker }: Answers): string[] {
  return [
    ...(name === undefined ? ["--name"] : []),
    ...(template === undefined ? ["--template"] : []),
    ...(dir === undefined ? ["--dir"] : []),
    ...(model === undefined ? ["--model (or --provider demo)"] : []),
    ...(broker === undefined ? ["--broker"] : []),
  ];
}

/**
 * The address of an endpoint as it may be kept in a `pod.toml`. Throws {@linkcode CodedError}
 * `bad_setting` for one with a password.
 */
export function keepableUrl(text: string | undefined): string {
  const url = providerUrlOf(text);
  const { username, password } = new URL(url);
  if (username === "" && password === "") return url;
  throw new CodedError(
    "bad_setting",
    "Cannot use the model endpoint: its address has a password; put it into GEMMAPOD_API_KEY",
  );
}
