import assert from "node:assert/strict";
import { safeUrl } from "../../../../web/ui/markdown/safe_url.ts";

Deno.test("safeUrl() lets http, https and mailto through, normalised", () => {
  assert.equal(safeUrl("https://example.org/a b?c=d#e"), "https://example.org/a%20b?c=d#e");
  assert.equal(safeUrl("HTTP://EXAMPLE.ORG"), "http://example.org/");
  assert.equal(safeUrl("mailto:ada@example.org"), "mailto:ada@example.org");
});

Deno.test("safeUrl() refuses what runs, what is local, and what is no address", () => {
  const refused = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox",
    "blob:https://example.org/1",
    "file:///etc/passwd",
    "intent://x#Intent;end",
    "//example.org/protocol-relative",
    "/relative",
    "",
    "https://",
    `https://example.org/${"a".repeat(3_000)}`,
  ];
  for (const text of refused) assert.equal(safeUrl(text), undefined, JSON.stringify(text));
});
