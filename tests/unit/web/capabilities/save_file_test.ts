import assert from "node:assert/strict";
import { fileName } from "../../../../web/capabilities/save_file.ts";

Deno.test("fileName() is a name and no path, and looks like what it is", () => {
  assert.equal(fileName("Angebot für Ada.pdf"), "Angebot für Ada.pdf");
  assert.equal(fileName("../../etc/passwd"), "_.._etc_passwd");
  assert.equal(fileName("C:\\autoexec.bat"), "C__autoexec.bat");
  assert.equal(fileName(".bashrc"), "bashrc");
  assert.equal(fileName("photo\u202egpj.exe"), "photo_gpj.exe");
  assert.equal(fileName("a\u0000b\nc"), "a_b_c");
  assert.equal(fileName("..."), "file");
  assert.equal(fileName("x".repeat(500)).length, 100);
});
