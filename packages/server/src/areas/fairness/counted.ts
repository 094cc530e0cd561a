/** Counts over what people told of themselves: rates of each group, and the tables of New York City's rule. */
import { tableText } from '@rollcall/engine/facts/check-table.js';
import { Refusal } from '../../model/refusal.js';
import type { PersonRow, Services } from '../../model/services.js';
import { harmless } from '../facts/tables.js';
import { type Counted, shown, smallest } from './counting.js';
import { flaggedAs, latestScan } from './rates.js';
import { walledColumns, withAnswers } from './walled.js';
import type { Division, Impact, ImpactRow, WalledRates } from './words.js';

const flag = {
  watch: (row: PersonRow) => row.band !== 'clear',
  review: (row: PersonRow) => row.band === 'review' || row.band === 'urgent',
};

const none = () =>
  new Refusal(
    404,
    'NO_GROUPS',
    'nobody has handed in groups that people told of themselves; HR does, under Fairness',
  );

export type ImpactPopulation = 'applicants' | 'workers';

/** Never both together: what is withheld of the one could be had by subtraction. */
const within: Record<ImpactPopulation, (row: PersonRow) => boolean> = {
  applicants: (row) => row.stage === 'applicant' || row.stage === 'offer',
  workers: (row) => row.stage !== 'applicant' && row.stage !== 'offer',
};

export async function walledRates(
  services: Services,
  measure: 'watch' | 'review',
  population: ImpactPopulation,
): Promise<WalledRates> {
  const snapshot = latestScan(services);
  const divisions = await withAnswers(services, (columns, answersOf) =>
    columns.map((column): Division => {
      const groups = new Map<string, Counted>();
      for (const row of snapshot.people.filter(within[population])) {
        const group = answersOf(row.id)[column];
        if (group === undefined) continue;
        const one = groups.get(group) ?? { group, of: 0, counted: 0 };
        one.of++;
        if (flag[measure](row)) one.counted++;
        groups.set(group, one);
      }
      const { title } = walledColumns[column];
      const seen = shown([...groups.values()], {
        discreet: true,
        what: title,
        flagged: flaggedAs[measure],
      });
      return { dimension: column, title, measure, ...seen };
    }),
  );
  if (!divisions) throw none();
  return { asOf: snapshot.asOf, measure, population, divisions };
}

/**
 * Selection rates and impact ratios by sex, by race or ethnicity, and by both, as the rules of New York City on automated
 * employment decision tools ask for them. “Selected” is: not at review or above.
 */
export async function impact(services: Services, population: ImpactPopulation): Promise<Impact> {
  const snapshot = latestScan(services);
  const people = snapshot.people.filter(within[population]);
  const counts = await withAnswers(services, (_, answersOf) => {
    const sex = new Map<string, Counted>();
    const race = new Map<string, Counted>();
    const both = new Map<string, Counted>();
    /** Groups of both that make up one of a single table. */
    const lines = new Map<string, Set<string>>();
    const unknown = { sex: 0, race: 0, either: 0 };
    const add = (map: Map<string, Counted>, group: string, selected: boolean) => {
      const one = map.get(group) ?? { group, of: 0, counted: 0 };
      one.of++;
      if (selected) one.counted++;
      map.set(group, one);
    };
    for (const row of people) {
      const own = answersOf(row.id);
      const selected = !flag.review(row);
      if (own.sex === undefined) unknown.sex++;
      else add(sex, own.sex, selected);
      if (own.race === undefined) unknown.race++;
      else add(race, own.race, selected);
      if (own.sex === undefined || own.race === undefined) unknown.either++;
      else {
        const group = `${own.race}, ${own.sex}`;
        add(both, group, selected);
        for (const line of [`race ${own.race}`, `sex ${own.sex}`]) {
          const known = lines.get(line);
          if (known) known.add(group);
          else lines.set(line, new Set([group]));
        }
      }
    }
    return { sex, race, both, unknown, lines };
  });
  if (!counts) throw none();
  const tables = [
    { title: 'Sex', rows: impactRows(counts.sex, [[...counts.sex.keys()]]) },
    { title: 'Race or ethnicity', rows: impactRows(counts.race, [[...counts.race.keys()]]) },
    {
      title: 'Race or ethnicity, and sex',
      rows: impactRows(
        counts.both,
        [...counts.lines.values()].map((line) => [...line]),
      ),
    },
  ].filter((table) => table.rows.length > 0);
  const seen = snapshot.head.sources.flatMap((source) => source.first ?? []).sort();
  // The size of a single small category could be had by subtraction from the whole.
  const tiny = (groups: ReadonlyMap<string, Counted>) =>
    [...groups.values()].filter((one) => one.of < smallest).length === 1;
  const tells = { sex: !tiny(counts.sex), race: !tiny(counts.race), either: !tiny(counts.both) };
  const unknown = Object.fromEntries(
    (['sex', 'race', 'either'] as const).flatMap((name) => {
      const count = counts.unknown[name];
      return tells[name] && (count === 0 || count >= smallest) ? [[name, count]] : [];
    }),
  );
  return {
    asOf: snapshot.asOf,
    population,
    ...(seen[0] ? { from: seen[0].slice(0, 10) } : {}),
    to: snapshot.asOf.slice(0, 10),
    total: people.length,
    unknown,
    tables,
    says: [
      'Rollcall takes no selection decision: it says whom to look at and why; a named person decides, and gives a reason. These tables are for a company whose counsel finds that the rule applies all the same.',
      '“Selected” means here: not at review or above on the day of the scan, so that nobody was asked to look closer. It is no hiring decision.',
      `Counts below ${smallest}, of those selected or of those not, are withheld; the rate then lies between the two figures given.`,
      'An auditor who is independent of you and of us has to make the audit, from the company’s own use over the period, and may leave out the ratio of a category with less than 2 % of the people.',
    ],
  };
}

/**
 * Which groups are withheld: those of few people, or few who are (or are not) selected; and of each line of groups whose sum
 * is told elsewhere never one alone, since it could be had by subtraction.
 */
function withheld(groups: ReadonlyMap<string, Counted>, lines: readonly (readonly string[])[]): Set<string> {
  const found = new Set<string>();
  for (const one of groups.values())
    if (one.of < smallest || one.counted < smallest || one.of - one.counted < smallest) found.add(one.group);
  for (let changed = true; changed; ) {
    changed = false;
    for (const line of lines) {
      if (line.filter((group) => found.has(group)).length !== 1) continue;
      const next = line
        .flatMap((group) => (found.has(group) ? [] : (groups.get(group) ?? [])))
        .sort((a, b) => a.of - b.of || (a.group < b.group ? -1 : 1))[0];
      if (!next) continue;
      found.add(next.group);
      changed = true;
    }
  }
  return found;
}

function impactRows(
  groups: ReadonlyMap<string, Counted>,
  lines: readonly (readonly string[])[],
): ImpactRow[] {
  const closed = withheld(groups, lines);
  const all = [...groups.values()].sort((a, b) => b.of - a.of || (a.group < b.group ? -1 : 1));
  const total = all.reduce((sum, one) => sum + one.of, 0);
  const hidden = (one: Counted) => closed.has(one.group);
  const open = all.filter((one) => one.of >= smallest && !hidden(one));
  const best = Math.max(0, ...open.map((one) => one.counted / one.of));
  return all.map((one): ImpactRow => {
    const underTwoPercent = one.of < 0.02 * total;
    if (one.of < smallest)
      return { category: one.group, underTwoPercent: underTwoPercent || total < 50 * smallest };
    if (hidden(one)) {
      const [few, nearlyNone] = [one.of - one.counted < smallest, one.counted < smallest];
      return {
        category: one.group,
        applicants: one.of,
        // One that is withheld only for the sake of another is given no bounds: they would say too much of that one.
        ...(few && !nearlyNone ? { rateFrom: Math.max(0, (one.of - smallest + 1) / one.of), rateTo: 1 } : {}),
        ...(nearlyNone && !few ? { rateFrom: 0, rateTo: (smallest - 1) / one.of } : {}),
        underTwoPercent,
      };
    }
    const rate = one.counted / one.of;
    return {
      category: one.group,
      applicants: one.of,
      selected: one.counted,
      rate,
      ...(best > 0 ? { ratio: rate / best } : {}),
      underTwoPercent,
    };
  });
}

/** The same as CSV, one row a category. */
export function impactCsv(found: Impact): string {
  const three = (value: number | undefined) => (value === undefined ? '' : value.toFixed(3));
  const few = `fewer than ${smallest}`;
  return tableText(
    [
      'table',
      'category',
      'applicants',
      'selected',
      'selection_rate',
      'selection_rate_from',
      'selection_rate_to',
      'impact_ratio',
      'under_two_percent',
      'period_from',
      'period_to',
      'population',
      'selected_means',
    ],
    [
      ...found.tables.flatMap(({ title, rows }) =>
        rows.map((row) => [
          title,
          row.category,
          row.applicants === undefined ? few : String(row.applicants),
          row.selected === undefined ? 'withheld' : String(row.selected),
          three(row.rate),
          three(row.rateFrom),
          three(row.rateTo),
          three(row.ratio),
          row.underTwoPercent ? 'yes' : 'no',
        ]),
      ),
      ...(['sex', 'race', 'either'] as const).map((name) => [
        'Unknown',
        { sex: 'sex not known', race: 'race or ethnicity not known', either: 'either not known' }[name],
        found.unknown[name] === undefined ? few : String(found.unknown[name]),
        '',
        '',
        '',
        '',
        '',
        '',
      ]),
    ].map((cells) =>
      [...cells, found.from ?? '', found.to, found.population, 'not at review or above'].map(harmless),
    ),
  );
}
