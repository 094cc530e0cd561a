/**
 * Hash of text with a secret key (HalfSipHash-1-3 over UTF-16 code units): whoever chooses the values in a
 * log must not be able to make them collide.
 */

/** Two random words. */
export type HashKey = readonly [number, number];

export function randomHashKey(): HashKey {
  const words = globalThis.crypto.getRandomValues(new Int32Array(2));
  return [words[0] as number, words[1] as number];
}

/** 32-bit hash of the text; `owner` keeps equal texts of different owners apart. */
export function hashText(text: string, owner: number, key: HashKey): number {
  let v0 = key[0] | 0;
  let v1 = key[1] | 0;
  let v2 = 0x6c796765 ^ v0;
  let v3 = 0x74656462 ^ v1;
  const length = text.length;
  // The words hashed: the owner, then two code units each, then the last unit with the length.
  const rounds = (length >> 1) + 2;
  for (let i = 0; i < rounds; i++) {
    let word: number;
    if (i === 0) word = owner | 0;
    else {
      const at = (i - 1) << 1;
      if (at + 1 < length) word = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      else word = (at < length ? text.charCodeAt(at) : 0) | (length << 16);
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  v2 ^= 0xff;
  for (let i = 0; i < 3; i++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return (v1 ^ v3) >>> 0;
}
