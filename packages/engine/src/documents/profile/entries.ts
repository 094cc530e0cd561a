import { type DateRange, dateRange, type PartialDate } from './dates.js';
import { headingOf, type Section, type TextLine } from './lines.js';

/** A job or a course of study, as far as it can be told. */
export interface Entry {
  from: PartialDate;
  to?: PartialDate;
  ongoing: boolean;
  /** What stands beside and next to the dates, as written; employer, title and place are among it. */
  heading: string[];
  /** Only where exactly one part of the heading can be it. */
  organisation?: string;
  title?: string;
  /** Index into `blocks`, of the line with the dates. */
  block: number;
  /** What is written under it, up to the next entry or heading; lines as they stand, cut at 2,000 characters. */
  body: string;
}

const longestBody = 2_000;

const bullet = /^[•◦▪▸►‣⁃∙·*o–—-]\s/;
export const roleWords =
  /\b(?:engineer|developer|manager|director|analyst|architect|consultant|administrator|designer|scientist|specialist|lead|leader|officer|intern|assistant|associate|coordinator|technician|programmer|president|founder|co-founder|ceo|cto|cfo|coo|head|researcher|teacher|instructor|professor|tester|devops|sre|freelancer?|contractor|contributor|representative|executive|accountant|recruiter|writer|editor|owner|member)\b/i;
export const degreeWords =
  /\b(?:bachelor|master|doctor|associate|diploma|certificate|degree|minor|major|ph\.?\s?d|b\.?\s?sc?|m\.?\s?sc?|b\.?a|m\.?a|b\.?eng|m\.?eng|b\.?tech|m\.?tech|mba|bs|ms|bfa)\b\.?/i;
export const schoolWords =
  /\b(?:university|universit\p{L}+|college|institute|institut|school|academy|polytechnic|hochschule|école|escuela)\b/iu;
/** `Menlo Park, CA`, `Seoul, S.Korea`, `Remote`. */
const place =
  /^(?:remote|hybrid|on-?site|[\p{Lu}][\p{L}.' -]{1,30},\s*(?:[A-Z]{2}|[\p{Lu}][\p{L}. ]{1,30}))$/u;

/** Jobs and studies under their headings. Dates under no heading, or several in a line, are left out. */
export function findEntries(lines: readonly TextLine[]): { employment: Entry[]; education: Entry[] } {
  const found: { employment: Entry[]; education: Entry[] } = { employment: [], education: [] };
  let section: Section = 'other';
  const used = new Set<number>();
  const under: { entry: Entry; at: number }[] = [];
  const headingsAt: number[] = [];
  lines.forEach((line, index) => {
    const heading = headingOf(line.text);
    if (heading) {
      section = heading;
      used.add(index);
      headingsAt.push(index);
      return;
    }
    if (section === 'other' || bullet.test(line.text)) return;
    const range = dateRange(line.text);
    if (!range || !isHeadingLine(line.text, range)) return;
    used.add(index);
    const parts = partsOf(line.text.replace(range.text, '\t'));
    // Dates on a line of their own stand under what they are of: a title, an employer, or both.
    const above = parts.length === 0 ? linesAbove(lines, index, used) : [];
    for (const at of above) {
      used.add(at);
      parts.unshift(...partsOf(lines[at]?.text ?? ''));
    }
    const beside = above.length > 0 ? undefined : neighbour(lines, index, used);
    if (beside !== undefined) {
      used.add(beside);
      const more = partsOf(lines[beside]?.text ?? '');
      parts.splice(beside < index ? 0 : parts.length, 0, ...more);
    }
    if (parts.length === 0 || found[section].length >= 200) return;
    const names = section === 'employment' ? jobNames(parts) : studyNames(parts);
    const entry: Entry = {
      from: range.from,
      ...(range.to && { to: range.to }),
      ongoing: range.ongoing,
      heading: parts,
      ...names,
      block: line.block,
      body: '',
    };
    found[section].push(entry);
    under.push({ entry, at: index });
  });
  const stops = [...headingsAt, ...under.map(({ at }) => at), lines.length].sort((a, b) => a - b);
  for (const { entry, at } of under) {
    const next = stops.find((stop) => stop > at) ?? lines.length;
    entry.body = bodyOf(lines, at + 1, next, used);
  }
  return found;
}

/** Lines that are no part of a heading, as far as they fit. */
function bodyOf(lines: readonly TextLine[], from: number, to: number, used: ReadonlySet<number>): string {
  let body = '';
  for (let index = from; index < to && body.length < longestBody; index++)
    if (!used.has(index)) body += `${body === '' ? '' : '\n'}${lines[index]?.text ?? ''}`;
  return body.slice(0, longestBody);
}

/** Dates within a sentence tell something else than when a job was held. */
function isHeadingLine(text: string, range: DateRange): boolean {
  const rest = text.replace(range.text, '').trim();
  return rest.length <= 140 && rest.split(/\s+/).length <= 16 && !/[a-z]{3,}\.$/.test(rest);
}

const short = (line: TextLine | undefined): boolean =>
  line !== undefined &&
  line.text.length <= 90 &&
  !bullet.test(line.text) &&
  !/[a-z]{2}[.;:,]$/.test(line.text.replace(/\b(?:inc|ltd|llc|co|corp|gmbh)\.$/i, '')) &&
  !/^(?:https?:|www\.)/i.test(line.text) &&
  /^[\p{Lu}\d]/u.test(line.text) &&
  dateRange(line.text) === undefined &&
  headingOf(line.text) === undefined;

/** Up to two heading lines right above, the nearest first. */
function linesAbove(lines: readonly TextLine[], index: number, used: ReadonlySet<number>): number[] {
  const found: number[] = [];
  for (let at = index - 1; at >= index - 2 && !used.has(at) && short(lines[at]); at--) found.push(at);
  return found;
}

/** The line above, where it begins a block of text or this one; else the line below. */
function neighbour(lines: readonly TextLine[], index: number, used: ReadonlySet<number>): number | undefined {
  const above = lines[index - 1];
  const below = lines[index + 1];
  if (!used.has(index - 1) && short(above) && above?.first) return index - 1;
  if (!used.has(index + 1) && short(below) && below && !below.text.includes(':')) return index + 1;
  return undefined;
}

const partsOf = (text: string): string[] =>
  text
    .split(/\t|\s[|·•@]\s|\s[–—-]\s/)
    .map((part) => part.replace(/^[\s,()–—:|-]+|[\s,(–—:|-]+$/g, '').trim())
    .filter((part) => part.length > 1);

function only(parts: readonly string[]): string | undefined {
  return parts.length === 1 ? parts[0] : undefined;
}

/** `Acme, Inc.`: a comma that parts no two names. */
const companyForm = /,\s*(?:inc|llc|ltd|corp|co|gmbh|plc|llp)\b\.?/i;

function jobNames(parts: readonly string[]): { title?: string; organisation?: string } {
  const named = parts
    .map((part) => part.replace(companyForm, ''))
    .flatMap(withoutPlace)
    .filter((part) => !place.test(part));
  // `Acme, Senior Engineer` on one line is two names; which comma parts them cannot be told.
  if (named.some((part) => part.includes(','))) return {};
  const title = only(named.filter((part) => roleWords.test(part)));
  const organisation = title === undefined ? undefined : only(named.filter((part) => part !== title));
  return { ...(title && { title }), ...(organisation && { organisation }) };
}

/** `Acme Ltd, Dallas, Texas` as its employer; `Tester, Acme Ltd, Dallas, Texas` as title and employer. */
function withoutPlace(part: string): string[] {
  const pieces = part.split(/,\s*/);
  if (pieces.length < 3 || pieces.length > 4 || !place.test(pieces.slice(-2).join(', '))) return [part];
  const names = pieces.slice(0, -2);
  if (names.length === 1) return names;
  const titles = names.filter((name) => roleWords.test(name));
  return titles.length === 1 ? names : [part];
}

function studyNames(parts: readonly string[]): { title?: string; organisation?: string } {
  const organisation = only(parts.filter((part) => schoolWords.test(part) && !degreeWords.test(part)));
  const title = only(parts.filter((part) => degreeWords.test(part) && !schoolWords.test(part)));
  return { ...(title && { title }), ...(organisation && { organisation }) };
}
