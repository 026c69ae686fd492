/** Bytes that are kept somewhere. */
export interface StoredBytes {
  readonly size: number;
  /** The bytes, from the first on; undefined where they are gone by now. */
  stream(): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
}

/** Compressed bytes under a name. */
export interface EncodedBytes extends StoredBytes {
  /** Another when other bytes were put there, by us or by anybody. */
  readonly version: string;
}

/** Where compressed pages are kept. All of it can be made again, and nothing of it is precious. */
export interface EncodedStore {
  /** Pages over this are not worth their place here, in bytes. */
  readonly maxPageBytes: number;
  get(name: string): Promise<EncodedBytes | undefined>;
  /** Keeps bytes under a name once all of them are there; nothing of them where they fail. */
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  remove(name: string): Promise<void>;
  /** Removes what was left by an earlier process: all parts, and what `isWanted` does not want. */
  sweep(isWanted: (name: string) => Promise<boolean>): Promise<void>;
}
