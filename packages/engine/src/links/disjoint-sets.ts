/** Sets of people, by number: the lowest number of a set names it. */
export class DisjointSets {
  private readonly up: Int32Array;
  private readonly sizes: Int32Array;
  /** By set: values that held it together so far. */
  readonly used: Int32Array;

  constructor(count: number) {
    this.up = Int32Array.from({ length: count }, (_, i) => i);
    this.sizes = new Int32Array(count).fill(1);
    this.used = new Int32Array(count);
  }

  find(one: number): number {
    let top = one;
    while (this.up[top] !== top) top = this.up[top] as number;
    let at = one;
    while (at !== top) {
      const next = this.up[at] as number;
      this.up[at] = top;
      at = next;
    }
    return top;
  }

  size(top: number): number {
    return this.sizes[top] as number;
  }

  join(x: number, y: number): number {
    const [a, b] = [this.find(x), this.find(y)];
    if (a === b) return a;
    const [top, under] = a < b ? [a, b] : [b, a];
    this.up[under] = top;
    this.sizes[top] = (this.sizes[top] as number) + (this.sizes[under] as number);
    this.used[top] = (this.used[top] as number) + (this.used[under] as number);
    return top;
  }
}
