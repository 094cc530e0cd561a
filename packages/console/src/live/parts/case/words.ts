/** The words of cases as a reader meets them. */
import type { Case } from '@rollcall/server/areas/cases/words.js';

export const aboutWords: Record<Case['about'], string> = {
  person: 'A person',
  ring: 'A ring',
  vendor: 'A vendor',
  outside: 'From outside',
};

export const playbookWords: Record<Case['playbook'], string> = {
  applicant: 'an applicant',
  employee: 'an employee',
  contractor: 'a contractor',
  vendor: 'a vendor’s worker',
};

export const stateWords: Record<Case['state'], string> = {
  open: 'open',
  asked: 'waiting for a second person',
  closed: 'closed',
  merged: 'part of another case',
  refused: 'not opened',
};

export const verdictWords: Readonly<Record<string, string>> = {
  confirmed: 'confirmed',
  cleared: 'cleared',
  inconclusive: 'inconclusive',
};

export const stepWords: Readonly<Record<string, string>> = {
  hold: 'Put on hold',
  'access-stop': 'Access stopped',
  'offer-withdrawn': 'Offer withdrawn',
  'contract-ended': 'Contract ended',
  other: 'Another step',
};

export const letterWords: Readonly<Record<string, string>> = {
  notice: 'Notice: what was found, and how to answer',
  'before-a-step': 'Before a step against them (for counsel to edit)',
  'dispute-answered': 'Answer to a dispute',
  cleared: 'Cleared',
};

export const hypothesisKinds: Readonly<Record<string, string>> = {
  false: 'What the case asks',
  mistake: 'Innocent',
  victim: 'Innocent',
  innocent: 'Innocent reading of a finding',
  own: 'Added in this case',
};
