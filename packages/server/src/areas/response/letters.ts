/** Letters and reports, pre-filled with what the case holds; people edit them, and counsel releases them. */
import { identityGaps, type Letter, type LetterGap } from '@rollcall/engine/content/playbooks.js';
import type { PersonResult } from '@rollcall/engine/model/result.js';
import type { PersonRow, Services } from '../../model/services.js';
import { Finder, identityOf, mapTexts, replacer } from './bundle/redact.js';
import { day, type Reach } from './reach.js';

/** What stands where there is nothing to fill in. */
const blank = '____________________';
/** Lists longer than this are cut, and say so. */
const most = 30;

export interface LetterFacts {
  number: number;
  openedAt: Date;
  verdict?: string;
  person: PersonRow;
  result: PersonResult | undefined;
  reach: Reach;
}

/** The text of a letter. Nobody who is not its subject is named; where it must not say who somebody is, nothing does. */
export async function written(services: Services, letter: Letter, facts: LetterFacts): Promise<string> {
  const gaps = await gapsOf(services, letter, facts);
  return letter.text.replace(/\{([a-z.]+)\}/g, (_, gap: string) => gaps[gap as LetterGap] ?? blank).trimEnd();
}

async function gapsOf(
  services: Services,
  letter: Letter,
  { number, openedAt, verdict, person, result, reach }: LetterFacts,
): Promise<Partial<Record<LetterGap, string>>> {
  const against = (result?.signals ?? []).filter((signal) => signal.bits > 0 && !signal.explained);
  const pseudonym = services.sight.pseudonym(person.id);
  const labels = (kinds: readonly string[]) => [
    ...new Set(
      (result?.identifiers ?? [])
        .filter(({ kind }) => kinds.includes(kind))
        .map(
          ({ kind, label, context }) =>
            `${kind.replaceAll('_', ' ')}: ${label}${context ? ` (${context})` : ''}`,
        ),
    ),
  ];
  const pay = (result?.timeline ?? [])
    .filter(({ kind }) => kind === 'pay')
    .map(({ time, label }) => `${day(time)}: ${label}`);
  const gaps: Partial<Record<LetterGap, string>> = {
    'case.number': String(number),
    'case.opened': day(openedAt.toISOString()),
    // A sentence holds names and addresses; the title of a finding holds none.
    'case.findings': lines(against.map((signal) => (letter.identity ? signal.says : signal.title))),
    'case.innocent': lines([...new Set(against.flatMap(({ innocent }) => innocent))]),
    'case.verdict': verdict ?? 'not decided yet',
    'reach.sentences': lines(reach.sentences),
    'reach.missing': lines(reach.missing),
    'reach.devices': lines(reach.devices.map(({ label }) => label)),
    'person.pseudonym': pseudonym,
    'person.role': letter.identity
      ? [person.title, person.engagement, person.department].filter(Boolean).join(', ')
      : [person.title, person.engagement].filter(Boolean).join(', '),
    'person.dates':
      [
        person.appliedAt && `applied ${day(person.appliedAt)}`,
        person.startedAt && `began ${day(person.startedAt)}`,
        person.leftAt && `left ${day(person.leftAt)}`,
      ]
        .filter(Boolean)
        .join(', ') || 'no dates on record',
    'person.name': person.name,
    'person.contacts': lines(labels(['email', 'phone', 'address', 'code_login'])),
    'person.network': lines(
      reach.networks.map(({ ip, where, last }) => `${ip}${where ? ` (${where})` : ''}, last ${day(last)}`),
    ),
    'person.payment': lines(labels(['bank_account'])),
    'victim.note':
      'Somebody whose name or numbers were used may be a victim, and is not the person described here. Their particulars are handed over by counsel only.',
    'pay.changes': lines(pay),
    today: day(services.now().toISOString()),
  };
  if (!letter.identity) for (const gap of identityGaps) delete gaps[gap];
  return mapTexts(gaps, await withoutOthers(services, person, result, gaps, letter.identity));
}

/** People who are not what a letter is about stand in it by pseudonym. */
async function withoutOthers(
  services: Services,
  person: PersonRow,
  result: PersonResult | undefined,
  gaps: object,
  identity: boolean,
): Promise<(text: string) => string> {
  const snapshot = services.results.current();
  if (!snapshot) return (text) => text;
  const found = new Map<string, PersonRow>();
  new Finder(snapshot.people, (id) => snapshot.row(id)).in(gaps, found);
  found.delete(person.id);
  const values = new Map<string, string>();
  const keep = new Set([
    person.name.toLowerCase(),
    ...(result?.identifiers ?? []).map(({ label }) => label.toLowerCase()),
  ]);
  for (const other of found.values())
    for (const [value, by] of identityOf(
      other,
      await snapshot.person(other.id),
      services.sight.pseudonym(other.id),
      {
        parts: false,
        keep,
      },
    ))
      values.set(value, by);
  if (!identity)
    for (const [value, by] of identityOf(person, result, services.sight.pseudonym(person.id), {
      parts: true,
    }))
      values.set(value, by);
  return replacer(values);
}

function lines(items: readonly string[]): string {
  if (items.length === 0) return `  - none on record`;
  // A stranger's text keeps to its line.
  const shown = items
    .slice(0, most)
    .map((item) => `  - ${item.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()}`);
  if (items.length > most) shown.push(`  - and ${items.length - most} more, in the case`);
  return shown.join('\n');
}
