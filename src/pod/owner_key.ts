import { getPublicKeyAsync } from "@noble/ed25519";
import * as z from "zod";
import { CodedError, fromHex, toHex } from "../base/mod.ts";

/** An owner's key, as its file has it: lower-case hex. */
export interface OwnerKey {
  /** 32 bytes, the owner's name to the world. */
  readonly publicKey: string;
  /** The 32-byte seed (RFC 8032, 5.1.5). It never leaves the machine. */
  readonly secretKey: string;
}

/** Nobody but the owner of the file reads or writes it. */
const KEY_FILE_MODE = 0o600;

/** The bits that let a group or others at a file. */
const OTHERS = 0o077;

/** The largest key file that is read, in bytes; ours have 155. */
const MAX_KEY_FILE_BYTES = 4096;

const keyFile = z.object({
  publicKey: z.string().regex(/^[0-9a-fA-F]{64}$/).toLowerCase(),
  secretKey: z.string().regex(/^[0-9a-fA-F]{64}$/).toLowerCase(),
});

/** A fresh key. */
export async function generateOwnerKey(): Promise<OwnerKey> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  return { publicKey: toHex(await getPublicKeyAsync(seed)), secretKey: toHex(seed) };
}

/**
 * The key in a file.
 *
 * Rejects with {@linkcode CodedError} `no_key` where no file is, `unsafe_key` when anybody but its
 * owner can read it, `bad_key` when it is not a key or its two halves do not belong together.
 */
export async function readOwnerKey(path: string): Promise<OwnerKey> {
  const text = await readPrivately(path);
  let parsed;
  try {
    parsed = keyFile.safeParse(JSON.parse(text));
  } catch { /* The parser's message quotes the text, and the text is a secret. */ }
  if (parsed?.data === undefined) {
    const form = '{"publicKey": 64 hex digits, "secretKey": 64 hex digits}';
    throw new CodedError("bad_key", `Cannot read the key ${path}: it is not ${form}`);
  }
  const key = parsed.data;
  if (toHex(await getPublicKeyAsync(fromHex(key.secretKey))) !== key.publicKey) {
    throw new CodedError(
      "bad_key",
      `Cannot use the key ${path}: its publicKey does not belong to its secretKey`,
    );
  }
  return key;
}

/**
 * Writes a key to a file of mode 0600 that was not there before.
 *
 * Rejects with {@linkcode CodedError} `key_exists` where one is, since a key that is gone takes every
 * page it signed with it; `no_folder` where its folder is not there.
 */
export async function writeOwnerKey(path: string, key: OwnerKey): Promise<void> {
  const { publicKey, secretKey } = key;
  try {
    await Deno.writeTextFile(path, `${JSON.stringify({ publicKey, secretKey }, null, 2)}\n`, {
      createNew: true,
      mode: KEY_FILE_MODE,
    });
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists) {
      const message = `Cannot write the key ${path}: it is there already`;
      throw new CodedError("key_exists", message, { cause });
    }
    if (cause instanceof Deno.errors.NotFound) {
      const message = `Cannot write the key ${path}: its folder is not there`;
      throw new CodedError("no_folder", message, { cause });
    }
    throw cause;
  }
}

/** The text of a file, once it is sure that nobody else can read it. */
async function readPrivately(path: string): Promise<string> {
  let file;
  try {
    file = await Deno.open(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new CodedError("no_key", `Cannot find the key ${path}; \`keygen\` makes one`, { cause });
  }
  using opened = file; // the file that was checked is the file that is read
  const { mode, isFile, size } = await opened.stat();
  if (!isFile || size > MAX_KEY_FILE_BYTES) {
    throw new CodedError("bad_key", `Cannot read the key ${path}: it is no key file`);
  }
  // Windows has no such bits: there the folder's own rights decide.
  if (Deno.build.os !== "windows" && mode !== null && (mode & OTHERS) !== 0) {
    const bits = (mode & 0o777).toString(8).padStart(4, "0");
    throw new CodedError(
      "unsafe_key",
      `Cannot use the key ${path}: others can read it (mode ${bits}); run chmod 600 on it`,
    );
  }
  return await new Response(opened.readable).text();
}
