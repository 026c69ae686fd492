import { CodedError, errorMessage } from "../../base/mod.ts";
import { oneLine, SaidAlready, startProgress, warn } from "../../base/native.ts";
import { type DeployedPod, deployPod } from "../../pack/mod.ts";
import { linkPod } from "../link_pod.ts";
import { isInteractive } from "../output.ts";
import { type AllAnswers, type Answers, type CreateOptions, keepableUrl } from "./answers.ts";
import { type Draft, readDraft, removeDraft, writeDraft } from "./draft.ts";
import { keyOf, knownOf, type Misused, withoutAsking } from "./flag_answers.ts";
import { isMade, makePod } from "./make_pod.ts";
import { LeftWizard, type Prompts, terminalPrompts } from "./prompts.ts";
import { type CreatedPod, runCreated } from "./run_created.ts";
import { askAll } from "./wizard.ts";

/**
 * `gemmapod create`: everything from a name to a pod that runs. A person is asked what flags leave
 * open; where they leave, or something fails, the next call goes on there.
 */
export async function create(options: CreateOptions, misused: Misused): Promise<void> {
  const asks = isInteractive() && !options.yes && !options.json;
  const prompts = asks ? await terminalPrompts() : undefined;
  try {
    const draft = prompts === undefined
      ? { version: 1 as const, answers: await withoutAsking(options, misused), made: false }
      : await askedDraft(options, prompts);
    const created = await carryOut(draft, prompts, options);
    await removeDraft();
    prompts?.close();
    await runCreated(created, options, prompts);
  } catch (error) {
    if (error instanceof LeftWizard) {
      prompts?.end("Left. `gemmapod create` goes on from here.");
      throw new SaidAlready();
    }
    if (prompts === undefined || error instanceof SaidAlready) throw error;
    prompts.say("error", errorMessage(error).split("\n").map(oneLine).join("\n"));
    prompts.end("`gemmapod create` goes on from here.");
    throw new SaidAlready();
  }
}

/** A draft whose answers are all there. */
type FullDraft = Omit<Draft, "answers"> & { answers: AllAnswers };

/** Asks a person; goes on with what was begun where they want that. */
async function askedDraft(options: CreateOptions, prompts: Prompts): Promise<FullDraft> {
  prompts.begin("gemmapod create");
  const known = await knownOf(options);
  const begun = await readDraft();
  let draft: Draft = { version: 1, answers: known, made: false };
  if (begun !== undefined && Object.keys(begun.answers).length > 0) {
    const { name = "a pod" } = begun.answers;
    const choice = await prompts.select({
      message: `You have begun ${oneLine(name)}. Go on with it?`,
      choices: [
        { value: "on", label: "Go on", hint: begunText(begun) },
        { value: "anew", label: "Begin another", hint: "what is made already stays" },
      ],
    });
    // What is made already is as it was answered: its pod.toml is its owner's now.
    const answers = begun.made ? { ...known, ...begun.answers } : { ...begun.answers, ...known };
    if (choice === "on") {
      draft = { ...begun, answers };
      prompts.say("info", answeredText(answers));
    }
  }
  const answers = await askAll({
    prompts,
    known: draft.answers,
    endpoint: { url: keepableUrl(options.providerUrl), apiKey: keyOf(options) },
    keep: (answers) => writeDraft({ ...draft, answers }),
  });
  return { ...draft, answers };
}

function begunText({ answers, made, url }: Draft): string {
  if (url !== undefined) return `it is at ${url}`;
  if (made) return `its folder is ${answers.dir}`;
  return "the questions that are left";
}

/** What was answered the last time, for whoever has forgotten. */
function answeredText({ name, template, model, broker, dir }: Answers): string {
  const lines = [
    ["name", name],
    ["template", template],
    ["model", model === undefined || model.kind === "demo" ? model?.kind : model.model],
    ["broker", broker],
    ["folder", dir],
  ].flatMap(([what, answer]) => answer === undefined ? [] : [`${what}: ${oneLine(answer)}`]);
  return lines.join("\n");
}

/** Makes, packs and uploads the pod; what is done already is not done again. */
async function carryOut(
  draft: FullDraft,
  prompts: Prompts | undefined,
  { json }: CreateOptions,
): Promise<CreatedPod> {
  const { answers } = draft;
  const { dir, broker } = answers;
  const say = (text: string) => prompts?.say("done", text);
  if (draft.made && await isMade(dir)) say(`${oneLine(dir)} is made already.`);
  else {
    await makePod(answers);
    say(`Made ${oneLine(dir)}: a key, and a pod.toml to edit.`);
  }
  if (prompts !== undefined) await writeDraft({ ...draft, made: true });
  const deployed = await deploy(dir, broker, json).catch((error) => {
    if (prompts !== undefined) throw error;
    throw new CodedError(
      "not_deployed",
      `${
        errorMessage(error)
      }\nThe pod is made in ${dir}: \`gemmapod deploy\` and \`gemmapod run\` go on`,
      { cause: error },
    );
  });
  say(`Packed and uploaded: ${deployed.page}`);
  if (prompts !== undefined) await writeDraft({ ...draft, made: true, url: deployed.url });
  await linkPod(dir, {}).catch((error) => warn(errorMessage(error)));
  return { answers, deployed };
}

async function deploy(
  source: string,
  broker: string,
  json: true | undefined,
): Promise<DeployedPod> {
  using progress = json ? undefined : startProgress("packing");
  return await deployPod({
    source,
    broker,
    onProgress: (sent, total) => progress?.update(sent, total, "uploading"),
  });
}
