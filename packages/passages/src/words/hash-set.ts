/** A set of 32-bit hashes, signed or not; faster than `Set`. */
export class HashSet {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #hasZero: boolean;

  constructor(hashes: Int32Array) {
    let size = 16;
    while (size < hashes.length * 4) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size);
    this.#hasZero = hashes.includes(0);
    for (const hash of hashes) {
      let slot = hash & this.#mask;
      while (this.#slots[slot] !== 0 && this.#slots[slot] !== hash) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = hash;
    }
  }

  has(value: number): boolean {
    const hash = value | 0;
    let slot = hash & this.#mask;
    for (;;) {
      const here = this.#slots[slot] as number;
      if (here === hash) return hash !== 0 || this.#hasZero;
      if (here === 0) return false;
      slot = (slot + 1) & this.#mask;
    }
  }
}
