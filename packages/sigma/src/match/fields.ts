/**
 * Finds all fields that rules ask for in one walk over a record, instead of one look-up per field and rule.
 * Same meaning as `readField` (tested against it).
 */
import { collectScalars, type Event, maxDepth, parsePath, readField, type Scalar } from '../event.js';

/** One field that rules ask for, and what it holds in the record in hand. */
export class FieldSlot {
  readonly name: string;
  readonly index: number;
  /** Scalars of the field; valid while `epoch` is the reader's. */
  values: Scalar[] = [];
  /** Some terminal was not null. */
  filled = false;
  epoch = 0;

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
  }
}

interface PathNode {
  slot: FieldSlot | undefined;
  readonly children: Map<string, PathNode>;
}

export class FieldReader {
  readonly slots: readonly FieldSlot[];
  /** Slots with something in them, in the order met; the first `size` entries. */
  readonly present: FieldSlot[] = [];
  size = 0;
  /** Top-level keys that hold a value no slot has taken as a whole; the first `others` entries. */
  readonly other: string[] = [];
  others = 0;
  epoch = 0;
  readonly #flat = new Map<string, FieldSlot>();
  readonly #roots = new Map<string, PathNode>();
  /** Names with `[n]`: rare, read one by one. */
  readonly #indexed: FieldSlot[] = [];

  constructor(names: readonly string[]) {
    this.slots = names.map((name, index) => new FieldSlot(name, index));
    for (const slot of this.slots) {
      const path = parsePath(slot.name);
      this.#flat.set(slot.name, slot);
      if (path === undefined) continue;
      if (path.some((step) => typeof step === 'number')) this.#indexed.push(slot);
      else this.#plant(path as readonly string[], slot);
    }
  }

  #plant(path: readonly string[], slot: FieldSlot): void {
    let level = this.#roots;
    let node: PathNode | undefined;
    for (const step of path) {
      node = level.get(step);
      if (node === undefined) {
        node = { slot: undefined, children: new Map() };
        level.set(step, node);
      }
      level = node.children;
    }
    if (node !== undefined) node.slot = slot;
  }

  /** Whether the slot holds anything in the record in hand. */
  has(slot: FieldSlot): boolean {
    return slot.epoch === this.epoch;
  }

  read(event: Event): void {
    this.epoch++;
    this.size = 0;
    this.others = 0;
    // `for in` would also walk what a hostile `__proto__` key put into a prototype: JSON.parse does not, but
    // records may come from elsewhere.
    const keys = Object.keys(event);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const slot = this.#flat.get(key);
      if (slot !== undefined) this.#fill(slot, event[key]);
      if (slot === undefined || typeof event[key] === 'object') this.other[this.others++] = key;
      const node = this.#roots.get(key);
      if (node !== undefined) this.#descend(node, event[key], event, maxDepth - 1);
    }
    for (const slot of this.#indexed) {
      if (slot.epoch === this.epoch) continue;
      const { present, empty, values } = readField(event, slot.name);
      if (!present) continue;
      this.#open(slot);
      slot.filled = !empty;
      slot.values = [...values];
    }
  }

  #open(slot: FieldSlot): void {
    if (slot.epoch === this.epoch) return;
    slot.epoch = this.epoch;
    slot.filled = false;
    slot.values.length = 0;
    this.present[this.size++] = slot;
  }

  #fill(slot: FieldSlot, terminal: unknown): void {
    this.#open(slot);
    if (terminal === null) return;
    slot.filled = true;
    if (typeof terminal !== 'object') slot.values.push(terminal as Scalar);
    else collectScalars(terminal, maxDepth, slot.values);
  }

  #descend(node: PathNode, value: unknown, event: Event, depth: number): void {
    // A key spelled like the whole path wins over the path.
    if (node.slot !== undefined && !Object.hasOwn(event, node.slot.name)) this.#fill(node.slot, value);
    if (node.children.size > 0) this.#inside(node, value, event, depth);
  }

  #inside(node: PathNode, value: unknown, event: Event, depth: number): void {
    if (depth <= 0 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) this.#inside(node, value[i], event, depth - 1);
      return;
    }
    const object = value as Record<string, unknown>;
    for (const [key, child] of node.children) {
      if (Object.hasOwn(object, key)) this.#descend(child, object[key], event, depth - 1);
    }
  }
}
