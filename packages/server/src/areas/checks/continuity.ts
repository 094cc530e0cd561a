/** Whether the same human being was met from the application to day 30: a chain, with its gaps named. */
import type { SignalResult } from '@rollcall/engine/model/result.js';
import type { PersonRow } from '../../model/services.js';
import { dayAfter } from './draw.js';
import type { Continuity } from './words.js';

export interface DoneCheck {
  id: string;
  form: string;
  occasion: string;
  state: 'asked' | 'done' | 'excused' | 'cancelled';
  outcome: 'success' | 'failure' | 'unknown' | null;
  doneAt: Date | null;
  /** Words given that say yes. */
  yes: number;
  otherWay: boolean;
}

type Step = Continuity['steps'][number];

/** What speaks for a step: forms, on which occasions, and findings from records kept elsewhere. */
const links: {
  step: string;
  forms: { form: string; occasion?: (occasion: string) => boolean }[];
  findings: string[];
  /** Days after the first day at work from which it is due; absent: from the offer on. */
  day?: number;
}[] = [
  {
    step: 'Interview',
    forms: [
      { form: 'interview-on-camera' },
      { form: 'same-person', occasion: (one) => one.startsWith('stage:') },
    ],
    findings: [
      'same-person-in-every-interview',
      'camera-on-in-every-interview',
      'live-request-on-camera-passed',
    ],
  },
  {
    step: 'Identity',
    forms: [{ form: 'identity-document' }, { form: 'in-person-step' }],
    findings: ['identity-document-verified', 'seen-in-person-with-a-document'],
  },
  {
    step: 'Day 1',
    forms: [{ form: 'same-person', occasion: (one) => one === 'start+0' }],
    findings: ['same-person-check-passed'],
    day: 3,
  },
  {
    step: 'Day 30',
    forms: [{ form: 'same-person', occasion: (one) => one === 'start+30' }, { form: 'spot-check' }],
    findings: ['spot-check-passed'],
    day: 35,
  },
];

export function continuityOf(
  row: Pick<PersonRow, 'stage' | 'appliedAt' | 'startedAt'>,
  checks: readonly DoneCheck[],
  signals: readonly Pick<SignalResult, 'detection' | 'last' | 'says'>[],
  today: string,
): Omit<Continuity, 'about'> {
  const steps: Step[] = [
    row.appliedAt
      ? {
          step: 'Application',
          state: 'met',
          says: 'On record; the later steps are compared with it.',
          at: row.appliedAt,
        }
      : { step: 'Application', state: 'gap', says: 'No application is on record.' },
    ...links.map((link) => stepOf(link, row, checks, signals, today)),
  ];
  const gaps = steps.filter((one) => one.state === 'gap');
  const different = steps.some((one) => one.state === 'not the same');
  const running = steps.some((one, index) => one.state === 'gap' && steps[index + 1]?.state === 'gap');
  return {
    steps,
    whole: !running && !different,
    says: different
      ? 'At one step it was said that this is another person. Have it confirmed by somebody else before anything follows from it.'
      : gaps.length === 0
        ? 'No step of the chain is missing so far.'
        : `${running ? 'The chain is broken' : 'The chain holds'}: missing ${gaps.length === 1 ? 'is' : 'are'} ${gaps
            .map((gap) => gap.step.toLowerCase())
            .join(', ')}. A gap is a check to do, and says nothing of the person.`,
  };
}

function stepOf(
  link: (typeof links)[number],
  row: Pick<PersonRow, 'stage' | 'startedAt'>,
  checks: readonly DoneCheck[],
  signals: readonly Pick<SignalResult, 'detection' | 'last' | 'says'>[],
  today: string,
): Step {
  const { step } = link;
  const mine = checks.filter((check) =>
    link.forms.some((one) => one.form === check.form && (one.occasion?.(check.occasion) ?? true)),
  );
  const from = row.startedAt && link.day !== undefined ? dayAfter(row.startedAt.slice(0, 10), 20) : '';
  const done = mine
    .filter((check) => check.state === 'done' && check.doneAt)
    .filter(
      (check) => check.form !== 'spot-check' || (check.doneAt as Date).toISOString().slice(0, 10) >= from,
    )
    .sort((a, b) => (b.doneAt as Date).getTime() - (a.doneAt as Date).getTime());
  const at = (check: DoneCheck) => ({ at: (check.doneAt as Date).toISOString(), check: check.id });
  for (const check of done) {
    if (check.outcome === 'failure')
      return { step, state: 'not the same', says: 'It was recorded that this did not fit.', ...at(check) };
    if (check.outcome === 'success') return { step, state: 'met', says: 'Confirmed.', ...at(check) };
    if (check.otherWay)
      return {
        step,
        state: 'other way',
        says: 'Done in an agreed other way, which counts as much.',
        ...at(check),
      };
    if (check.yes > 0)
      return {
        step,
        state: 'one word',
        says: 'One person confirmed it, the other was not sure.',
        ...at(check),
      };
  }
  const found = signals.find((one) => link.findings.includes(one.detection));
  if (found) return { step, state: 'met', says: found.says, at: found.last };
  const excused = mine.find((check) => check.state === 'excused');
  if (excused)
    return {
      step,
      state: 'other way',
      says: 'Another way was agreed, which counts as much.',
      check: excused.id,
      ...(excused.doneAt ? { at: excused.doneAt.toISOString() } : {}),
    };
  const [unsure] = done;
  if (unsure) return { step, state: 'unsure', says: 'It could not be told.', ...at(unsure) };
  const open = mine.find((check) => check.state === 'asked' && check.form !== 'spot-check');
  if (open) return { step, state: 'open', says: 'Asked for, and not done yet.', check: open.id };
  const due =
    link.day === undefined
      ? row.stage !== 'applicant'
      : row.startedAt !== undefined && dayAfter(row.startedAt.slice(0, 10), link.day) <= today;
  return due
    ? { step, state: 'gap', says: 'Nothing is on record.' }
    : { step, state: 'not yet', says: 'Not due yet.' };
}
