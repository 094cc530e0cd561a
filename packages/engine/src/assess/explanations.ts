import { type Accounted, doubtsAbout, idOf, stateOf } from '../explain/explanations.js';
import { type Decision, everConfirmed } from '../links/decisions.js';
import type { Link } from '../links/links.js';
import { linkInWords } from '../links/say.js';
import type { Explanation } from '../model/policy.js';
import type { AccountedFinding, ExplanationResult } from '../model/result.js';
import { sentence } from '../signals/sentence.js';
import type { Assessment } from './weight.js';

/** Of one explanation at most so many findings and links are listed. */
const listedMost = 200;

interface ExplanationsOf {
  /** Those that were looked at, each with the people of its groups. */
  explanations: readonly Explanation[];
  decisions: readonly Decision[];
  assessments: Iterable<Assessment>;
  /** Links that join nobody, by the explanation that accounts for them. */
  links: ReadonlyMap<string, { by: Accounted; links: readonly Link[] }>;
  nameOf: (id: string) => string;
  asOf: Date;
}

/** Every explanation on record, with all that does not count because of it. */
export function explanationResults(options: ExplanationsOf): ExplanationResult[] {
  const { nameOf, asOf } = options;
  const ever = new Map(everConfirmed(options.decisions).map((one) => [one.id, one]));
  const results = new Map<string, ExplanationResult>();
  const put = (
    explanation: Explanation,
    state: ExplanationResult['state'],
    source: ExplanationResult['source'],
  ) => {
    const { kind, people, groups = [], detections, value, from, to, until, by, reason } = explanation;
    const id = idOf(explanation);
    const decided = source === 'decision' ? ever.get(id) : undefined;
    results.set(id, {
      id,
      kind,
      state,
      source,
      ...(decided ? { decision: decided.decision, time: decided.time } : {}),
      by,
      reason,
      people: people.slice(0, listedMost).map((person) => ({ id: person, name: nameOf(person) })),
      groups,
      detections,
      ...(value ? { value } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(until ? { until } : {}),
      doubts: source === 'HR record' || state === 'withdrawn' ? [] : doubtsAbout(explanation, asOf),
      accountsFor: [],
      joins: [],
      ...(decided?.withdrawn ? { withdrawn: decided.withdrawn } : {}),
    });
  };
  for (const explanation of options.explanations) {
    const one = ever.get(idOf(explanation));
    put(explanation, stateOf(explanation, asOf), one && !one.withdrawn ? 'decision' : 'policy');
  }
  for (const [id, one] of ever)
    if (one.withdrawn && !results.has(id)) put(one.explanation, 'withdrawn', 'decision');

  /** Whom a household of the HR system is about shows in what it accounts for. */
  const involve = (result: ExplanationResult | undefined, person: string) => {
    if (result?.source === 'HR record' && !result.people.some((one) => one.id === person))
      result.people.push({ id: person, name: nameOf(person) });
  };
  for (const assessment of options.assessments)
    for (const { signal, bits } of assessment.weighed)
      for (const [id, { by, rows }] of signal.accountedFor) {
        if (!results.has(id)) put({ ...by, people: [], detections: [] }, 'in force', 'HR record');
        const finding: AccountedFinding = {
          person: { id: signal.person, name: nameOf(signal.person) },
          detection: signal.detection.id,
          title: signal.detection.title,
          says: sentence(signal.detection.says, signal.rows, nameOf),
          bits: signal.explained ? rounded(bits) : 0,
          rows,
          of: signal.explained ? signal.total : signal.total + sum(signal.accountedFor),
        };
        const result = results.get(id);
        result?.accountsFor.push(finding);
        involve(result, signal.person);
      }
  for (const [id, { by, links }] of options.links) {
    if (!results.has(id)) put({ ...by, people: [], detections: [] }, 'in force', 'HR record');
    const result = results.get(id);
    for (const link of links.slice(0, listedMost)) {
      result?.joins.push({ says: linkInWords(link, nameOf), bits: rounded(link.bits) });
      for (const person of [link.a, link.b]) involve(result, person);
    }
  }

  const order: readonly ExplanationResult['state'][] = ['in force', 'not yet', 'over', 'withdrawn'];
  const list = [...results.values()];
  for (const one of list) {
    one.accountsFor.sort((x, y) => y.bits - x.bits || (key(x) < key(y) ? -1 : 1));
    one.accountsFor.splice(listedMost);
    one.joins.sort((x, y) => y.bits - x.bits || (x.says < y.says ? -1 : 1));
  }
  const weight = (one: ExplanationResult) =>
    one.accountsFor.reduce((total, finding) => total + finding.bits, 0);
  return list.sort(
    (x, y) =>
      order.indexOf(x.state) - order.indexOf(y.state) || weight(y) - weight(x) || (x.id < y.id ? -1 : 1),
  );
}

function key(one: AccountedFinding): string {
  return `${one.person.id}\u0000${one.detection}`;
}

function sum(accountedFor: ReadonlyMap<string, { rows: number }>): number {
  return [...accountedFor.values()].reduce((total, { rows }) => total + rows, 0);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
