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

interface KeyEntry {
  slot: FieldSlot | undefined;
  paths: PathNode | undefined;
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
  /** By top-level key: the field of that name, and fields whose path begins there. */
  readonly #byKey = new Map<string, KeyEntry>();
  /** Names with `[n]`: rare, read one by one. */
  readonly #indexed: FieldSlot[] = [];

  constructor(names: readonly string[]) {
    this.slots = names.map((name, index) => new FieldSlot(name, index));
    for (const slot of this.slots) {
      const path = parsePath(slot.name);
      this.#entry(slot.name).slot = slot;
      if (path === undefined) continue;
      if (path.some((step) => typeof step === 'number')) this.#indexed.push(slot);
      else this.#plant(path as readonly string[], slot);
    }
  }

  #entry(key: string): KeyEntry {
    let entry = this.#byKey.get(key);
    if (entry === undefined) {
      entry = { slot: undefined, paths: undefined };
      this.#byKey.set(key, entry);
    }
    return entry;
  }

  #plant(path: readonly string[], slot: FieldSlot): void {
    const entry = this.#entry(path[0] as string);
    entry.paths ??= { slot: undefined, children: new Map() };
    let node = entry.paths;
    for (const step of path.slice(1)) {
      let child = node.children.get(step);
      if (child === undefined) {
        child = { slot: undefined, children: new Map() };
        node.children.set(step, child);
      }
      node = child;
    }
    node.slot = slot;
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
      const value = event[key];
      const entry = this.#byKey.get(key);
      if (entry === undefined) {
        this.other[this.others++] = key;
        continue;
      }
      if (entry.slot !== undefined) this.#fill(entry.slot, value);
      if (entry.slot === undefined || typeof value === 'object') this.other[this.others++] = key;
      if (entry.paths !== undefined) this.#descend(entry.paths, value, event, maxDepth - 1);
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
