import type { ScanResult } from '@rollcall/engine';
import type { Group } from '../groups.js';
import type { Behaviour, Lookalike, Sophistication, Truth, TruthPerson } from '../truth.js';
import type { Rate } from './rate.js';

export type PersonResult = ScanResult['people'][number];
export type Band = PersonResult['band'];
export type Flag = Exclude<Band, 'clear'>;

export const flags: readonly Flag[] = ['watch', 'review', 'urgent'];
export const rank: Readonly<Record<Band, number>> = { clear: 0, watch: 1, review: 2, urgent: 3 };

export interface AtOrAbove {
  ring: number;
  honest: number;
  /** Ring members among those flagged. */
  precision: Rate;
  /** Flagged among ring members. */
  recall: Rate;
  /** Flagged among honest people. */
  honestFlagged: Rate;
}

export interface Found {
  members: number;
  watch: Rate;
  review: Rate;
  urgent: Rate;
}

export interface Case {
  id: string;
  name: string;
  band: Band;
  bits: number;
  /** What speaks against them, and has not been explained. */
  detections: string[];
}

export interface Signal {
  detection: string;
  /** `for`: it speaks in favour of whoever shows it. */
  speaks: 'against' | 'for';
  state: 'ran' | 'blocked';
  ring: number;
  honest: number;
  precision: Rate;
}

export interface DaysUntilFound {
  found: number;
  earliest: number;
  median: number;
  latest: number;
  each: number[];
}

/** Workers whose bits lie within a step, and how many of them are in rings. */
export interface CalibrationBin {
  from?: number;
  to?: number;
  people: number;
  ring: number;
  /** How many of them would be, if bits meant what they say: with the share of false identities the policy assumes … */
  expectedAsAssumed: number;
  /** … and with the share there really is in this company. */
  expected: number;
}

/** What a detection says it weighs, beside what it weighed here: counts among workers in whom it could be seen. */
export interface DetectionWeight {
  detection: string;
  facet: string;
  ring: Rate;
  honest: Rate;
  /** Sum of the bits of all who show it, before the facet's limit; divided by `ring.hits + honest.hits` their mean. */
  bits: number;
}

/** What would be lost without one detection: people no longer at or above a band. Below zero: people who would come up. */
export interface SignalValue {
  detection: string;
  lost: Record<Flag, { ring: number; honest: number }>;
}

/** Honest people of one group, and how far they got. */
export interface GroupCount {
  people: number;
  watch: number;
  review: number;
  urgent: number;
  /** By detection that speaks against somebody: who shows it, and who of these is at or above a band. */
  detections: Record<string, { people: number; watch: number; review: number }>;
}

export interface Evaluation {
  rollcall: ScanResult['rollcall'];
  simulation: Truth['simulation'];
  asOf: string;
  people: { honest: number; ring: number; withLookalike: number };
  /** Ids the scan reports that the truth does not know; not counted anywhere. */
  unknown: string[];
  bands: Record<Flag, AtOrAbove>;
  bySophistication: Partial<Record<Sophistication, Found>>;
  byEngagement: Partial<Record<TruthPerson['engagement'], Found>>;
  byStage: Partial<Record<TruthPerson['stage'], Found>>;
  /** Honest people at review or above. */
  accused: (Case & { lookalikes: Lookalike[]; group?: Group })[];
  /** Ring members below review, with what was there to be found. */
  missed: (Case & { sophistication: Sophistication; planted: Behaviour[] })[];
  /** How far honest people of each kind got. */
  lookalikes: Partial<Record<Lookalike, { people: number; watch: number; review: number; urgent: number }>>;
  /** Each detection about people: who shows it, unexplained. */
  signals: Signal[];
  /** Each planted behaviour: in how many of its bearers a detection of that catalogue id fired. */
  planted: Partial<Record<Behaviour, Rate>>;
  daysUntilFound: Partial<Record<Sophistication, DaysUntilFound>>;
  calibration: CalibrationBin[];
  weights: DetectionWeight[];
  /** Absent where people could not be weighed anew. */
  value?: SignalValue[];
  /** The same of whole facets, under their names. */
  facetValue?: SignalValue[];
  groups: Partial<Record<Group, GroupCount>>;
}

/** What evaluation asks of the engine, beside the result of the scan. */
export interface Aids {
  /** Bits and band of somebody if some detections had not been there. */
  without?: (person: PersonResult, detections: ReadonlySet<string>) => { bits: number; band: Band };
  /** In whom a detection could have been seen, by detection; everybody where absent. */
  among?: ReadonlyMap<string, ReadonlySet<string>>;
}
