export {
  coversPeople,
  doubtsAbout,
  groupInWords,
  holds,
  isOfPerson,
  shows,
  withMembers,
} from '../explain/explanations.js';
export { findBridges, withBridges } from './bridges.js';
export {
  addExplanation,
  clearPerson,
  confirmExplanation,
  type Deciding,
  mergeRings,
  snoozeFinding,
  snoozeMost,
  splitRing,
  undoDecision,
  withdrawExplanation,
} from './by-hand.js';
export {
  type Confirmed,
  confirmed,
  type Decision,
  everConfirmed,
  inForce,
  readDecisions,
} from './decisions.js';
export { linkExplainer } from './explained.js';
export { kindInWords } from './kinds.js';
export { findLinks, type Link, together } from './links.js';
export { explanationsOnRecord, type OnRecord } from './on-record.js';
export { linksOfPerson, type PersonLinks } from './person-links.js';
export { RingBook, readProposals } from './ring-book.js';
export type { RingByHand } from './ring-hands.js';
export { linkInWords, listed } from './say.js';
export { explainedByKind } from './shared-values.js';
export { openSharing } from './view.js';
