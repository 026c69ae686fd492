/** The `.gitignore` of a fresh pod folder. */
export const GITIGNORE = `# Whoever has this file can sign pods in your name.
owner.key

# Made of the rest.
/dist/
/.gemmapod/
`;

/** What a `.gitignore` that is there already gets. */
export const GITIGNORE_KEY = `# Whoever has this file can sign pods in your name.\nowner.key\n`;

/** Whether a `.gitignore` keeps the key out of a repository. */
export function ignoresKey(gitignore: string): boolean {
  return gitignore.split(/\r?\n/).some((line) =>
    /^(?:\/|\*\*\/)?(?:owner\.key|\*\.key)\s*$/.test(line)
  );
}
