/**
 * What kind of case the rings of a company are. Each is a shape that public court papers and incident reports describe;
 * `mixed` holds a little of all.
 *
 * - `farm`: one facilitator, and the laptops of everybody at one address. A company sees its own share of the house; those
 *   of other companies leave nothing in its records, and are not made.
 * - `staffing-firm`: a cohort that came through one supplier of staff within a few weeks.
 * - `careful-single`: single careful operators, each alone, with nobody to share anything with.
 * - `several-operators`: one identity, worked by several people in turns.
 * - `exfiltration`: code and documents are copied, and then the person is dismissed.
 */
export const scenarios = [
  'mixed',
  'farm',
  'staffing-firm',
  'careful-single',
  'several-operators',
  'exfiltration',
] as const;
export type Scenario = (typeof scenarios)[number];
