/** Chance that can be had again: every choice of a fuzz case comes from its seed. */
export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  /** True that often, as a part of 1. */
  chance(part: number): boolean;
  /** One of them; there must be one. */
  pick<T>(choices: readonly T[]): T;
  /** So many bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
}

/** Random numbers of one case of one seed (mulberry32: 32 bits of state, no cryptography). */
export function randomOf(seed: number, index: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (part) => next() < part,
    pick(choices) {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new RangeError("Cannot pick: there is no choice");
      return chosen;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}

/**
 * A text or some bytes with a few changes: bits flipped, parts cut out, doubled or put in.
 *
 * @param bits those that may be flipped: with `0x7f` a text of ASCII stays one
 */
export function mangled(bytes: Uint8Array, random: Random, bits = 0xff): Uint8Array {
  let result = bytes;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(result.length + 1);
    const count = 1 + random.below(random.chance(0.1) ? 400 : 8);
    const [before, after] = [result.subarray(0, at), result.subarray(at)];
    const flip = () =>
      result.map((byte, i) => i === at ? byte ^ (1 << random.below(8) & bits) : byte);
    result = random.pick<() => Uint8Array>([
      flip,
      flip,
      () => joined(before, after.subarray(count)),
      () => joined(before, after.subarray(0, count), after),
      () => joined(before, random.bytes(count).map((byte) => byte & bits), after),
      () => before,
    ])();
  }
  return result;
}

/** Pieces put together. */
export function joined(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
