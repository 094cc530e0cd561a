/** Typed arrays indexed by slot, grown when they have to be. */

type Column = Float64Array | Uint32Array | Uint8Array;

/** A slot number that stands for none. */
export const none = 0xffff_ffff;

/** The capacity to grow to so that `wanted` slots fit: half as much again, a quarter when that is a lot. */
export function grownCapacity(capacity: number, wanted: number): number {
  return Math.max(wanted, 16, Math.ceil(capacity * (capacity < 65_536 ? 1.5 : 1.25)));
}

/** The column with room for `length` values; new places hold `fill`. */
export function grown<T extends Column>(column: T, length: number, fill = 0): T {
  const larger = new (column.constructor as new (length: number) => T)(length);
  larger.set(column);
  if (fill !== 0) larger.fill(fill, column.length);
  return larger;
}
