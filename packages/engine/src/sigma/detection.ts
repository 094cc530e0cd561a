import { createHash } from 'node:crypto';
import { type Level, ruleKey, type SigmaRule } from '@rollcall/sigma';
import type { Detection } from '../content/detection.js';
import { explanationKinds } from '../model/policy.js';
import type { RuleCredit } from '../model/result.js';
import { fieldsOf } from './prefilter.js';
import type { RuleEntry } from './rules.js';
import { isPlace } from './wall.js';

/**
 * Bits a match counts for at most, by the level of the rule. Little on purpose: such rules are written to find attacks on
 * computers, nobody has measured them on honest workers, and everything administrators do sets them off.
 */
export const levelBits: Readonly<Record<Level, number>> = {
  informational: 0,
  low: 0.1,
  medium: 0.3,
  high: 0.6,
  critical: 1,
};

/** Share of honest people expected to set off a rule once, before anything is measured. */
const ifHonest = 0.01;

/** The level a rule without one is taken for. */
const defaultLevel: Level = 'low';

/** Explanations that can account for what a rule about computers sees. */
const explainedBy = explanationKinds.filter((kind) =>
  ['travel', 'company-vpn', 'approved-vpn', 'approved-remote-tool', 'on-call', 'job-duty'].includes(kind),
);

export function creditOf({ loaded, pack, file }: RuleEntry): RuleCredit {
  const { rule } = loaded;
  return {
    id: ruleKey(rule),
    title: line(rule.title, 160),
    author: line(rule.author ?? '', 200) || 'not named in the rule',
    license: line(rule.license ?? pack.license ?? '', 120) || 'not stated in the rule',
    file: `${pack.id}/${file}`,
  };
}

export type About = 'person' | 'company';

/**
 * A rule as a detection of the engine: `query` gives its matches, about persons or (`company`) about nobody that is known.
 * Facets are log sources: several rules that see one log do not add up.
 */
export function detectionOf(entry: RuleEntry, about: About, facet: string, query: string): Detection {
  const { rule } = entry.loaded;
  const credit = creditOf(entry);
  const level = rule.level ?? defaultLevel;
  const correlation = rule.kind === 'correlation';
  const description = line(rule.description ?? '', 600);
  const title = plain(credit.title);
  const fires = correlation
    ? `what {list(account)} did fits “${title}”, a general rule for logs (Sigma), {times} {s(times, time, times)}, first on {day(time)}`
    : `{times} {s(times, event, events)} of {list(account)} {s(times, fits, fit)} “${title}”, a general rule for logs (Sigma), first on {day(time)}`;
  return {
    id: about === 'person' ? `sigma:${credit.id}` : `sigma:${credit.id}:nobody-known`,
    title: credit.title,
    why: `${description ? `${description} ` : ''}A general rule about accounts and computers (level ${level}), not about who somebody is.`,
    sources: [
      `Sigma rule ${credit.id} by ${credit.author}; licence: ${credit.license}`,
      ...rule.references.slice(0, 5).map((reference) => line(reference, 300)),
    ],
    catalogue: [],
    about,
    facet,
    needs: [],
    query,
    says:
      about === 'person'
        ? `${fires.charAt(0).toUpperCase()}${fires.slice(1)}.`
        : `${fires.charAt(0).toUpperCase()}${fires.slice(1)}; ${levelBits[level] > 0 ? 'no person is known for {s(times, it, them)}' : 'informational, so not weighed against anyone'}.`,
    ...(about === 'person'
      ? {
          weight: {
            if_not: [ifHonest * 2 ** levelBits[level], ifHonest * 2 ** levelBits[level]] as [number, number],
            if_honest: ifHonest,
            source: `By the rule's level (${level}): a convention, not measured on false identities`,
            conclusive: false,
            at_most: levelBits[level],
            only_strongest: true,
          },
        }
      : {}),
    innocent: innocentOf(rule.falsepositives),
    explained_by: explainedBy,
    fairness: readsPlace(entry) ? 'circumstance' : 'none',
    attack: [
      ...new Set(
        rule.tags.flatMap((tag) => {
          const found = /^attack\.t(\d{4}(?:\.\d{3})?)$/i.exec(tag);
          return found ? [`T${found[1]}`] : [];
        }),
      ),
    ],
    next: [
      'Read the rows beside what the rule says of false positives, and ask whoever runs that system whether it was expected.',
    ],
    tests: [],
    stage: 'employed',
    file: credit.file,
    version: versionOf(rule),
    rule: credit,
  };
}

/** Short hash of what a rule says, wherever its file lies. */
function versionOf(rule: SigmaRule): string {
  const text = JSON.stringify(rule, (key, value: unknown) => {
    if (key === 'at') return undefined;
    return value instanceof Map ? [...value] : value;
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Whether matches of a rule are weighed at all. */
export function weighed(entry: RuleEntry): boolean {
  return levelBits[entry.loaded.rule.level ?? defaultLevel] > 0;
}

function innocentOf(falsepositives: readonly string[]): string[] {
  const said = falsepositives
    .map((text) => line(text, 300))
    .filter((text) => text !== '' && !/^(unknown|none|unlikely)\.?$/i.test(text));
  return said.length > 0
    ? said.slice(0, 12)
    : [
        'The rule names no innocent cause. Most matches of a general rule are ordinary work, above all of administrators.',
      ];
}

function readsPlace({ loaded, planned }: RuleEntry): boolean {
  const { rule } = loaded;
  if (rule.kind === 'correlation') return [...rule.groupBy, ...rule.countedFields].some(isPlace);
  if (planned === undefined || planned.rule.kind !== 'detection' || !('plan' in planned)) return false;
  return [...fieldsOf(planned.plan).fields.keys()].some(isPlace);
}

/** One line of text from a rule file, cut. */
function line(text: string, longest: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** Without the braces that a sentence would read as a column. */
function plain(text: string): string {
  return text.replace(/[{}]/g, '');
}
