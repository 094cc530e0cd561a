/**
 * Who needs which check now. Pure, and the same for everybody in the same situation: what it is given holds neither band
 * nor weight nor name, so that none of them can decide.
 */
import type { CheckForm } from '@rollcall/engine/content/checks.js';
import { dayAfter } from './draw.js';

/** All that a rule may look at. */
export interface Situation {
  /** Id of the person. */
  person: string;
  stage: string;
  remote: boolean;
  /** First day at work, `YYYY-MM-DD`. */
  startedAt?: string;
  /** What was found and is not accounted for: which detection, and on which day it was last seen. */
  findings: readonly { detection: string; day: string }[];
  /** Of each kind of check the day of the last result on record, wherever it was written down. */
  checked?: Readonly<Record<string, string>>;
}

export interface Wanted {
  form: string;
  person: string;
  occasion: string;
  /** Last day to do it. */
  due: string;
}

/** A step that is this many days past is asked for no more: nobody is flooded when Rollcall comes to a company. */
const missedAfter = 21;
/** Asked for so many days ahead. */
const ahead = 3;
/** Findings older than this are past. */
const findingDays = 30;

export function wantedOf(forms: readonly CheckForm[], situation: Situation, today: string): Wanted[] {
  const wanted: Wanted[] = [];
  const { person, stage, remote, startedAt, checked = {} } = situation;
  /** `since`: what was done on that day or later, and written down elsewhere, need not be done again. */
  const add = (form: CheckForm, occasion: string, due: string, since: string) => {
    const last = checked[form.records[0]?.check ?? ''];
    if (last === undefined || last < since) wanted.push({ form: form.id, person, occasion, due });
  };
  for (const form of forms) {
    if (form.about !== 'person') continue;
    for (const when of form.when)
      if (when.trigger === 'stage') {
        if ((when.stages as string[]).includes(stage) && (remote || !when.remote))
          add(
            form,
            `stage:${when.stages.join('+')}`,
            dayAfter(today, when.within),
            dayAfter(today, -form.days),
          );
      } else if (when.trigger === 'start') {
        if (!startedAt || (when.remote && !remote) || !['onboarding', 'employed'].includes(stage)) continue;
        const day = dayAfter(startedAt, when.day);
        if (day <= dayAfter(today, ahead) && day >= dayAfter(today, -missedAfter))
          add(form, `start+${when.day}`, laterOf(dayAfter(day, when.within), today), day);
      } else if (when.trigger === 'finding') {
        if (stage === 'left') continue;
        for (const finding of situation.findings)
          if (when.detections.includes(finding.detection) && finding.day >= dayAfter(today, -findingDays))
            add(
              form,
              `finding:${finding.detection}:${finding.day}`,
              dayAfter(today, when.within),
              finding.day,
            );
      }
  }
  return wanted;
}

/** Checks of the company that come again by the calendar. */
export function wantedOfCompany(forms: readonly CheckForm[], today: string): Omit<Wanted, 'person'>[] {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7)) - 1;
  return forms.flatMap((form) =>
    form.when.flatMap((when) => {
      if (when.trigger !== 'every') return [];
      const first = Math.floor(month / when.months) * when.months;
      const begins = `${year}-${String(first + 1).padStart(2, '0')}`;
      const end = new Date(Date.UTC(year, first + when.months, 0)).toISOString().slice(0, 10);
      return [
        {
          form: form.id,
          occasion: `every:${begins}`,
          // A company that begins late in a quarter has a week all the same.
          due: laterOf(earlierOf(dayAfter(`${begins}-01`, when.within), end), dayAfter(today, 7)),
        },
      ];
    }),
  );
}

const laterOf = (a: string, b: string) => (a > b ? a : b);
const earlierOf = (a: string, b: string) => (a < b ? a : b);
