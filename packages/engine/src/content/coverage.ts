import { enabledBy, needInWords } from '../signals/needs.js';
import { type Catalogue, catalogueSections, coveredBy, rowsOf } from './catalogue.js';
import type { Detection } from './detection.js';
import type { Content } from './load.js';

/** Which evidence is looked for, with what data, and which is not and why. */
export interface Coverage {
  counts: {
    rows: number;
    covered: number;
    notCovered: number;
    refused: number;
    detections: number;
    /** Detections of evidence that no row names. */
    ownDetections: number;
    advice: number;
    adviceByData: number;
    adviceByProcess: number;
    adviceRefused: number;
  };
  sections: { id: string; title: string; rows: CoverageRow[] }[];
  /** Detections of evidence that no row names. */
  own: CoveringDetection[];
  refused: { id: string; what: string; section: string; not: string; instead: string[] }[];
  advice: { source: string; title: string; advice: CoveredAdvice[] }[];
}

export interface CoverageRow {
  id: string;
  what: string;
  note?: string;
  detections: CoveringDetection[];
  not?: string;
  instead: string[];
}

export interface CoveringDetection {
  id: string;
  title: string;
  stage: string;
  needs: { need: string; from: string[] }[];
}

export interface CoveredAdvice {
  what: string;
  /** data: a detection looks for it. check: people do it, and its outcome is recorded and counted. process: people do it, and nothing is recorded here. */
  by: 'data' | 'check' | 'process' | 'refused';
  coveredBy: string[];
  /** Detections it names, and those behind the rows it names. */
  detections: string[];
  /** Rows it names that no detection covers. */
  uncovered: string[];
  note?: string;
}

export function coverage(catalogue: Catalogue, content: Content): Coverage {
  const covered = coveredBy(content);
  const byId = new Map(content.detections.map((detection) => [detection.id, detection]));
  const describe = (id: string) => covering(byId.get(id) as Detection, content);
  const order = Object.keys(catalogueSections).flatMap(rowsOf);
  const sections = catalogue.sections.map(({ id, title, rows }) => ({
    id,
    title,
    rows: Object.entries(rows)
      .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
      .map(([row, { what, note, not, instead }]) => ({
        id: row,
        what: oneLine(what),
        ...(note === undefined ? {} : { note: oneLine(note) }),
        detections: (covered.get(row) ?? []).map(describe),
        ...(not === undefined ? {} : { not: oneLine(not) }),
        instead,
      })),
  }));
  const own = content.detections
    .filter((detection) => detection.catalogue.length === 0)
    .map((detection) => describe(detection.id));
  const refused = Object.entries(catalogue.refused.rows).map(([id, row]) => ({
    id,
    what: oneLine(row.what),
    section: row.section,
    not: oneLine(row.not),
    instead: row.instead,
  }));
  const advice = catalogue.advice.sources.map(({ source, title, advice: pieces }) => ({
    source,
    title,
    advice: pieces.map((piece) => adviceOf(piece, covered, byId)),
  }));
  const rows = sections.flatMap((section) => section.rows);
  const pieces = advice.flatMap((one) => one.advice);
  const by = (kind: CoveredAdvice['by']) => pieces.filter((piece) => piece.by === kind).length;
  return {
    counts: {
      rows: rows.length,
      covered: rows.filter((row) => row.detections.length > 0).length,
      notCovered: rows.filter((row) => row.detections.length === 0).length,
      refused: refused.length,
      detections: content.detections.length,
      ownDetections: own.length,
      advice: pieces.length,
      adviceByData: by('data') + by('check'),
      adviceByProcess: by('process'),
      adviceRefused: by('refused'),
    },
    sections,
    own,
    refused,
    advice,
  };
}

function covering(detection: Detection, content: Content): CoveringDetection {
  return {
    id: detection.id,
    title: detection.title,
    stage: detection.stage,
    // Reference data ships with Rollcall: nobody has to bring it.
    needs: detection.needs
      .filter((need) => !need.startsWith('facts.'))
      .map((need) => ({ need: needInWords(need), from: enabledBy([need], content.connectors) })),
  };
}

function adviceOf(
  piece: { what: string; covered_by: string[]; note?: string | undefined },
  covered: ReadonlyMap<string, string[]>,
  byId: ReadonlyMap<string, Detection>,
): CoveredAdvice {
  const detections = [
    ...new Set(piece.covered_by.flatMap((name) => (byId.has(name) ? [name] : (covered.get(name) ?? [])))),
  ];
  const checks = piece.covered_by.filter((name) => /^[a-z_]+$/.test(name) && name !== 'process');
  const refused = piece.covered_by.some((name) => /^D-\d+$/.test(name));
  return {
    what: oneLine(piece.what),
    by: detections.length > 0 ? 'data' : checks.length > 0 ? 'check' : refused ? 'refused' : 'process',
    coveredBy: piece.covered_by,
    detections,
    uncovered: piece.covered_by.filter((name) => /^[A-Z]{2}-\d\d$/.test(name) && !covered.has(name)),
    ...(piece.note === undefined ? {} : { note: oneLine(piece.note) }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Connectors named before only their number is told. */
const namedConnectors = 4;

/** The page docs/coverage.md. */
export function coverageMarkdown(found: Coverage): string {
  const { counts } = found;
  const all = new Map(
    [...found.sections.flatMap((one) => one.rows.flatMap((row) => row.detections)), ...found.own].map(
      (detection) => [detection.id, detection],
    ),
  );
  const lines = [
    '# Coverage: which evidence is looked for',
    '',
    'Written by `rollcall content coverage --write docs/coverage.md` from [the catalogue](../content/catalogue) and the',
    'detections; a test fails when it is out of date. The catalogue lists every piece of evidence that public reports of the',
    'scheme name, in our own words, whether anything here looks for it or not. That a row is covered says that its data is',
    'looked at where it is there; not that everybody who shows it is found, and nothing of anybody who does.',
    '',
    `- **${counts.rows}** pieces of evidence: **${counts.covered}** covered, **${counts.notCovered}** not, each with the reason.`,
    `- **${counts.detections}** detections, **${counts.ownDetections}** of them of evidence or exposure that no row names.`,
    `- **${counts.refused}** published signs are refused: they say who somebody is.`,
    `- **${counts.advice}** pieces of public advice: for **${counts.adviceByData}** there is a detection or a check whose outcome counts, **${counts.adviceByProcess}** are for people to do and leave no record here, **${counts.adviceRefused}** are refused.`,
    '',
    '| | rows | covered | not |',
    '| --- | ---: | ---: | ---: |',
    ...found.sections.map((section) => {
      const covered = section.rows.filter((row) => row.detections.length > 0).length;
      return `| [${cell(section.title)}](#${anchor(section.title)}) | ${section.rows.length} | ${covered} | ${section.rows.length - covered} |`;
    }),
    '',
  ];
  for (const section of found.sections) {
    lines.push(`## ${section.title}`, '');
    const covered = section.rows.filter((row) => row.detections.length > 0);
    const not = section.rows.filter((row) => row.detections.length === 0);
    if (covered.length > 0) {
      lines.push('| | evidence | looked for by | in |', '| --- | --- | --- | --- |');
      for (const row of covered)
        lines.push(
          `| ${row.id} | ${cell(row.what)}${row.note ? ` _Left out: ${cell(row.note)}_` : ''} | ${row.detections.map(link).join('; ')} | ${cell(dataOf(row.detections))} |`,
        );
      lines.push('');
    }
    if (not.length > 0) {
      lines.push('| | evidence that no detection covers | why | instead |', '| --- | --- | --- | --- |');
      for (const row of not)
        lines.push(
          `| ${row.id} | ${cell(row.what)} | ${cell(row.not ?? '')} | ${row.instead.map((name) => pointer(name, all)).join('; ')} |`,
        );
      lines.push('');
    }
  }
  if (found.own.length > 0) {
    lines.push(
      '## Detections beside the catalogue',
      '',
      'Exposure, what speaks for people, and what follows from how the scheme must work though no row names it.',
      '',
      '| detection | in |',
      '| --- | --- |',
      ...found.own.map((detection) => `| ${link(detection)} | ${cell(dataOf([detection]))} |`),
      '',
    );
  }
  lines.push(
    '## Refused',
    '',
    'No detection covers these and none may: [refused signals](refused-signals.md) gives the reasons.',
    '',
    '| | published sign | why not | instead |',
    '| --- | --- | --- | --- |',
    ...found.refused.map(
      (row) =>
        `| [${row.id}](refused-signals.md#${anchor(row.section)}) | ${cell(row.what)} | ${cell(row.not)} | ${row.instead.map((name) => pointer(name, all)).join('; ')} |`,
    ),
    '',
    '## Public advice, by source',
    '',
    'What governments and responders advise, in our own words, and what of it Rollcall does. _Check_: people do it, and its',
    'outcome is recorded and counted, in both directions. _Process_: only people can do it, and nothing here shows whether',
    'they did. Sources: [by tag](sources.md).',
    '',
  );
  for (const { source, title, advice } of found.advice) {
    lines.push(`### ${title} (${source})`, '', '| advice | what Rollcall does |', '| --- | --- |');
    for (const piece of advice)
      lines.push(
        `| ${cell(piece.what)} | ${cell(answer(piece))}${piece.note ? ` ${cell(piece.note)}` : ''} |`,
      );
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function answer(piece: CoveredAdvice): string {
  const looked = piece.coveredBy.filter(
    (name) => (/^[A-Z]{2}-\d\d$/.test(name) && !piece.uncovered.includes(name)) || /^[a-z]+-/.test(name),
  );
  const checks = piece.coveredBy.filter((name) => /^[a-z_]+$/.test(name) && name !== 'process');
  const refused = piece.coveredBy.filter((name) => /^D-\d+$/.test(name));
  const parts = [
    looked.length > 0 ? `Looked for: ${looked.join(', ')}.` : '',
    piece.uncovered.length > 0 ? `Not looked for; see ${piece.uncovered.join(', ')}.` : '',
    checks.length > 0 ? `Check: ${checks.map((name) => name.replaceAll('_', ' ')).join(', ')}.` : '',
    refused.length > 0 ? `Refused: ${refused.join(', ')}.` : '',
    piece.coveredBy.includes('process') ? 'Process.' : '',
  ];
  return parts.filter(Boolean).join(' ');
}

/** What the detections read, and which exports bring it. */
function dataOf(detections: readonly CoveringDetection[]): string {
  const needs = new Map<string, string[]>();
  for (const { need, from } of detections.flatMap((detection) => detection.needs)) needs.set(need, from);
  // Lists of people and devices come from almost everywhere.
  for (const need of needs.keys())
    if (/ of people$|^a list of people$|^a device inventory$|^whether devices/.test(need))
      needs.set(need, []);
  return [...needs]
    .map(([need, from]) => {
      const named = from.slice(0, namedConnectors).join(', ');
      const more = from.length > namedConnectors ? ` and ${from.length - namedConnectors} more` : '';
      return from.length > 0 ? `${need} (${named}${more})` : need;
    })
    .join('; ');
}

function link(detection: CoveringDetection): string {
  return `[${cell(detection.title)}](../content/detections/${detection.stage}/${detection.id}.yml)`;
}

function pointer(name: string, detections: ReadonlyMap<string, CoveringDetection>): string {
  const detection = detections.get(name);
  if (detection) return link(detection);
  return /^[a-z_]+$/.test(name) ? `check: ${name.replaceAll('_', ' ')}` : name;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** As headings are linked to on code hosts. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
