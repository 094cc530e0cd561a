/**
 * Texts of one or two characters are in nearly every value, so they are not sought in the pass over it. When
 * a rule asks for one, the characters and pairs of the field's values are noted once, and every such text is
 * one look-up from then on.
 */
import { type Scalar, scalarText } from '../event.js';
import { fold, foldDashes } from '../pattern.js';
import type { FieldReader, FieldSlot } from './fields.js';

const pairs = 128;

export class ShortTexts {
  /** Epoch in which a character, or a pair, was last met. */
  readonly #met = new Uint32Array(pairs + 128 * 128);
  readonly #slot: FieldSlot;
  readonly #fields: FieldReader;
  readonly #dash: boolean;
  #noted = 0;
  /** Folded values with characters beyond ASCII: the only ones where texts with such characters can be. */
  #wide: string[] = [];

  constructor(slot: FieldSlot, fields: FieldReader, dash: boolean) {
    this.#slot = slot;
    this.#fields = fields;
    this.#dash = dash;
  }

  /** A function that tells whether some value of the field contains one of the (folded) texts. */
  compile(texts: readonly string[]): () => boolean {
    const positions: number[] = [];
    const wide: string[] = [];
    for (const text of texts) {
      const [a, b] = [text.charCodeAt(0), text.charCodeAt(1)];
      if (text.length === 1 && a < 128) positions.push(a);
      else if (text.length === 2 && a < 128 && b < 128) positions.push(pairs + a * 128 + b);
      else wide.push(text);
    }
    return () => {
      this.#note();
      const epoch = this.#noted;
      for (let i = 0; i < positions.length; i++) if (this.#met[positions[i] as number] === epoch) return true;
      if (wide.length === 0) return false;
      return this.#wide.some((value) => wide.some((text) => value.includes(text)));
    };
  }

  #note(): void {
    if (this.#noted === this.#fields.epoch) return;
    this.#noted = this.#fields.epoch;
    this.#wide = [];
    const epoch = this.#noted;
    for (const value of this.#slot.values as readonly Scalar[]) {
      const folded = fold(scalarText(value));
      const text = this.#dash ? foldDashes(folded) : folded;
      let before = -1;
      let wide = false;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 128) {
          wide = true;
          before = -1;
          continue;
        }
        this.#met[code] = epoch;
        if (before >= 0) this.#met[pairs + before * 128 + code] = epoch;
        before = code;
      }
      if (wide) this.#wide.push(text);
    }
  }
}
