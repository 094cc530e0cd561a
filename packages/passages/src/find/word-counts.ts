/** How many owners use each word. Texts of one owner have to be added one after the other. */
export class WordCounts {
  #mask = 2 ** 16 - 1;
  #stems = new Uint32Array(2 ** 16);
  #counts = new Uint32Array(2 ** 16);
  #last = new Uint32Array(2 ** 16);
  #used = 0;

  add(stems: Uint32Array, owner: number): void {
    for (let i = 0; i < stems.length; i++) {
      const stem = stems[i] as number;
      let slot = this.#slotOf(stem);
      if (this.#counts[slot] === 0) {
        if (this.#used * 2 > this.#mask) {
          this.#grow();
          slot = this.#slotOf(stem);
        }
        this.#used += 1;
        this.#stems[slot] = stem;
      } else if (this.#last[slot] === owner) continue;
      this.#counts[slot] = (this.#counts[slot] as number) + 1;
      this.#last[slot] = owner;
    }
  }

  get(stem: number): number {
    return this.#counts[this.#slotOf(stem)] as number;
  }

  #slotOf(stem: number): number {
    let slot = stem & this.#mask;
    while (this.#counts[slot] !== 0 && this.#stems[slot] !== stem) slot = (slot + 1) & this.#mask;
    return slot;
  }

  #grow(): void {
    const stems = this.#stems;
    const counts = this.#counts;
    const last = this.#last;
    const size = stems.length * 2;
    this.#mask = size - 1;
    this.#stems = new Uint32Array(size);
    this.#counts = new Uint32Array(size);
    this.#last = new Uint32Array(size);
    for (let i = 0; i < stems.length; i++) {
      if (counts[i] === 0) continue;
      const slot = this.#slotOf(stems[i] as number);
      this.#stems[slot] = stems[i] as number;
      this.#counts[slot] = counts[i] as number;
      this.#last[slot] = last[i] as number;
    }
  }
}
