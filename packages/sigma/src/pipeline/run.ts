/** What is kept while pipelines are applied to one rule. */
import { type Location, type ProblemCode, Problems } from '../errors.js';
import type { Detection, DetectionItem, LogSource } from '../rule.js';
import { itemsOf } from './items.js';
import { Budget } from './linear-regex.js';

const none: ReadonlySet<string> = new Set();

export class Run {
  readonly found = new Problems();
  readonly budget = new Budget();
  /** Ids of the items whose rule conditions held. */
  readonly applied = new Set<string>();
  /** Fields that were mapped, and what they were mapped to. */
  readonly mapped = new Set<string>();
  readonly #itemIds = new WeakMap<DetectionItem, ReadonlySet<string>>();
  readonly #nameIds = new WeakMap<DetectionItem, ReadonlySet<string>>();
  readonly #fieldIds = new Map<string, ReadonlySet<string>>();

  constructor(
    readonly variable: (name: string) => readonly string[] | undefined,
    readonly state: Map<string, unknown>,
    /** Log sources of the rules a correlation refers to, as they were before the item under way. */
    readonly referenced: () => readonly LogSource[],
  ) {}

  error(code: ProblemCode, at: Location, message: string): void {
    this.found.error(code, at, message);
  }

  /** Ids of the pipeline items that changed this detection item. */
  itemIds(item: DetectionItem): ReadonlySet<string> {
    return this.#itemIds.get(item) ?? none;
  }

  /** The same, without those that only changed which fields its values refer to. */
  nameIds(item: DetectionItem): ReadonlySet<string> {
    return this.#nameIds.get(item) ?? none;
  }

  /**
   * Notes that `to` came from `from` by the pipeline item of this id. `named`: by more than a change of the
   * fields its values refer to.
   */
  markItem(from: DetectionItem | undefined, to: Detection, id: string | undefined, named = true): void {
    const itemIds = new Set(from === undefined ? none : this.itemIds(from));
    const nameIds = new Set(from === undefined ? none : this.nameIds(from));
    if (id !== undefined) itemIds.add(id);
    if (id !== undefined && named) nameIds.add(id);
    if (itemIds.size === 0) return;
    for (const item of itemsOf(to)) {
      this.#itemIds.set(item, itemIds);
      this.#nameIds.set(item, nameIds);
    }
  }

  /** Ids of the pipeline items that led to this name in a list of fields or a `fieldref` value. */
  fieldIds(name: string): ReadonlySet<string> {
    return this.#fieldIds.get(name) ?? none;
  }

  markField(from: string, to: readonly string[], id: string | undefined): void {
    if (to.length === 1 && to[0] === from) return;
    const ids = new Set(this.fieldIds(from));
    if (id !== undefined) ids.add(id);
    for (const name of to) this.#fieldIds.set(name, ids);
  }
}
