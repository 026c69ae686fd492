import assert from "node:assert/strict";
import { english } from "../../../../web/ui/strings.ts";
import { type Told, transcript, transcriptFile } from "../../../../web/ui/transcript.ts";

const DAY = new Date("2026-11-21T23:00:00Z");

Deno.test("transcript() says who said what, and which answers are not whole", () => {
  const thread: Told[] = [
    { role: "user", text: "Oil?\n", status: "done" },
    { role: "assistant", text: "Use **linseed**", status: "cut" },
    { role: "user", text: "And then?", status: "done" },
    { role: "assistant", text: "", status: "cancelled" },
  ];
  assert.equal(
    transcript(thread, "Ada", english),
    "# Conversation with Ada\n\n## You\n\nOil?\n\n## Ada\n\nUse **linseed**\n\n" +
      "_The answer was cut off._\n\n## You\n\nAnd then?\n\n## Ada\n\n" +
      "_You stopped this answer._\n",
  );
});

Deno.test("transcriptFile() is a name that every system takes", () => {
  for (
    const [name, file] of [
      ["Ada’s workshop", "Ada-s-workshop"],
      ["../../etc/passwd", "etc-passwd"],
      ["con", "con"], // a device's name only without what follows
      [".hidden", "hidden"],
      ["Café Ünï", "Café-Ünï"],
      ["متجر آدا", "متجر-آدا"],
      ["💎", "chat"],
      ["a\u0000b\u202egpj", "a-b-gpj"],
      ["x".repeat(300), "x".repeat(60)],
    ] as const
  ) {
    assert.equal(transcriptFile(name, DAY), `${file}-2026-11-21.md`);
  }
});
