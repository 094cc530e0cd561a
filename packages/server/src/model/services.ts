/** What areas are given to work with. One of each a process; `serve.ts` makes them. */
import type { Content } from '@rollcall/engine';
import type { Policy } from '@rollcall/engine/model/policy.js';
import type { PersonResult, Ring, ScanResult } from '@rollcall/engine/model/result.js';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.js';
import type { Db, Store } from '../store/store.js';
import type { Role, User } from './roles.js';

export interface Services {
  /** The folder of this installation; one process at a time. */
  folder: string;
  /** The lake's folder inside it. */
  lake: string;
  content: Content;
  policy: () => Promise<Policy>;
  store: Store;
  audit: Audit;
  keys: Keys;
  results: Results;
  sight: SightOf;
  intake: Intake;
  scans: Scans;
  machine: Machine;
  queue: Queue;
  live: Live;
  settings: Settings;
  accounts: Accounts;
  /** Absent where no mail server was named. */
  mail?: Mail;
  log: Logger;
  now: () => Date;
}

/** Mail to those with an account here. */
export interface Mail {
  /** Address of the console, for links. */
  origin: string;
  send(to: string, subject: string, text: string): Promise<void>;
}

/** One entry of the audit log. Subjects and details hold handles and ids, never names. */
export interface AuditEntry {
  /** Account id, `system`, or `token:ID`. */
  actor: string;
  /** What was done, in the form `case.open`, `person.view`, `settings.change`. */
  action: string;
  /** What it was done to: `person:HANDLE`, `case:ID`, `ring:ID`; empty where it is about the whole. */
  subject: string;
  detail?: Record<string, unknown>;
}

export interface Audit {
  /** Adds an entry to the chain, within the caller's transaction. */
  append(db: Db, entry: AuditEntry): Promise<void>;
}

export interface Keys {
  /** What stands for a person in addresses, logs and pseudonyms: `p` and 10 letters or digits. The same for ever. */
  handle(person: string): string;
  /** Signs with the installation's Ed25519 key; the public key is in PEM. */
  sign(data: Uint8Array): Uint8Array;
  publicKey(): string;
  /** A key of 32 bytes for one purpose, derived from the installation's secret. */
  derive(purpose: string): Uint8Array;
}

/** One of everybody on record, light enough that 100,000 of them are held in memory. */
export interface PersonRow {
  id: string;
  handle: string;
  name: string;
  stage: string;
  engagement: string;
  title?: string;
  department?: string;
  manager?: string;
  vendor?: string;
  workEmail?: string;
  remote?: boolean;
  /** Country and region of the claimed home, as HR has them. */
  location?: string;
  appliedAt?: string;
  startedAt?: string;
  leftAt?: string;
  /** Of each kind of check that has a result on record, in Rollcall or elsewhere, the day of the last. */
  checked?: Readonly<Record<string, string>>;
  band: 'clear' | 'watch' | 'review' | 'urgent';
  bits: number;
  facets: number;
  signals: number;
  ring?: string;
  /** The heaviest finding, as a sentence. */
  says?: string;
  /** Its title, which is the same for everybody and names nobody: what lists say of people who are veiled. */
  finding?: string;
}

/** What the last scan concluded, read-only. */
export interface Snapshot {
  /** Counts up with each scan. */
  number: number;
  asOf: string;
  finishedAt: string;
  /** The result without its people. */
  head: ScanResult;
  /** Everybody, most pressing first. */
  people: readonly PersonRow[];
  row(handleOrId: string): PersonRow | undefined;
  /** Everything about one; absent where nothing was found about them. */
  person(id: string): Promise<PersonResult | undefined>;
  ring(id: string): Ring | undefined;
  /** Ids of people with whom an e-mail address was seen, in lower case; absent in results of before it was kept. */
  withMail?(address: string): Promise<readonly string[]>;
  /** Who shares what few have with somebody, of whom no page of everything says it; absent in older results. */
  sharing?(person: string): Promise<readonly { person: string; kinds: readonly string[] }[]>;
}

export interface Results {
  /** Absent until the first scan has finished. */
  current(): Snapshot | undefined;
}

/**
 * Whether somebody sees a person by name. `open`: through a case of theirs on this person that was opened with a reason,
 * or by their work (recruiters and HR with applicants; whoever a check is given to, for that check).
 */
export type Sight = 'open' | 'veiled';

export interface SightOf {
  sight(user: User, person: PersonRow): Promise<Sight>;
  /** For lists: the ids of all that are open to them, asked once. */
  open(user: User): Promise<ReadonlySet<string>>;
  /** `Person K7QF-2M`. */
  pseudonym(person: string): string;
  /** What somebody is called before a reader: by name where they are open to them and have one. */
  called(person: Pick<PersonRow, 'id' | 'name'>, open: boolean): string;
  /**
   * What somebody may see of a result: every id becomes a handle; of people who are veiled to them, names, contacts and
   * whatever else says who it is are replaced, in every text.
   */
  veil<T>(user: User, value: T, about: readonly string[]): Promise<T>;
}

/** What an intake took over: it is on disk when this is returned. */
export interface Receipt {
  id: string;
  /** Name of the connector the records are for, or `file` where each file is recognised. */
  source: string;
  records: number;
  bytes: number;
  sha256: string;
  receivedAt: string;
  /** The same was received before, and nothing was added. */
  again: boolean;
}

export interface Intake {
  /** Takes over records for a connector, one JSON object a line. `key`: what makes a repeated delivery the same one. */
  records(source: string, ndjson: Uint8Array, key?: string): Promise<Receipt>;
  /** The same from outside: put off while too much waits to be scanned. */
  deliver(source: string, ndjson: Uint8Array, key?: string): Promise<Receipt>;
  /** Takes over a file as it is; its name and content tell what it is. `announced`: bytes that are said to come. */
  file(name: string, content: AsyncIterable<Uint8Array>, announced?: number): Promise<Receipt>;
  /** Room on the disk for so many bytes more; refuses where there is none. */
  room(needed?: number): Promise<void>;
  /**
   * Within the caller's transaction: the records are taken over if, and only if, that commits, and a scan is asked for.
   * `key`: what makes it the same records when the work is done again.
   */
  recordsLater(db: Db, source: string, rows: readonly object[], key: string): Promise<void>;
  /** Asks for a scan of what has come in; several wishes become one. Waits for no database: safe inside a transaction. */
  wake(reason: string): Promise<void>;
  /** What waits to be scanned, and what came in last. */
  state(): IntakeState;
}

export interface IntakeState {
  /** Records and bytes taken over that no scan has read. */
  records: number;
  bytes: number;
  files: number;
  /** Since this process started. */
  takenRecords: number;
  takenBytes: number;
  /** The latest first. */
  receipts: readonly (Receipt & { file?: string })[];
  /** Files of the watched folder that were not taken, the latest first. */
  aside: readonly Aside[];
}

export interface Aside {
  /** As it was called in the watched folder. */
  file: string;
  why: string;
  at: string;
}

/** The scans that read what came in: one at a time, in a process of their own. */
export interface Scans {
  /** What the queue does for a wish. */
  run(payload: Record<string, unknown>): Promise<void>;
  /** Does something while no scan runs: the next waits for it. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  state(): ScanState;
}

export interface ScanState {
  running?: { since: string; step: string; bytes: number; totalBytes: number; records: number };
  /** A scan was asked for and has not begun. */
  asked: boolean;
  last?: {
    startedAt: string;
    finishedAt: string;
    seconds: number;
    /** Why it did not come to its end. */
    problem?: string;
    /** What of what came in could not be read, where it came to its end all the same. */
    unread?: string;
  };
}

export interface Queue {
  /** Within the caller's transaction: the work is there if, and only if, that commits. `key`: at most one waiting of it. */
  add(
    db: Db,
    kind: string,
    payload?: Record<string, unknown>,
    options?: { at?: Date; key?: string },
  ): Promise<void>;
}

export interface Live {
  /** Tells open pages that something changed: `people`, `cases`, `case:ID`, `checks`, `sources`, `audit` … */
  publish(topic: string): void;
  subscribe(listener: (topic: string) => void): () => void;
}

export interface Settings {
  /** Two people are needed to open a case on somebody. */
  twoToOpen(): Promise<boolean>;
  get<T>(key: string, fallback: T): Promise<T>;
  set(db: Db, key: string, value: unknown): Promise<void>;
}

export interface Accounts {
  /** Whom the request is from; absent: nobody. */
  user(headers: Headers): Promise<User | undefined>;
  /** Accounts by id: for names beside tasks and comments. Colleagues who use Rollcall are no suspects. */
  list(): Promise<(User & { active: boolean })[]>;
  /** Single sign-on, where it is set up; never its secret. */
  readonly signOn?: {
    title: string;
    issuer: string;
    clientId: string;
    domains: readonly string[];
    claim?: string;
    roles: ReadonlyMap<string, Role>;
  };
}

/** The pages that are open: each a stream of topics. */
export interface Streams {
  open(context: Context, user: User, services: Services): Response;
  count(): number;
  close(): void;
}

/** What the process itself has: its measurements, the pages that are open, and whether it is ending. */
export interface Machine {
  metrics: Metrics;
  streams: Streams;
  /** Said once it is so. */
  stopping: boolean;
}

/**
 * How soon a scan is wanted. `soon`: what comes in without end is looked at with pauses between. `quiet`: files of one
 * upload are waited for, while they follow each other.
 */
export type Haste = 'now' | 'soon' | 'quiet';
