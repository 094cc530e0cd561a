import type { Scenario } from '../scenario.js';
import type { Sophistication } from '../truth.js';

/**
 * The degrees of care of ring members, and what each can hide. Everything that rings do, here and in the areas, follows
 * this page.
 *
 * **Careless**: hides nothing. Shares the house, the line, the telephone, the bank account, the second factor and the
 * operator's browser with others; a well-known VPN that drops now and then; remote-access programs and an IP-KVM as they
 * come out of the box; documents and résumés copied; checks declined.
 *
 * **Ordinary**: knows the obvious mistakes and makes some. The laptop still stands with a facilitator who keeps several;
 * one remote-access program; pay moved soon after the first day; now and then a telephone or a second factor in common;
 * an own résumé, but of the same workshop.
 *
 * **Careful**: pays for whatever can be bought. An own address, an own bank account, an own telephone for each identity,
 * a connection near the claimed home, a disguised IP-KVM where others install a program, an own résumé. Cannot buy that
 * the person is who they say: that somebody else, elsewhere, does the work; that whoever passed the interview is there for
 * every later check; that former employers remember them; that nobody is ever in a hurry. Half of them are alone, with
 * nobody to share anything with, and many leave too little to be found. That is meant to be so.
 *
 * The shares are ours: reports tell of cases that were found, and so of careless ones too often.
 */
export const care: Readonly<Record<Scenario, Readonly<Record<Sophistication, number>>>> = {
  mixed: { careless: 0.34, ordinary: 0.41, careful: 0.25 },
  // Who sends a laptop to a house with dozens has not been careful.
  farm: { careless: 0.4, ordinary: 0.6, careful: 0 },
  'staffing-firm': { careless: 0.25, ordinary: 0.5, careful: 0.25 },
  'careful-single': { careless: 0, ordinary: 0, careful: 1 },
  'several-operators': { careless: 0.3, ordinary: 0.4, careful: 0.3 },
  exfiltration: { careless: 0.3, ordinary: 0.45, careful: 0.25 },
};
