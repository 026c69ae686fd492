import assert from "node:assert/strict";

/** A case of the JSON Patch test suite. */
export interface PatchCase {
  comment?: string;
  doc: unknown;
  patch: unknown;
  expected?: unknown;
  error?: string;
  disabled?: boolean;
}

/** All cases, by the name of their file. */
export function patchCases(): Record<string, PatchCase[]> {
  return Object.fromEntries(["json_patch_tests", "json_patch_spec_tests"].map((name) => {
    const path = new URL(`../../vectors/third-party/${name}.json`, import.meta.url);
    // Third-party test data of a known shape; a wrong shape fails the test.
    return [name, JSON.parse(Deno.readTextFileSync(path)) as PatchCase[]];
  }));
}

/** That an `applyJsonPatch` does what every case says. */
export function assertHolds(
  cases: readonly PatchCase[],
  apply: (document: unknown, patch: unknown) => unknown,
): void {
  assert(cases.length > 10);
  cases.forEach((given, index) => {
    // What its authors disabled: whether a member stood twice is lost once JSON is read.
    if (given.disabled === true && given.error !== undefined) return;
    const label = `${index}: ${given.comment ?? JSON.stringify(given.patch)}`;
    const before = JSON.stringify(given.doc);
    if (given.error === undefined) {
      const result = apply(given.doc, given.patch);
      if (given.expected !== undefined) assert.deepEqual(result, given.expected, label);
    } else {
      assert.throws(() => apply(given.doc, given.patch), { code: "bad_patch" }, label);
    }
    assert.equal(JSON.stringify(given.doc), before, `${label}: the document was changed`);
  });
}
