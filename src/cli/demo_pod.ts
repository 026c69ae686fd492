/** A pod that a demo makes. */
export interface DemoPod {
  /** Under which it is registered. */
  readonly id: string;
  /** Its `pod.toml` for a broker on loopback and a model that is there. */
  toml(signalUrl: string, model: string): string;
}

/** The example pod. */
export const DEMO_POD: DemoPod = {
  id: "demo-pod",
  toml: (signalUrl, model) =>
    `name = "Demo pod"
id = "demo-pod"
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
pod_id = "demo-pod"

[ui]
greeting = "Hello! I run on your own machine. Ask me something."
starters = ["What is a pod?", "How does a message reach you?", "Show me some Markdown."]
`,
};

/** The restaurant of the playground: it keeps a cart as state that page and pod share. */
export const ORDER_POD: DemoPod = {
  id: "order-pod",
  toml: (signalUrl, model) =>
    `name = "Da Gemma"
id = "order-pod"
persona = "Takes orders for a small restaurant."
system_prompt = """
You take orders for the restaurant Da Gemma and maintain a cart. Be brief and friendly.
The menu, in euros: Margherita 9.50, Marinara 8.00, Tiramisu 5.50, Lemonade 3.50. Nothing else.
Keep the cart with the tool set_state, and call it before you answer. First give a snapshot
{"cart": [{"id": "margherita", "name": "Margherita", "price": 9.5, "count": 2}], "total": 19,
"status": "open"}; then changes of it as a delta (JSON Patch). When the guest wants to pay, set
status to "checkout".
"""
model = ${JSON.stringify(model)}

[transport.dartc]
signal_url = ${JSON.stringify(signalUrl)}
pod_id = "order-pod"

[ui]
accent = "#c2410c"
greeting = "Welcome! What may I bring you?"
starters = ["What is on the menu?", "Two margheritas and a lemonade, please", "I would like to pay"]
`,
};
