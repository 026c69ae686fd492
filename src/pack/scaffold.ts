/** What a fresh pod folder is made from. */
export interface Scaffold {
  /** The pod's display name. */
  name: string;
  /** The id under which it is registered. */
  podId: string;
  /** The owner's public key, 64 hex digits. */
  ownerPubkey: string;
}

/** The `pod.toml` of a fresh pod folder: short enough to read whole, ready to pack as it is. */
export function podTomlOf({ name, podId, ownerPubkey }: Scaffold): string {
  return `# Who your agent is. Edit it, then: gemmapod-pack build . --out ${podId}.html

name = ${tomlText(name)}
persona = "An agent that answers from its owner's own machine."

# What the model is told before every conversation. It is signed into the page, so whoever has the
# page can read it: put no secret in it.
system_prompt = """
You are a friendly agent who answers for the owner of this pod.
Be brief. When you do not know something, say so.
"""

# The model that answers, as your endpoint calls it (ollama list shows yours).
model = "gemma4:e4b"

# Nobody else can sign this pod: its key is in owner.key, which never leaves this folder.
[owner]
pubkey = "${ownerPubkey}"

# Where visitors meet your Host. The broker introduces them; the chat does not pass through it.
[transport.dartc]
signal_url = "wss://signal.gemmapod.com/signal"
pod_id = "${podId}"

[ui]
greeting = "Hello! What would you like to know?"
starters = ["Who are you?", "What can you help me with?"]

# Which endpoint serves this pod. This part is yours: it is never packed.
# [llm]
# provider_url = "http://localhost:11434"
# temperature = 0.7
# context = 4096

# Tools that the model may call, if your Host has them.
# [[tools]]
# name = "share_contact"
# description = "Share the owner's contact details when someone asks for them."

# A small model in the visitor's own browser, for when your machine is off.
# [transport.fallback]
# tier = "e2b"

# What one visitor may ask of your machine.
# [limits]
# runs_at_once = 1
# messages_per_conversation_day = 100
`;
}

/** The `.gitignore` of a fresh pod folder. */
export const GITIGNORE = "# Whoever has this file can sign pods in your name.\nowner.key\n";

/** Whether a `.gitignore` keeps the key out of a repository. */
export function ignoresKey(gitignore: string): boolean {
  return gitignore.split(/\r?\n/).some((line) => /^\/?(owner\.key|\*\.key)\s*$/.test(line));
}

/** A TOML basic string; JSON's are the same but for DEL, and for halves of characters. */
function tomlText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007f", "\\u007f");
}
