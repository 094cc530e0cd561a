/** Mixes the bits of a 32-bit number so that near numbers land far apart (finaliser of MurmurHash3, public domain). */
export function mix(value: number): number {
  return mixSigned(value) >>> 0;
}

function mixSigned(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Joins a number to a hash; the order of the calls matters. */
export function combine(hash: number, value: number): number {
  return mix(Math.imul(hash, 31) ^ mix(value ^ 0x9e3779b9));
}

/** Hash of the first `length` UTF-16 units of a buffer; signed, as V8 keeps numbers above 2^31 on the heap. */
export function hashUnits(units: Uint16Array, length: number): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < length; i++) h = Math.imul(h ^ (units[i] as number), 0x01000193);
  return mixSigned(h ^ length);
}

/** 32-bit hash of a string. */
export function hashText(text: string, seed = 0): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h ^ text.length);
}
