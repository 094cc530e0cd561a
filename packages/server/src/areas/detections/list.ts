/** The detections as the console shows them: what content says, what the last scan found, what people said of it. */
import { readFile } from 'node:fs/promises';
import { loadCatalogue } from '@rollcall/engine/content/catalogue.js';
import { coverage } from '@rollcall/engine/content/coverage.js';
import { type Detection, detectionSchema as formSchema } from '@rollcall/engine/content/detection.js';
import { parseYaml } from '@rollcall/engine/content/load.js';
import type { DetectionSummary } from '@rollcall/engine/model/result.js';
import { needInWords } from '@rollcall/engine/signals/needs.js';
import { stringify } from 'yaml';
import { notFound, Refusal } from '../../model/refusal.js';
import type { Services, Snapshot } from '../../model/services.js';
import type { Db } from '../../store/store.js';
import { type FoundBy, foundSoon, weekly } from './found.js';
import { falseShare, type VerdictCounts, verdictCounts } from './verdicts.js';
import type { CoverageAnswer, DetectionAnswer, DetectionList, DetectionRow } from './words.js';

/** What the last scan concluded, or why there is nothing yet. */
export function latestScan(services: Services): Snapshot {
  const snapshot = services.results.current();
  if (!snapshot)
    throw new Refusal(
      409,
      'NO_SCAN',
      'nothing was looked at yet: hand in exports under Sources, and wait for the first scan',
    );
  return snapshot;
}

export async function listDetections(services: Services, db: Db): Promise<DetectionList> {
  const snapshot = latestScan(services);
  const [found, counts] = [await foundSoon(services, snapshot), await verdictCounts(db)];
  return {
    asOf: snapshot.asOf,
    detections: snapshot.head.detections.map((one) => rowOf(one, services, snapshot, found, counts)),
    problems: services.content.own?.problems.map(withoutFolder) ?? [],
  };
}

/** Where a file lies on the server is nobody's business. */
function withoutFolder(problem: string): string {
  return problem.replace(/^.*[\\/]([^\\/]+[\\/][^\\/]+\.yml)/, '$1');
}

function rowOf(
  summary: DetectionSummary,
  services: Services,
  snapshot: Snapshot,
  found: FoundBy | undefined,
  counts: ReadonlyMap<string, VerdictCounts>,
): DetectionRow {
  const content = services.content.detections.find((one) => one.id === summary.id);
  const own = found?.get(summary.id) ?? [];
  const verdicts = counts.get(summary.id) ?? { useful: 0, innocent: 0, wrong: 0 };
  const share = falseShare(verdicts);
  return {
    id: summary.id,
    title: summary.title,
    stage: summary.stage,
    facet: summary.facet,
    ...(content ? { about: content.about } : {}),
    from: content?.own ? 'own' : content ? 'ours' : 'rule',
    state: summary.state,
    missing: summary.missing,
    enabledBy: summary.enabledBy,
    signals: summary.signals,
    people: summary.people,
    baseRate: summary.baseRate,
    bits: summary.bits,
    fairness: summary.fairness,
    catalogue: summary.catalogue,
    rates: summary.rates,
    verdicts,
    ...(share ? { falseShare: share } : {}),
    ...(found
      ? {
          weeks: weekly(
            own.map((one) => one.first),
            snapshot.asOf,
          ),
          explained: own.filter((one) => one.explained).length,
        }
      : {}),
  };
}

/** A detection of the last scan, and its content where it is a file of ours or the company's. */
export function detectionOf(
  services: Services,
  id: string,
): { summary: DetectionSummary; content?: Detection; snapshot: Snapshot } {
  const snapshot = latestScan(services);
  const summary = snapshot.head.detections.find((one) => one.id === id);
  if (!summary) throw notFound('the detection');
  const content = services.content.detections.find((one) => one.id === id);
  return content ? { summary, content, snapshot } : { summary, snapshot };
}

export async function describeDetection(services: Services, db: Db, id: string): Promise<DetectionAnswer> {
  const { summary, content, snapshot } = detectionOf(services, id);
  const [found, counts] = [await foundSoon(services, snapshot), await verdictCounts(db)];
  const row = rowOf(summary, services, snapshot, found, counts);
  if (!content)
    return {
      asOf: snapshot.asOf,
      row,
      sources: [],
      needs: [],
      innocent: [],
      explainedBy: [],
      attack: [],
      next: [],
      tests: [],
    };
  const text = await readFile(content.file, 'utf8').catch(() => undefined);
  const { weight } = content;
  return {
    asOf: snapshot.asOf,
    row,
    why: content.why.trim(),
    sources: content.sources,
    ...(content.sigma === undefined ? { query: content.query } : { sigma: content.sigma.trim() }),
    says: content.says,
    needs: content.needs.map(needInWords),
    ...(weight
      ? {
          weight: {
            ifNot: weight.if_not,
            ifHonest: weight.if_honest,
            source: weight.source.trim(),
            conclusive: weight.conclusive,
            ...(weight.at_most === undefined ? {} : { atMost: weight.at_most }),
          },
        }
      : {}),
    ...(summary.amongWhom === undefined ? {} : { amongWhom: summary.amongWhom }),
    innocent: content.innocent,
    explainedBy: content.explained_by,
    ...(content.fairness_note === undefined ? {} : { fairnessNote: content.fairness_note }),
    attack: content.attack,
    next: content.next,
    tests: text === undefined ? [] : testsOf(text),
    ...(text === undefined ? {} : { text }),
  };
}

/** A scan leaves the tests unread: they are read from the file. */
function testsOf(text: string): DetectionAnswer['tests'] {
  const form = parseYaml('detection', text, formSchema, []);
  return (form?.tests ?? []).map((test) => {
    const given = Object.fromEntries(
      Object.entries(test).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
    );
    return {
      name: test.name,
      fires: test.expect.length,
      yaml: stringify({ ...given, expect: test.expect }, { lineWidth: 110 }),
    };
  });
}

let catalogue: { folder: string; loaded: ReturnType<typeof loadCatalogue> } | undefined;

/** Public advice, and what here follows it. */
export async function coverageOf(services: Services): Promise<CoverageAnswer> {
  const { content } = services;
  if (catalogue?.folder !== content.folder)
    catalogue = { folder: content.folder, loaded: loadCatalogue(content.folder) };
  const covered = coverage(await catalogue.loaded, content);
  const snapshot = services.results.current();
  const summaries = new Map(snapshot?.head.detections.map((one) => [one.id, one]));
  const titles = new Map(content.detections.map((one) => [one.id, one.title]));
  const { advice, adviceByData, adviceByProcess, adviceRefused, rows, covered: coveredRows } = covered.counts;
  return {
    counts: { advice, adviceByData, adviceByProcess, adviceRefused, rows, covered: coveredRows },
    sources: covered.advice.map((source) => ({
      source: source.source,
      title: source.title,
      advice: source.advice.map((piece) => ({
        what: piece.what,
        by: piece.by,
        ...(piece.note === undefined ? {} : { note: piece.note }),
        detections: piece.detections.map((id) => {
          const summary = summaries.get(id);
          return {
            id,
            title: titles.get(id) ?? id,
            state: summary?.state ?? ('not run' as const),
            people: summary?.people ?? 0,
          };
        }),
        checks: piece.coveredBy.filter((name) => /^[a-z_]+$/.test(name) && name !== 'process'),
        uncovered: piece.uncovered,
      })),
    })),
  };
}
