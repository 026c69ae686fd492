/** The id under which the example pod is registered. */
export const DEMO_POD_ID = "demo-pod";

/** The example pod: its `pod.toml` for a broker on loopback and a model that is there. */
export function demoPodToml(signalUrl: string, model: string): string {
  return `name = "Demo pod"
id = "${DEMO_POD_ID}"
persona = "An example of a pod, answering from this very machine."
system_prompt = """
You are the demo of gemmapod, running on the machine of the person who asks.
Be brief and friendly. gemmapod packs an agent into one .html file; whoever opens it chats with
the owner's machine directly over WebRTC, and each message is signed. If you do not know
something, say so.
"""
model = ${JSON.stringify(model)}

[transport.dartc]
signal_url = ${JSON.stringify(signalUrl)}
pod_id = "${DEMO_POD_ID}"

[ui]
greeting = "Hello! I run on your own machine. Ask me something."
starters = ["What is a pod?", "How does a message reach you?", "Show me some Markdown."]
`;
}
