import { keysOf, type Wish, wishes } from './blocking.js';
import { knownWords } from './canonical.js';
import { Comparer } from './compare.js';
import { explain, type Step } from './explain.js';
import { type Column, plainName } from './load.js';
import { rounded } from './match.js';
import type { SavedModel } from './model.js';
import type { Planned } from './plan.js';
import { type Compared, nicknameSets, prepareValues, rareWeight, readColumn, termsBy } from './records.js';
import { Scorer } from './score.js';
import type { Row } from './settings.js';

/** How surely a record is about the same person as one candidate. */
export interface Scored {
  /** Place of the candidate among those given. */
  candidate: number;
  /** 0 to 1. */
  probability: number;
  /** Bits of evidence with the prior: 0 is as likely as not. */
  weight: number;
  /** From the prior to the weight, a step for each column. */
  steps: Step[];
}

/** A saved model made ready, once for all calls. */
interface Ready {
  planned: Planned[];
  nicknames: Map<string, number[]>;
  counts: { values: Map<string, number>; words: Map<string, number> }[];
  scorer: Scorer;
  wishes: { single: Wish[]; combined: Wish[] };
}

const made = new WeakMap<SavedModel, Ready>();

/**
 * Compares one record with each of the candidates, as a saved model has learnt to: the surest first, equals in the order
 * given. Columns are found by name, whatever its case and punctuation; one that a record does not have is not known.
 * Nothing is learnt from the record. Throws where the model is not one this version can read.
 */
export function scoreAgainst(model: SavedModel, record: Row, candidates: readonly Row[]): Scored[] {
  const ready = readyOf(model);
  const compared = compare(model, ready, [record, ...candidates]);
  const comparer = new Comparer(compared);
  return candidates
    .map((_, candidate) => {
      comparer.compare(0, candidate + 1);
      const weight = ready.scorer.weigh(comparer.levels, 0, (c) => comparer.value(c, 0)?.count ?? 1);
      const figures = rounded(weight, comparer.levels, ready.scorer);
      const steps = explain(model, figures);
      return { candidate, probability: figures.probability, weight: figures.weight, steps };
    })
    .sort((a, b) => b.weight - a.weight || a.candidate - b.candidate);
}

/**
 * The keys under which an index should keep a record, and look for it: two records about one person mostly share one. Keys
 * of one column name a value that few share (leave out of the index those that many do); the combined ones name two
 * coarse ones of two columns, and are many (up to 60). The same record gives the same keys, each once.
 */
export function blockingKeys(
  model: SavedModel,
  record: Row,
  { combined = true }: { combined?: boolean } = {},
): string[] {
  const ready = readyOf(model);
  const compared = compare(model, ready, [record]);
  const keys = new Set<string>();
  const texts = ({ key, columns }: Wish['parts'][number]) =>
    columns.flatMap((c) => {
      const column = compared[c];
      const value = column?.values[column.of[0] ?? -1];
      return value ? keysOf(key, value) : [];
    });
  for (const wish of combined ? [...ready.wishes.single, ...ready.wishes.combined] : ready.wishes.single) {
    const [one, two] = wish.parts.map(texts);
    for (const a of one ?? []) {
      if (!two) keys.add(`${wish.label}=${a}`);
      for (const b of two ?? []) keys.add(`${wish.label}=${a}|${b}`);
    }
  }
  return [...keys];
}

function readyOf(model: SavedModel): Ready {
  const known = made.get(model);
  if (known) return known;
  if (model.version !== 1) {
    throw new Error(`the model is of form ${String(model.version)}; this version reads form 1`);
  }
  const at = (column: string | undefined) => model.columns.findIndex((own) => own.column === column);
  const planned = model.columns.map((own, index) => ({
    ...own,
    index,
    without: own.without.map(at),
    crossed: own.crossed === undefined ? undefined : at(own.crossed),
    echoes: own.echoes.map(at),
  }));
  const nicknames = nicknameSets(model);
  const forms = planned.map((own) => readColumn(own, [], 0, nicknames.size > 0));
  const homes = model.home > 0;
  const ready: Ready = {
    planned,
    nicknames,
    counts: model.frequencies.map(({ values, words }) => ({
      values: new Map(values),
      words: new Map(words),
    })),
    scorer: new Scorer(
      forms.map(({ comparison }) => comparison.levels),
      {
        m: model.columns.map(({ levels }) => levels.map(({ m }) => m)),
        u: model.columns.map(({ levels }) => levels.map(({ u }) => u)),
        lambda: model.prior,
        home: homes
          ? {
              lambda: model.home,
              h: model.columns.map(({ levels }) => levels.map(({ h }) => h ?? 0)),
              personal: model.columns.map(({ personal }) => personal),
            }
          : undefined,
        rounds: 0,
      },
      model.records,
    ),
    wishes: wishes(forms),
  };
  made.set(model, ready);
  return ready;
}

/** Reads records as those the model was learnt from. */
function compare(model: SavedModel, ready: Ready, rows: readonly Row[]): Compared[] {
  const cells = rows.map((row) => new Map(Object.keys(row).map((name) => [plainName(name), row[name]])));
  const columns = model.columns.map(({ column }): Column => {
    const name = plainName(column);
    const texts = rows.map((row, i) => String(row[column] ?? cells[i]?.get(name) ?? ''));
    return { name: column, of: Int32Array.from(texts.keys()), texts, words: texts.map(knownWords) };
  });
  return ready.planned.map((own, c) => {
    const compared = readColumn(own, columns, rows.length, ready.nicknames.size > 0);
    const counts = ready.counts[c];
    // A value that is compared is held by two records at least, or there would be nothing to compare.
    for (const value of compared.values) value.count = Math.max(2, counts?.values.get(value.text) ?? 0);
    prepareValues(compared, {
      records: model.records,
      rare: rareWeight(model.records, model.linking),
      nicknames: ready.nicknames,
      term: termsBy(model.records, counts?.words),
    });
    return compared;
  });
}
