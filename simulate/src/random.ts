/**
 * Seeded random numbers. Every part of the company draws from its own stream, named by a key, so that adding a
 * draw in one place leaves every other place as it was.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** The stream of a key: `new Random(seed, 'people', 17)`. The same key always gives the same numbers. */
  constructor(...key: (string | number)[]) {
    let h1 = 1779033703;
    let h2 = 3144134277;
    let h3 = 1013904242;
    let h4 = 2773480762;
    const text = key.join('\u001f');
    for (let i = 0; i < text.length; i++) {
      const k = text.charCodeAt(i);
      h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
      h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
      h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
      h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
    }
    this.#a = h1;
    this.#b = h2;
    this.#c = h3;
    this.#d = h4 | 1;
    for (let i = 0; i < 8; i++) this.bits();
  }

  /** 32 random bits (sfc32). */
  bits(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  unit(): number {
    return this.bits() / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** A number from `low` to `high`. */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const value = from[this.int(0, from.length - 1)];
    if (value === undefined) throw new RangeError('nothing to pick from');
    return value;
  }

  /** One of `from`, each as likely as its weight. */
  weighted<T>(from: readonly (readonly [T, number])[]): T {
    let total = 0;
    for (const [, weight] of from) total += weight;
    let at = this.unit() * total;
    for (const [value, weight] of from) {
      at -= weight;
      if (at < 0) return value;
    }
    const last = from[from.length - 1];
    if (!last) throw new RangeError('nothing to pick from');
    return last[0];
  }

  /** A new list in random order. */
  shuffled<T>(from: readonly T[]): T[] {
    const list = [...from];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      const swap = list[i] as T;
      list[i] = list[j] as T;
      list[j] = swap;
    }
    return list;
  }

  /** Up to `count` different members of `from`, in random order. */
  sample<T>(from: readonly T[], count: number): T[] {
    return this.shuffled(from).slice(0, count);
  }

  /** Roughly bell-shaped around `mean`; never further away than `reach`. */
  around(mean: number, reach: number): number {
    return mean + ((this.unit() + this.unit() + this.unit()) / 1.5 - 1) * reach;
  }

  /** How many of something happen when `mean` are expected. */
  count(mean: number): number {
    const limit = Math.exp(-mean);
    let n = 0;
    for (let p = this.unit(); p > limit; p *= this.unit()) n++;
    return n;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.bits().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  /** Letters and digits, as vendors' opaque ids are made of. */
  token(length: number): string {
    let text = '';
    // Five characters to a draw: 62 to the fifth fits in 32 bits.
    for (let i = 0, bits = 0; i < length; i++) {
      if (i % 5 === 0) bits = this.bits();
      text += ALPHABET[bits % 62];
      bits = Math.floor(bits / 62);
    }
    return text;
  }

  digits(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += this.int(0, 9);
    return text;
  }

  uuid(): string {
    const h = this.hex(32);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
