/**
 * Matches records against thousands of rules. For each record one walk finds the fields rules ask for, one
 * pass over each value finds the atoms that hold, and only rules whose index atom holds are evaluated; each
 * rule has been compiled to closures over atoms. The index learns: it watches how often atoms hold and hangs
 * every rule on its rarest ones. What is reported never depends on that.
 */
import { allScalars, type Event, type Scalar, scalarText } from '../event.js';
import type { Plan, PlannedRule } from '../plan.js';
import {
  type AtomSource,
  AtomTable,
  atomBehind,
  indexable,
  joinTexts,
  type Unindexed,
  unindexedText,
} from './atoms.js';
import { FieldReader, type FieldSlot } from './fields.js';
import { AtomMarks, type Literal, LiteralFinder, type Sought } from './finder.js';
import { ShortTexts } from './short.js';
import { compileTest, type ValueTest } from './test.js';
import { ValueAtoms } from './values.js';

/** For measurements: what to leave out. */
export interface IndexOptions {
  /** The index, or its learning. */
  readonly index?: 'learning' | 'fixed' | 'none';
  /** `false` looks through every value anew. */
  readonly remember?: boolean;
}

export interface MatcherStatistics {
  readonly rules: number;
  /** Rules no atom can rule out: evaluated on every record. */
  readonly unindexed: number;
  readonly atoms: number;
  /** Bytes of the search tables of the fields met so far (those of keywords count in each). */
  readonly finderBytes: number;
  readonly events: number;
  /** Rules evaluated, over all records. */
  readonly evaluated: number;
}

type Check = () => boolean;

/** One or more atoms of which at least one holds whenever the plan does; `undefined`: there are none. */
type Cover = readonly number[] | undefined;

interface Compiled {
  readonly check: Check;
  /** Chosen anew whenever the index learns. */
  readonly cover: () => Cover;
  /** How dear the check is: 0 for one array read. */
  readonly price: number;
}

/** The rules of one log, or all, behind one index. Not for use by several callers at once. */
export class IndexedRules {
  readonly rules: readonly PlannedRule[];
  readonly #table = new AtomTable();
  readonly #marks: AtomMarks;
  readonly #fields: FieldReader;
  readonly #checks: Check[];
  readonly #scanners: readonly Scanner[];
  readonly #keywords: readonly LiteralFinder[];
  /** Keywords in fields no rule asks for, by name of the field. */
  readonly #others = new Map<string, ValueAtoms>();
  readonly #scratch: AtomMarks;
  readonly #covers: (() => Cover)[];
  readonly #options: IndexOptions;
  /** Rules that hang on each atom. */
  #hung: number[][] = [];
  #always: number[] = [];
  readonly #seen: Uint32Array;
  readonly #slotByName = new Map<string, FieldSlot>();
  readonly #shortTexts = new Map<string, ShortTexts>();
  #event: Event = {};
  #scalars: readonly Scalar[] | undefined;
  #events = 0;
  #evaluated = 0;
  #nextLearning = 512;

  constructor(rules: readonly PlannedRule[], options: IndexOptions = {}) {
    this.rules = rules;
    this.#options = options;
    this.#fields = new FieldReader(fieldNames(rules));
    for (const slot of this.#fields.slots) this.#slotByName.set(slot.name, slot);
    const compiled = rules.map((rule) => this.#compile(rule.plan));
    this.#checks = compiled.map(({ check }) => check);
    this.#covers = compiled.map(({ cover }) => cover);
    this.#marks = new AtomMarks(this.#table.sources.length);
    this.#seen = new Uint32Array(rules.length);
    const scanners = buildScanners(this.#table.sources, this.#fields.slots, options.remember ?? true);
    this.#scanners = scanners.fields;
    this.#keywords = scanners.keywords;
    this.#scratch = scanners.scratch;
    for (let atom = 0; atom < this.#table.sources.length; atom++) {
      this.#marks.counts[atom] = firstGuess(this.#table.sources[atom] as AtomSource);
    }
    this.#hang();
  }

  get statistics(): MatcherStatistics {
    const built = this.#scanners.map(({ values }) => values);
    return {
      rules: this.rules.length,
      unindexed: this.#always.length,
      atoms: this.#table.sources.length,
      finderBytes: built.reduce((sum, values) => sum + values.bytes, 0),
      events: this.#events,
      evaluated: this.#evaluated,
    };
  }

  /** The rules that match, in the order they were given. */
  match(event: Event): PlannedRule[] {
    this.#events++;
    this.#event = event;
    this.#scalars = undefined;
    this.#findAtoms(event);
    const found: number[] = [];
    for (const rule of this.#always) this.#try(rule, found);
    const { list, size } = this.#marks;
    for (let i = 0; i < size; i++) {
      const hung = this.#hung[list[i] as number] as number[];
      for (let j = 0; j < hung.length; j++) this.#try(hung[j] as number, found);
    }
    if (this.#events === this.#nextLearning) this.#learn();
    if (found.length === 0) return [];
    if (found.length > 1) found.sort((a, b) => a - b);
    return found.map((rule) => this.rules[rule] as PlannedRule);
  }

  #try(rule: number, found: number[]): void {
    const { epoch } = this.#marks;
    if (this.#seen[rule] === epoch) return;
    this.#seen[rule] = epoch;
    this.#evaluated++;
    if ((this.#checks[rule] as Check)()) found.push(rule);
  }

  #findAtoms(event: Event): void {
    const marks = this.#marks;
    marks.begin();
    const fields = this.#fields;
    fields.read(event);
    for (let i = 0; i < fields.size; i++) {
      const slot = fields.present[i] as FieldSlot;
      const { values: atoms, value, filled, present } = this.#scanners[slot.index] as Scanner;
      if (present >= 0) marks.mark(present);
      if (filled >= 0 && slot.filled) marks.mark(filled);
      const { values } = slot;
      if (values.length === 0) continue;
      if (value >= 0) marks.mark(value);
      for (let j = 0; j < values.length; j++) atoms.mark(values[j] as Scalar, marks);
    }
    if (this.#keywords.length > 0) this.#findKeywords(event, marks);
  }

  /** Keywords are also in the values no rule names. */
  #findKeywords(event: Event, marks: AtomMarks): void {
    const { other } = this.#fields;
    for (let i = 0; i < this.#fields.others; i++) {
      const key = other[i] as string;
      const value = event[key];
      if (typeof value === 'object') {
        if (value === null) continue;
        for (const scalar of allScalars(value)) {
          for (const finder of this.#keywords) finder.scan(scalarText(scalar), marks);
        }
      } else this.#otherAtoms(key).mark(value as Scalar, marks);
    }
  }

  #otherAtoms(key: string): ValueAtoms {
    const name = this.#others.has(key) || this.#others.size < maxOthers ? key : '';
    let atoms = this.#others.get(name);
    if (atoms === undefined) {
      atoms = new ValueAtoms(() => this.#keywords, -1, this.#scratch, this.#options.remember ?? true);
      this.#others.set(name, atoms);
    }
    return atoms;
  }

  #allScalars(): readonly Scalar[] {
    this.#scalars ??= allScalars(this.#event);
    return this.#scalars;
  }

  /** Hangs every rule on the atoms that rule it out most often. */
  #hang(): void {
    this.#hung = this.#table.sources.map(() => []);
    this.#always = [];
    for (let rule = 0; rule < this.rules.length; rule++) {
      const cover = this.#options.index === 'none' ? undefined : (this.#covers[rule] as () => Cover)();
      if (cover === undefined) this.#always.push(rule);
      else {
        for (let i = 0; i < cover.length; i++) {
          const hung = this.#hung[cover[i] as number] as number[];
          // An atom may stand in a cover twice.
          if (hung.at(-1) !== rule) hung.push(rule);
        }
      }
    }
  }

  #learn(): void {
    this.#nextLearning *= 8;
    if (this.#options.index === undefined || this.#options.index === 'learning') this.#hang();
  }

  #compile(plan: Plan): Compiled {
    switch (plan.op) {
      case 'constant': {
        const { value } = plan;
        return { check: () => value, cover: () => (value ? undefined : []), price: 0 };
      }
      case 'not': {
        const { check, price } = this.#compile(plan.arg);
        return { check: () => !check(), cover: () => undefined, price };
      }
      case 'and':
        return this.#all(plan.args.map((arg) => this.#compile(arg)));
      case 'or':
        return this.#any(plan.args);
      case 'keyword':
        return this.#keyword(plan.test);
      case 'test':
        return this.#test(plan);
    }
  }

  #all(parts: readonly Compiled[]): Compiled {
    // What costs one array read comes first; the order never changes the answer.
    const checks = [...parts].sort((a, b) => a.price - b.price).map(({ check }) => check);
    const [a, b, c] = checks as [Check, Check, Check];
    const check: Check =
      checks.length === 2
        ? () => a() && b()
        : checks.length === 3
          ? () => a() && b() && c()
          : () => {
              for (let i = 0; i < checks.length; i++) if (!(checks[i] as Check)()) return false;
              return true;
            };
    return {
      check,
      price: Math.max(...parts.map(({ price }) => price)),
      cover: () => {
        let best: Cover;
        let least = Number.POSITIVE_INFINITY;
        for (const part of parts) {
          const cover = part.cover();
          if (cover === undefined) continue;
          const cost = this.#cost(cover);
          if (cost < least) {
            least = cost;
            best = cover;
          }
        }
        return best;
      },
    };
  }

  #any(args: readonly Plan[]): Compiled {
    const { joined, unindexed, rest } = joinTexts(args);
    const parts = [
      ...joined.map((source) => this.#atom(source)),
      ...unindexed.map((group) => this.#short(group)),
      ...rest.map((arg) => this.#compile(arg)),
    ];
    if (parts.length === 1) return parts[0] as Compiled;
    const checks = [...parts].sort((a, b) => a.price - b.price).map(({ check }) => check);
    const [a, b] = checks as [Check, Check];
    return {
      price: Math.max(...parts.map(({ price }) => price)),
      check:
        checks.length === 2
          ? () => a() || b()
          : () => {
              for (let i = 0; i < checks.length; i++) if ((checks[i] as Check)()) return true;
              return false;
            },
      cover: () => {
        const all: number[] = [];
        for (const part of parts) {
          const cover = part.cover();
          if (cover === undefined) return undefined;
          all.push(...cover);
        }
        return all;
      },
    };
  }

  #cost(cover: readonly number[]): number {
    // While compiling there are no counts yet: only whether there is a cover matters then.
    if (this.#marks === undefined) return cover.length;
    let sum = 0;
    for (const atom of cover) sum += this.#marks.counts[atom] as number;
    return sum;
  }

  #atom(source: AtomSource): Compiled {
    const atom = this.#table.add(source);
    const cover = [atom];
    return { check: () => this.#holds(atom), cover: () => cover, price: 0 };
  }

  #holds(atom: number): boolean {
    return this.#marks.epochs[atom] === this.#marks.epoch;
  }

  #test(plan: Plan & { op: 'test' }): Compiled {
    const { field, test } = plan;
    const slot = this.#slotByName.get(field) as FieldSlot;
    if (test.kind === 'exists') return this.#atom({ kind: 'present', field });
    if (test.kind === 'absent') {
      const { check } = this.#atom({ kind: 'filled', field });
      return { check: () => !check(), cover: () => undefined, price: 0 };
    }
    const short = unindexedText(plan);
    if (short !== undefined) return this.#short({ field, dash: short.dash, texts: [short.text] });
    const { source, exact } = atomBehind(field, test);
    const { check, cover } = this.#atom(source);
    if (exact) return { check, cover, price: 0 };
    const verify = onDemand(test);
    return {
      check: () => check() && verify(slot.values, this.#event),
      cover,
      price: test.kind === 'regex' ? 4 : 3,
    };
  }

  #short({ field, dash, texts }: Unindexed): Compiled {
    const key = `${dash}${field}`;
    let short = this.#shortTexts.get(key);
    if (short === undefined) {
      short = new ShortTexts(this.#slotByName.get(field) as FieldSlot, this.#fields, dash);
      this.#shortTexts.set(key, short);
    }
    const { check, cover } = this.#atom({ kind: 'value', field });
    const contains = short.compile(texts);
    return { check: () => check() && contains(), cover, price: 2 };
  }

  #keyword(test: (Plan & { op: 'keyword' })['test']): Compiled {
    const verify = onDemand(test);
    if (!indexable(test)) {
      return { check: () => verify(this.#allScalars(), this.#event), cover: () => undefined, price: 5 };
    }
    const { source, exact } = atomBehind(null, test);
    const { check, cover } = this.#atom(source);
    return exact
      ? { check, cover, price: 0 }
      : { check: () => check() && verify(this.#allScalars(), this.#event), cover, price: 5 };
  }
}

/** Most tests are never asked: they are compiled when they are. */
function onDemand(test: Parameters<typeof compileTest>[0]): ValueTest {
  let compiled: ValueTest | undefined;
  return (values, event) => {
    compiled ??= compileTest(test);
    return compiled(values, event);
  };
}

/** Fields without rules that have a cache of their own; all others share one. */
const maxOthers = 256;

function fieldNames(rules: readonly PlannedRule[]): string[] {
  const names = new Set<string>();
  const visit = (plan: Plan): void => {
    if (plan.op === 'and' || plan.op === 'or') for (const arg of plan.args) visit(arg);
    else if (plan.op === 'not') visit(plan.arg);
    else if (plan.op === 'test') names.add(plan.field);
  };
  for (const { plan } of rules) visit(plan);
  return [...names];
}

/** What can be told of one field: of its values, and of the field itself. */
interface Scanner {
  readonly values: ValueAtoms;
  /** Atoms of the field: some scalar, not null, there at all. -1: nobody asks. */
  readonly value: number;
  readonly filled: number;
  readonly present: number;
}

/** The scanners of all fields, and the finder of keywords, which every scanner uses too. */
function buildScanners(
  sources: readonly AtomSource[],
  slots: readonly FieldSlot[],
  remember: boolean,
): { fields: Scanner[]; keywords: LiteralFinder[]; scratch: AtomMarks } {
  const atomsOf = new Map<string | null, number[]>();
  for (let atom = 0; atom < sources.length; atom++) {
    const { field } = sources[atom] as AtomSource;
    const list = atomsOf.get(field);
    if (list === undefined) atomsOf.set(field, [atom]);
    else list.push(atom);
  }
  const keywords = findersOf(sources, atomsOf.get(null) ?? []);
  const scratch = new AtomMarks(sources.length);
  const fields = slots.map(({ name }): Scanner => {
    const atoms = atomsOf.get(name) ?? [];
    const only = (kind: AtomSource['kind']) => atoms.find((atom) => sources[atom]?.kind === kind) ?? -1;
    return {
      values: new ValueAtoms(
        () => [...findersOf(sources, atoms), ...keywords],
        only('blank'),
        scratch,
        remember,
      ),
      value: only('value'),
      filled: only('filled'),
      present: only('present'),
    };
  });
  return { fields, keywords, scratch };
}

/** Finders of all texts of some atoms: one for values as they are, one for values with dashes alike. */
function findersOf(sources: readonly AtomSource[], atoms: readonly number[]): LiteralFinder[] {
  const byKey = new Map<string, { sought: Sought; atoms: Set<number> }>();
  for (const atom of atoms) {
    const source = sources[atom] as AtomSource;
    if (source.kind !== 'texts') continue;
    for (const sought of source.sought) {
      const key = `${sought.position}${sought.dash}${sought.text}`;
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, { sought, atoms: new Set([atom]) });
      else known.atoms.add(atom);
    }
  }
  return [false, true].flatMap((dash) => {
    const literals: Literal[] = [];
    for (const { sought, atoms: marked } of byKey.values()) {
      if (sought.dash === dash)
        literals.push({ text: sought.text, position: sought.position, atoms: [...marked] });
    }
    return literals.length === 0 ? [] : [new LiteralFinder(literals, dash)];
  });
}

/** Before anything is seen: longer texts are rarer, being there is common. */
function firstGuess(source: AtomSource): number {
  if (source.kind !== 'texts') return 1;
  return source.sought.reduce((sum, { text }) => sum + 2 ** -Math.min(text.length / 2, 12), 0);
}
