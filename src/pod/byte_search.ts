/**
 * Finds a run of bytes in others, by Horspool's method: no string has to be made of a page of
 * 50 MiB to look for a name in it. Returns where it begins, or -1.
 *
 * Linear, whatever is looked through, for a needle whose last byte occurs nowhere else in it: where
 * that byte matches, the next place to look at is a whole needle further.
 */
export function byteSearch(needle: Uint8Array): (bytes: Uint8Array, from: number) => number {
  const last = needle.length - 1;
  if (last < 0) throw new RangeError("Cannot search for bytes: there are none");
  const shift = new Int32Array(256).fill(needle.length);
  for (let i = 0; i < last; i++) shift[needle[i] ?? 0] = last - i;

  return (bytes, from) => {
    for (let end = from + last; end < bytes.length;) {
      const byte = bytes[end] ?? 0;
      if (byte === needle[last]) {
        let matching = 0;
        while (matching < last && bytes[end - last + matching] === needle[matching]) matching++;
        if (matching === last) return end - last;
      }
      end += shift[byte] ?? 1;
    }
    return -1;
  };
}
