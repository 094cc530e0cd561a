import { radixSort } from '../postings/radix-sort.js';
import { combine } from '../words/hash.js';
import type { Words } from '../words/read-words.js';

/** Units that more owners have word for word than `most`: they link nobody, and are left out before anything is compared. */
export class CommonUnits {
  #hashes = new Uint32Array(1024);
  #owners = new Uint32Array(1024);
  #count = 0;
  readonly #common = new Set<number>();

  add(words: Stems, owner: number): void {
    for (let unit = 0; unit + 1 < words.units.length; unit++) {
      if (this.#count === this.#hashes.length) {
        const hashes = new Uint32Array(this.#count * 2);
        hashes.set(this.#hashes);
        this.#hashes = hashes;
        const owners = new Uint32Array(this.#count * 2);
        owners.set(this.#owners);
        this.#owners = owners;
      }
      this.#hashes[this.#count] = hashOf(words, unit);
      this.#owners[this.#count++] = owner;
    }
  }

  /** To be called once, when all texts were added. */
  count(most: number): void {
    const length = this.#count;
    const spare = { high: new Uint32Array(length), rest: new Uint32Array(length) };
    const { high, rest } = radixSort({ high: this.#hashes, rest: this.#owners }, spare, length, [
      { of: 'rest', shift: 0, bits: 12 },
      { of: 'rest', shift: 12, bits: 12 },
      { of: 'high', shift: 0, bits: 11 },
      { of: 'high', shift: 11, bits: 11 },
      { of: 'high', shift: 22, bits: 10 },
    ]);
    let owners = 0;
    for (let i = 0; i < length; i++) {
      const fresh = i === 0 || high[i] !== high[i - 1];
      if (fresh) owners = 0;
      if (fresh || rest[i] !== rest[i - 1]) owners += 1;
      if (owners === most + 1) this.#common.add(high[i] as number);
    }
    this.#hashes = new Uint32Array(0);
    this.#owners = new Uint32Array(0);
  }

  /** 1 for each unit that is common; undefined where none is. */
  of(words: Stems): Uint8Array | undefined {
    if (this.#common.size === 0) return undefined;
    let muted: Uint8Array | undefined;
    for (let unit = 0; unit + 1 < words.units.length; unit++) {
      if (!this.#common.has(hashOf(words, unit))) continue;
      muted ??= new Uint8Array(words.units.length - 1);
      muted[unit] = 1;
    }
    return muted;
  }
}

type Stems = Pick<Words, 'stems' | 'units'>;

function hashOf({ stems, units }: Stems, unit: number): number {
  let hash = 0;
  for (let i = units[unit] as number; i < (units[unit + 1] as number); i++)
    hash = combine(hash, stems[i] as number);
  return hash;
}
