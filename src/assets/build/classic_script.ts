/** The one global that a classic script makes. */
export const GLOBAL_NAME = "GemmaPod";

/** How the script begins: a module's code comes after it. */
export const CLASSIC_HEAD = `var ${GLOBAL_NAME}=(()=>{`;

/** How esbuild ends a module that exports something. */
const EXPORTS = /export\{([^{}]*)\};?\s*$/;

/**
 * A module's code after {@linkcode CLASSIC_HEAD} as a classic script, whose global has what the
 * module exports. esbuild's own form of this keeps every export behind a getter and calls it a
 * module to CommonJS, with half a kilobyte of helpers.
 */
export function classicScript(code: string): string {
  const found = EXPORTS.exec(code);
  if (found === null) return `${code.trimEnd()}})();\n`;
  const members = (found[1] ?? "").split(",").map((item) => {
    const [local = "", name = local] = item.trim().split(" as ");
    return `${name}:${local}`;
  });
  return `${code.slice(0, found.index)}return{${members.join(",")}}})();\n`;
}
