import { type Group, groups } from '../groups.js';
import { compare } from '../text.js';
import type { Evaluation, Flag, GroupCount } from './evaluation.js';
import { rank } from './evaluation.js';
import { against, type Humans } from './humans.js';
import { type Rate, rate, ratio } from './rate.js';

/** Honest people by how they live: how far they got, and what they show. */
export function groupsOf({ honest, records, bandOf }: Humans): Evaluation['groups'] {
  const counts: Evaluation['groups'] = {};
  for (const group of groups) {
    const people = honest.filter((one) => one.group === group);
    if (people.length === 0) continue;
    const count: GroupCount = { people: people.length, watch: 0, review: 0, urgent: 0, detections: {} };
    for (const human of people) {
      const band = rank[bandOf(human)];
      if (band >= rank.watch) count.watch++;
      if (band >= rank.review) count.review++;
      if (band >= rank.urgent) count.urgent++;
      for (const detection of against(records(human))) {
        count.detections[detection] ??= { people: 0, watch: 0, review: 0 };
        const own = count.detections[detection];
        own.people++;
        if (band >= rank.watch) own.watch++;
        if (band >= rank.review) own.review++;
      }
    }
    counts[group] = count;
  }
  return counts;
}

/** What the self-test says of one group at one band. */
export interface Impact {
  group: Group;
  band: Exclude<Flag, 'urgent'>;
  flagged: Rate;
  /** Share of the group that is not flagged, against the group where that share is largest. Below 0.8 it fails. */
  favourable: number;
  /** Flagged in the group against flagged among everybody else, with its interval. */
  ratio: number;
  low: number;
  high: number;
  /**
   * `fails`: below four fifths, or flagged more than a quarter more often than others and surely more often. `unclear`: a
   * quarter more often, and may be chance. `too few`: so few of the group are flagged that they are no rate. `passes`:
   * nothing of that.
   */
  verdict: 'passes' | 'too few' | 'unclear' | 'fails';
  /** What brings more of this group to the band than of others, the most first. */
  causes: Cause[];
}

export interface Cause {
  detection: string;
  /** Who shows it, in the group and among everybody else. */
  group: Rate;
  others: Rate;
  /** Flagged members of the group who show it, beyond as many as if they showed it like everybody else. */
  beyond: number;
}

/** The ratio above which a difference counts, where it is not chance: the four fifths turned to those flagged. */
const mostRatio = 1.25;
const leastFavourable = 0.8;
/** Flagged people of a group below whom nothing is said of it. */
const fewest = 3;

/**
 * The self-test. The four-fifths rule of the US Uniform Guidelines as written compares favourable outcomes: with few people
 * flagged it passes nearly always. So the rates of being flagged are compared too, each group with everybody else.
 */
export function impacts(counts: Evaluation['groups']): Impact[] {
  const present = groups.flatMap((group) => (counts[group] ? [{ group, count: counts[group] }] : []));
  return (['watch', 'review'] as const).flatMap((band) => {
    const clear = ({ count }: (typeof present)[number]) => 1 - count[band] / count.people;
    const best = Math.max(...present.map(clear));
    return present.map((one): Impact => {
      const others = present.filter((other) => other !== one).map((other) => other.count);
      const rest = {
        hits: others.reduce((sum, other) => sum + other[band], 0),
        of: others.reduce((sum, other) => sum + other.people, 0),
      };
      const flagged = rate(one.count[band], one.count.people);
      const compared = ratio(flagged, rest);
      const times = 2 ** (compared?.bits ?? 0);
      const low = 2 ** (compared?.low ?? Number.NEGATIVE_INFINITY);
      const favourable = best > 0 ? clear(one) / best : 1;
      const more = favourable < leastFavourable || times > mostRatio;
      const verdict =
        flagged.hits === 0 || !more
          ? 'passes'
          : flagged.hits < fewest
            ? 'too few'
            : favourable < leastFavourable || low > 1
              ? 'fails'
              : 'unclear';
      return {
        group: one.group,
        band,
        flagged,
        favourable,
        ratio: times,
        low,
        high: 2 ** (compared?.high ?? Number.POSITIVE_INFINITY),
        verdict,
        causes: verdict === 'fails' || verdict === 'unclear' ? causesOf(band, one.count, others) : [],
      };
    });
  });
}

function causesOf(band: Impact['band'], own: GroupCount, others: readonly GroupCount[]): Cause[] {
  const of = others.reduce((sum, one) => sum + one.people, 0);
  return Object.entries(own.detections)
    .map(([detection, shown]) => {
      const among = rate(
        others.reduce((sum, one) => sum + (one.detections[detection]?.people ?? 0), 0),
        of,
      );
      const expected = others.reduce((sum, one) => sum + (one.detections[detection]?.[band] ?? 0), 0) / of;
      return {
        detection,
        group: rate(shown.people, own.people),
        others: among,
        beyond: shown[band] - expected * own.people,
      };
    })
    .filter((one) => one.beyond > 0.5)
    .sort((a, b) => b.beyond - a.beyond || compare(a.detection, b.detection))
    .slice(0, 5);
}
