import { appendFile, link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Content, loadContent, loadPolicy, scan } from '@rollcall/engine';
import { evaluate, type Truth } from '@rollcall/simulate';
import { readTruth } from './folder.js';
import { type SeedsFlags, simulateInChild } from './seeds.js';

/** What a scan finds with some of the exports: counts over ring members and honest people. */
export interface Found {
  sources: string[];
  ring: number;
  honest: number;
  review: { ring: number; honest: number };
  watch: { ring: number; honest: number };
}

/** One company: with all exports, without each of them, and the best one, two and three beside the list of people. */
export interface SourcesResult {
  seed: number;
  content: string;
  all: Found;
  without: (Found & { source: string })[];
  best: Found[];
  /** Each alone beside the list of people. */
  alone: (Found & { source: string })[];
}

/** The list that says who there is. Without it there is nothing to look at, so it is always there. */
const list = 'people-roster';
const most = 3;

/**
 * What each export is worth, found by scanning without it: everything but one, and from the list of people upwards the one
 * that adds most, three times over. Some two hundred scans for a company: meant for small ones, in the background.
 */
export async function evaluateSources(flags: SeedsFlags): Promise<number> {
  const content = await loadContent(flags.content, { withoutTests: true });
  const results = await readSources(flags.out);
  for (const seed of flags.seeds) {
    if (results.some((one) => one.seed === seed && one.content === content.version)) continue;
    const result = await measure(seed, content, flags);
    results.push(result);
    await appendFile(flags.out, `${JSON.stringify(result)}\n`);
  }
  const same = results.filter((one) => one.content === content.version);
  process.stdout.write(flags.json ? `${JSON.stringify(same, null, 1)}\n` : formatSources(same));
  return 0;
}

async function readSources(file: string): Promise<SourcesResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const one = JSON.parse(line) as Partial<SourcesResult>;
      return one.all && one.best ? [one as SourcesResult] : [];
    } catch {
      return [];
    }
  });
}

async function measure(seed: number, content: Content, flags: SeedsFlags): Promise<SourcesResult> {
  const work = join(`${flags.out}.work`, `sources-${seed}`);
  const company = join(work, 'company');
  await rm(work, { recursive: true, force: true });
  await mkdir(company, { recursive: true });
  try {
    const { people, ringMembers, days, scenario } = flags;
    await simulateInChild({ seed, people, days, scenario, ...(ringMembers ? { ringMembers } : {}) }, company);
    const truth = await readTruth(company);
    const files = new Map<string, string[]>();
    const look = async (sources: readonly string[] | undefined): Promise<Found> => {
      const chosen = sources?.flatMap((one) => files.get(one) ?? []);
      return scanPart(truth, content, company, join(work, 'part'), chosen, flags, (file, connector) => {
        const source = sourceOf(content, connector);
        files.set(source, [...(files.get(source) ?? []), file]);
      }).then((found) => ({ ...found, sources: [...(sources ?? files.keys())] }));
    };
    const all = await look(undefined);
    const base = sourceOf(content, list);
    const others = [...files.keys()].filter((one) => one !== base).sort();
    const explored = await explore(base, others, look, (text) =>
      process.stderr.write(`seed ${seed}: ${text}\n`),
    );
    return { seed, content: content.version, all, ...explored };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Leaves out one source after the other, and then builds up from `base`, each time with the one that adds most. */
export async function explore(
  base: string,
  others: readonly string[],
  look: (sources: readonly string[]) => Promise<Found>,
  say: (text: string) => void,
): Promise<Pick<SourcesResult, 'without' | 'best' | 'alone'>> {
  const without: SourcesResult['without'] = [];
  for (const source of others) {
    without.push({ source, ...(await look([base, ...others.filter((one) => one !== source)])) });
    say(`without ${source}`);
  }
  const best: Found[] = [await look([base])];
  let alone: SourcesResult['alone'] = [];
  for (let step = 1; step <= most; step++) {
    const chosen = best.at(-1)?.sources ?? [];
    const tried: SourcesResult['alone'] = [];
    for (const source of others.filter((one) => !chosen.includes(one))) {
      tried.push({ source, ...(await look([...chosen, source])) });
      say(`${step}. with ${source}`);
    }
    if (step === 1) alone = tried;
    const [winner] = [...tried].sort(byWorth);
    if (!winner) break;
    const { source: _, ...found } = winner;
    best.push(found);
  }
  return { without, best, alone };
}

/** More ring members at review, then fewer honest people there, then more members at watch. */
function byWorth(a: Found & { source: string }, b: Found & { source: string }): number {
  return (
    b.review.ring - a.review.ring ||
    a.review.honest - b.review.honest ||
    b.watch.ring - a.watch.ring ||
    a.watch.honest - b.watch.honest ||
    (a.source < b.source ? -1 : 1)
  );
}

/** Logs of one product are one export: its connectors, by vendor and first word. */
function sourceOf(content: Content, connector: string): string {
  const vendor = (id: string) => content.connectors.find((one) => one.id === id)?.vendor;
  const word = connector.split('-')[0];
  const family = content.connectors.filter(
    (one) => one.vendor === vendor(connector) && one.id.split('-')[0] === word,
  );
  return family.length > 1 ? `${word}-*` : connector;
}

async function scanPart(
  truth: Truth,
  content: Content,
  company: string,
  part: string,
  chosen: readonly string[] | undefined,
  flags: SeedsFlags,
  onFile: (file: string, connector: string) => void,
): Promise<Omit<Found, 'sources'>> {
  const whole = join(company, 'exports');
  const exports = chosen ? join(part, 'exports') : whole;
  try {
    for (const file of chosen ?? []) {
      await mkdir(dirname(join(exports, file)), { recursive: true });
      await link(join(whole, file), join(exports, file));
    }
    const result = await scan({
      folder: exports,
      lake: join(part, 'lake'),
      content,
      policy: await loadPolicy(flags.policy),
    });
    if (!chosen) for (const one of result.files) if (one.connector) onFile(one.file, one.connector);
    const { bands, people } = evaluate(truth, result);
    const at = (flag: 'watch' | 'review') => ({ ring: bands[flag].ring, honest: bands[flag].honest });
    return { ring: people.ring, honest: people.honest, review: at('review'), watch: at('watch') };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** What the exports are worth, over all companies looked at. */
export function formatSources(results: readonly SourcesResult[]): string {
  if (results.length === 0) return 'No results.\n';
  const total = (list: readonly Found[], of: (one: Found) => number) =>
    list.reduce((sum, one) => sum + of(one), 0);
  const line = (name: string, list: readonly Found[]) =>
    `  ${name.padEnd(44)}${`${total(list, (one) => one.review.ring)} of ${total(list, (one) => one.ring)}`.padEnd(13)}${String(total(list, (one) => one.review.honest)).padEnd(9)}${`${total(list, (one) => one.watch.ring)} of ${total(list, (one) => one.ring)}`.padEnd(13)}${total(list, (one) => one.watch.honest)}`;
  const head = `${''.padEnd(46)}at review    honest   at watch     honest`;
  const grouped = (kind: 'without' | 'alone') => {
    const table = new Map<string, Found[]>();
    for (const one of results.flatMap((each) => each[kind]))
      table.set(one.source, [...(table.get(one.source) ?? []), one]);
    const sum = (list: readonly Found[]) =>
      total(list, (one) => one.review.ring) * 1000 + total(list, (one) => one.watch.ring);
    return [...table].sort(([, a], [, b]) => (kind === 'alone' ? sum(b) - sum(a) : sum(a) - sum(b)));
  };
  return `${[
    `Ring members found with part of the exports (${results.length} companies, seeds ${results.map((one) => one.seed).join(', ')})`,
    head,
    line(
      'all exports',
      results.map((one) => one.all),
    ),
    '',
    'All but one',
    ...grouped('without').map(([name, list]) => line(name, list)),
    '',
    'The list of people, and one more',
    ...grouped('alone').map(([name, list]) => line(name, list)),
    '',
    'The list of people, and the best so far',
    ...results.flatMap((one) =>
      one.best.map((found, i) =>
        line(`seed ${one.seed}: ${i === 0 ? 'nothing' : found.sources.slice(1).join(' + ')}`.slice(0, 90), [
          found,
        ]),
      ),
    ),
  ].join('\n')}\n`;
}
