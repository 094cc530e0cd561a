/**
 * What one scan concludes: the document behind `--json`, and the data inside the report page.
 * Times are ISO 8601 UTC strings; `bits` are log2 likelihood ratios (0 = says nothing; positive = more often seen
 * where the claimed identity is false; negative = counts for the person).
 */
import type { ExplanationKind, Group } from './policy.js';
import type {
  Band,
  ClaimKind,
  DetectionStage,
  FairnessClass,
  IdentifierKind,
  TraceKind,
} from './vocabulary.js';

export interface ScanResult {
  rollcall: { version: string; content: string };
  /** The day the assessment is for; nothing later was looked at. */
  asOf: string;
  company: { people: number; byStage: Record<string, number>; remote: number };
  bands: Record<Band, number>;
  /** Everybody above `clear`, most pressing first, then everybody with a signal. People without one are only counted. */
  people: PersonResult[];
  rings: Ring[];
  /** Innocent reasons the data suggests. None counts until a person confirms it. */
  proposals: Proposal[];
  /** Innocent reasons on record, those that silence something first, and what each accounts for. */
  explanations: ExplanationResult[];
  exposures: Exposure[];
  detections: DetectionSummary[];
  sources: SourceSummary[];
  files: FileAccount[];
  rejects: RejectSummary[];
  untied: Untied[];
  /** What became of every Sigma rule; absent where none was given. */
  sigma?: SigmaSummary;
  policy: PolicySummary;
  /** Plain sentences about what could not be looked at, and what would enable it. */
  limits: string[];
}

export interface PersonResult {
  id: string;
  name: string;
  stage: string;
  engagement: string;
  title?: string;
  department?: string;
  manager?: string;
  vendor?: string;
  workEmail?: string;
  remote?: boolean;
  claimed?: Place;
  appliedAt?: string;
  startedAt?: string;
  leftAt?: string;
  band: Band;
  /** Why the band is not higher although the sum is: "one facet only", "passed a same-person check" … */
  bandReason: string;
  bits: number;
  /** Probability under the policy's prior, 0–1. Never shown without the steps behind it. */
  probability: number;
  facets: string[];
  /** In order of size, the prior first; the sum of `bits` over steps is `bits` of the person. */
  waterfall: WaterfallStep[];
  signals: SignalResult[];
  identifiers: PersonIdentifier[];
  devices: PersonDevice[];
  accounts: { account: string; source: string; basis: string }[];
  timeline: TimelineEntry[];
  /** Files they handed in, as read. */
  documents: PersonDocument[];
  /** Wording their résumés share with those of others; what is common to many is left out. */
  passages: PersonPassage[];
  ring?: string;
  next: string[];
  /** What could not be looked at for this person ("no endpoint inventory for either laptop"). */
  unknown: string[];
  /**
   * Identifiers, devices, accounts, events and documents are not listed: they are clear, and so are many before them.
   * That a list is empty then says nothing.
   */
  brief?: true;
}

export interface Place {
  label: string;
  country?: string;
  region?: string;
  city?: string;
  lat?: number;
  lon?: number;
}

export interface WaterfallStep {
  kind: 'prior' | 'signal' | 'check' | 'explained';
  label: string;
  bits: number;
  /** Bits before facet discounting, where they differ. */
  fullBits?: number;
  /** Index into `signals`. */
  signal?: number;
  note?: string;
}

/** One answer of a detection about a person. */
export interface SignalResult {
  detection: string;
  version: string;
  title: string;
  stage: DetectionStage;
  facet: string;
  /** One sentence a person could say aloud. */
  says: string;
  first: string;
  last: string;
  bits: number;
  /** How the weight was reached: both probabilities, and where each comes from. */
  weight: {
    ifNot: [number, number];
    ifHonest: number;
    prior: number;
    seenIn: number;
    outOf: number;
    /** Who the `outOf` are, where it could not be seen in everybody: "people whose sign-ins are on record". */
    amongWhom?: string;
    source: string;
  };
  why: string;
  sources: string[];
  innocent: string[];
  fairness: FairnessClass;
  attack: string[];
  next: string[];
  /** Named columns and up to a few dozen rows behind the sentence. */
  evidence: { columns: string[]; rows: (string | number | boolean | null)[][]; total: number };
  /** Other people the signal names. */
  others: string[];
  /** The explanation that accounts for it; `id` is one of `explanations`. */
  explained?: { id: string; kind: ExplanationKind; by: string; reason: string; until?: string };
  /** The Sigma rule behind it. */
  rule?: RuleCredit;
}

export interface PersonIdentifier {
  kind: IdentifierKind;
  label: string;
  context: string;
  source: string;
  firstSeen?: string;
  lastSeen?: string;
  /** Others with the same value; `name` may be absent in a redacted report. */
  sharedWith: { id: string; name: string }[];
  /** Why sharing is not counted, where it is not: "seen with 40 people: an office or a carrier". */
  common?: string;
}

/** A résumé: what it says and what it shows. */
export interface PersonDocument {
  /** SHA-256 of the file. */
  document: string;
  file: string;
  format: string;
  pages?: number;
  /** What a reader sees, in reading order, cut at `documentCharacters`. */
  text: string;
  cut: boolean;
  claims: {
    kind: ClaimKind;
    subject?: string;
    detail?: string;
    years?: number;
    since?: string;
    until?: string;
    current?: boolean;
    precision?: string;
  }[];
  traces: { kind: TraceKind; value: string; detail?: string }[];
}

/** One passage that stands in a résumé of theirs and in one of somebody else's; both texts as written. */
export interface PersonPassage {
  passage: string;
  other: { id: string; name: string };
  document: string;
  otherDocument: string;
  otherFile: string;
  text: string;
  otherText: string;
  similarity: number;
  words: number;
  people: number;
  bits: number;
}

export interface PersonDevice {
  id: string;
  serial?: string;
  hostname?: string;
  model?: string;
  os?: string;
  managed?: boolean;
  compliant?: boolean;
  seenAt?: string;
  notes: string[];
}

export interface TimelineEntry {
  time: string;
  kind:
    | 'life'
    | 'signin'
    | 'delivery'
    | 'pay'
    | 'profile'
    | 'code'
    | 'file'
    | 'device'
    | 'meeting'
    | 'check'
    | 'other';
  label: string;
  place?: Place;
  network?: string;
  source: string;
  /** Indexes into `signals` this entry is evidence of. */
  signals: number[];
  /** Entries of one kind, place and day are folded; this many. */
  count: number;
}

export interface Ring {
  /** Stays the same as the ring grows, shrinks and takes up others. */
  id: string;
  title: string;
  members: { id: string; name: string; band: Band; bits: number }[];
  edges: RingEdge[];
  /**
   * People it passes through who are no members: they share things with several of them, and nothing else speaks against
   * them. A landlord, a referee or a victim stands there as easily as a facilitator.
   */
  between: { id: string; name: string; says: string[] }[];
  /** How many different values hold it together. */
  values: number;
  says: string;
  /** What became of it, the earliest first. */
  history: RingHistoryEntry[];
  /** Rings that are part of it now, computed or by hand. */
  mergedFrom: string[];
  /** What people decided about it. */
  byHand: { decision: number; time: string; by: string; kind: 'merge' | 'split'; reason: string }[];
}

/** Why two people are in one ring. */
export interface RingEdge {
  a: string;
  b: string;
  kind: IdentifierKind;
  label: string;
  bits: number;
  /** People who have the value, of all who have one of its kind. */
  holders: number;
  outOf: number;
  /** The reason as a sentence, with how rare the value is. */
  says: string;
  contexts: string[];
  /** When each was first and last seen with it. */
  firstA?: string;
  lastA?: string;
  firstB?: string;
  lastB?: string;
  /** When both had it. */
  first?: string;
  last?: string;
}

export interface RingHistoryEntry {
  time: string;
  /** formed, grew, shrank, merged (into another), split (off another), dissolved, formed again */
  event: string;
  ring: string;
  people: string[];
  into?: string | undefined;
  from?: string | undefined;
  reason: string;
}

/** An innocent reason the data suggests, for a person to confirm or leave. */
export interface Proposal {
  /** Stays the same while the people and the value do. */
  id: string;
  kind: ExplanationKind;
  people: { id: string; name: string }[];
  /** It is for all of these, whoever they are on a day; `people` are those of today. */
  groups?: Group[];
  /** What it is about; absent where it is about the people, whatever they share or show. */
  value?: { kind: IdentifierKind | 'tool' | 'network'; label: string };
  /** The days it would cover. */
  from?: string;
  to?: string;
  /** Only what these detections found. */
  detections?: string[];
  /** Lines of the policy file that record it; it cannot be confirmed otherwise. */
  policy?: string;
  says: string;
  evidence: { columns: string[]; rows: (string | number | boolean | null)[][] };
  /** What would no longer count. */
  silences: string[];
  /** What in the data speaks against it. */
  against: string[];
  /** What to ask or look at before confirming. */
  check: string;
  /** Set where somebody confirmed it. */
  confirmed?: { decision: number; time: string; by: string; reason: string; until?: string };
}

/** An innocent reason on record. */
export interface ExplanationResult {
  id: string;
  kind: ExplanationKind;
  /** in force: it silences; not yet, over, withdrawn: what it is about counts. */
  state: 'in force' | 'not yet' | 'over' | 'withdrawn';
  /** Where it stands: in the policy file, among the decisions of the lake, in the records of the HR system. */
  source: 'policy' | 'decision' | 'HR record';
  decision?: number;
  time?: string;
  by: string;
  reason: string;
  people: { id: string; name: string }[];
  groups: Group[];
  detections: string[];
  value?: string;
  /** First and last day it covers. */
  from?: string;
  to?: string;
  /** The last day on which it counts. */
  until?: string;
  /** What whoever keeps it should look at: no last day, nobody named. */
  doubts: string[];
  /** Findings that do not count because of it, the heaviest first. */
  accountsFor: AccountedFinding[];
  /** Values that join nobody because of it. */
  joins: { says: string; bits: number }[];
  withdrawn?: { by: string; time: string; reason: string };
}

export interface AccountedFinding {
  person: { id: string; name: string };
  detection: string;
  title: string;
  says: string;
  /** Bits it would have had; 0 where only some of its rows are accounted for, since the others still count. */
  bits: number;
  /** Rows accounted for, of all. */
  rows: number;
  of: number;
}

/** What lets the scheme happen or hides it. About a device or the company; never weighed against a person. */
export interface Exposure {
  detection: string;
  title: string;
  says: string;
  why: string;
  next: string[];
  sources: string[];
  count: number;
  evidence: { columns: string[]; rows: (string | number | boolean | null)[][]; total: number };
  /** The Sigma rule behind it. */
  rule?: RuleCredit;
}

/** Who wrote a rule, and on what terms: rule licences ask for this beside every match. */
export interface RuleCredit {
  id: string;
  title: string;
  author: string;
  license: string;
  file: string;
}

export interface SigmaSummary {
  packs: SigmaPack[];
  rules: SigmaRuleSummary[];
}

/** A pack that ships with Rollcall, or a folder that was given. */
export interface SigmaPack {
  id: string;
  title: string;
  state: 'on' | 'off';
  rules: number;
  ran: number;
}

export type SigmaReason =
  /** Switched off by the policy. */
  | 'off'
  /** The file or the rule has errors. */
  | 'rule'
  /** Behind the wall. */
  | 'wall'
  /** Its log source is none that is read here. */
  | 'logsource'
  /** No records of its log source are in the lake. */
  | 'data'
  /** It needs fields that records of the source do not have. */
  | 'field'
  /** A rule it refers to could not run. */
  | 'reference'
  /** The database refused the query. */
  | 'failed';

export interface SigmaRuleSummary extends RuleCredit {
  pack: string;
  kind: 'rule' | 'correlation' | 'filter';
  level: string;
  logsource: string;
  /** `feeds`: it ran for a correlation that reads it, and reports nothing by itself. */
  state: 'ran' | 'feeds' | 'not run';
  reason?: SigmaReason;
  why?: string;
  /** Events that fit, or times a correlation fired. */
  hits: number;
  people: number;
}

export interface DetectionSummary {
  id: string;
  title: string;
  stage: DetectionStage;
  facet: string;
  catalogue: string[];
  /** ran: it had its data. partial: some optional source missing. blocked: it could not run. */
  state: 'ran' | 'blocked';
  missing: string[];
  enabledBy: string[];
  signals: number;
  people: number;
  /** Share of those in whom it could have been seen that show it; 0 where it is not weighed. */
  baseRate: number;
  bits: number;
  fairness: FairnessClass;
  /** In whom it could have been seen at all; absent: in everybody. */
  amongWhom?: string;
  /** How often it is found here, applicants and workers apart; empty where it is not weighed or did not run. */
  rates: BaseRate[];
}

/** How often the company's own people show something, and what that does to its weight. */
export interface BaseRate {
  population: 'applicants' | 'workers';
  seenIn: number;
  outOf: number;
  /** The detection's own figure for honest people. */
  own: number;
  /** The figure used: the own one, corrected by what was counted here. */
  used: number;
  ownBits: number;
  bits: number;
  /** The same in a sentence. */
  says: string;
}

export interface SourceSummary {
  source: string;
  title: string;
  files: number;
  records: number;
  first?: string;
  last?: string;
  limits: string[];
}

/** Exact accounting: read = kept + duplicate + rejected, for every file. */
export interface FileAccount {
  file: string;
  connector?: string;
  recognised: string;
  format: string;
  bytes: number;
  read: number;
  kept: number;
  /** Part of `kept`: understood, but holding nothing Rollcall uses. */
  unused: number;
  duplicate: number;
  rejected: number;
  /** Set where the file as a whole could not be used: what it seemed to be, and why that failed. */
  problem?: string;
}

export interface RejectSummary {
  file: string;
  line: number;
  reason: string;
  sample: string;
}

/** Accounts and devices that could not be tied to a person: counted and listed, never guessed. */
export interface Untied {
  kind: 'account' | 'device' | 'person_ref';
  value: string;
  source: string;
  events: number;
  reason: string;
}

export interface PolicySummary {
  prior: number;
  bands: Record<'watch' | 'review' | 'urgent', number>;
  facetsForReview: number;
  file?: string;
}
