import { pairKey } from '../words/features.js';
import { fewestWords, readWords, type Words } from '../words/read-words.js';

/** Share of a unit that one common passage must hold before its single words are common too. */
const leastShare = 0.4;
const mostUnitsOfAStem = 500;

/** Texts whose wording counts for nothing: adverts, templates, stock phrases. */
export class CommonWording {
  readonly #pairs = new Set<number>();
  /** Units of the common texts, as stems, and where each stem occurs. */
  readonly #units: Set<number>[] = [];
  readonly #unitsOf = new Map<number, number[]>();

  constructor(texts: readonly string[]) {
    for (const text of texts) {
      // A stock phrase is shorter than a passage, so that every line counts as a unit here.
      const words = readWords(text, { everything: true });
      for (let unit = 0; unit + 1 < words.units.length; unit++) {
        const stems = words.stems.subarray(words.units[unit], words.units[unit + 1]);
        this.#add(stems);
      }
    }
  }

  get empty(): boolean {
    return this.#units.length === 0;
  }

  /** 1 for each word of a text that is common wording; undefined where none is. */
  cover(words: Pick<Words, 'stems' | 'units'>): Uint8Array | undefined {
    if (this.empty) return undefined;
    const { stems, units } = words;
    const covered = new Uint8Array(stems.length);
    let any = false;
    for (let unit = 0; unit + 1 < units.length; unit++) {
      const from = units[unit] as number;
      const to = units[unit + 1] as number;
      const votes = new Map<number, number>();
      for (let i = from; i < to; i++) {
        const stem = stems[i] as number;
        for (let back = 1; back <= 2 && i - back >= from; back++) {
          if (!this.#pairs.has(pairKey(stems[i - back] as number, stem))) continue;
          covered.fill(1, i - back, i + 1);
          any = true;
        }
        for (const common of this.#unitsOf.get(stem) ?? []) votes.set(common, (votes.get(common) ?? 0) + 1);
      }
      for (const [common, count] of votes) {
        if (count < fewestWords - 1 || count < leastShare * (to - from)) continue;
        const held = this.#units[common] as Set<number>;
        for (let i = from; i < to; i++) if (held.has(stems[i] as number)) covered[i] = 1;
        any = true;
      }
    }
    return any ? covered : undefined;
  }

  #add(stems: Uint32Array): void {
    if (stems.length < 2) return;
    for (let i = 1; i < stems.length; i++) {
      this.#pairs.add(pairKey(stems[i - 1] as number, stems[i] as number));
      if (i > 1) this.#pairs.add(pairKey(stems[i - 2] as number, stems[i] as number));
    }
    const held = new Set(stems);
    const unit = this.#units.push(held) - 1;
    for (const stem of held) {
      const list = this.#unitsOf.get(stem);
      if (list === undefined) this.#unitsOf.set(stem, [unit]);
      else if (list.length < mostUnitsOfAStem) list.push(unit);
    }
  }
}
