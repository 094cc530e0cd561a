import type { Fact } from '../content/fact.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import { type AddressFacts, readAddressFacts } from './address/facts.js';
import { factRows } from './fact-rows.js';

/** How a provider reads the addresses of one domain (`content/facts/mail-providers.csv`). */
export interface MailProvider {
  canonicalDomain: string;
  /** Signs left out of the name. */
  ignored: string;
  /** The sign from which on the name is a label. */
  tag: string;
  /** Whether `label@name.domain` reaches `name@domain`. */
  subdomains: boolean;
}

/** How often honest people share a kind (`content/facts/identifier-sharing.csv`). */
export interface Sharing {
  /** Probability that two unrelated honest people of one company share such a value. */
  sharedByChance: number;
  /** How many honest people hold one, on average. */
  peopleTypical: number;
  /** More people than this: an institution. */
  commonAbove: number;
  /** Names of explanations. */
  explainedBy: readonly string[];
  source: string;
  asOf: string;
}

/** What content knows of identifiers; all of it empty where a content folder has no such facts. */
export interface IdentifierFacts {
  mailProviders: ReadonlyMap<string, MailProvider>;
  /** Names before the at sign, without dots and hyphens. */
  roleMailboxes: ReadonlySet<string>;
  /** Letters and digits, in upper case. */
  placeholderSerials: ReadonlySet<string>;
  common: ReadonlyMap<IdentifierKind, CommonValues>;
  sharing: ReadonlyMap<IdentifierKind, Sharing>;
  address: AddressFacts;
}

/** Values of one kind that many share without meaning, in canonical form before any hashing. */
export interface CommonValues {
  exact: ReadonlySet<string>;
  prefixes: readonly string[];
}

export interface IdentifierContext {
  /** Key of the hashes of sensitive kinds. */
  key: Buffer;
  /** ISO 3166-1 alpha-2: how a phone or address that names no country is read. */
  homeCountry: string;
  facts: IdentifierFacts;
}

/** No facts: no provider is known, no country's addresses. */
export const noFacts: IdentifierFacts = {
  mailProviders: new Map(),
  roleMailboxes: new Set(),
  placeholderSerials: new Set(),
  common: new Map(),
  sharing: new Map(),
  address: { formats: [], countries: new Map() },
};

const known = new WeakMap<readonly Fact[], Promise<IdentifierFacts>>();

/** What `canonical` needs, built once for a run. Reads the facts' files; a list of facts is read only once. */
export async function identifierContext(options: {
  key: Buffer;
  homeCountry: string;
  facts: readonly Fact[];
}): Promise<IdentifierContext> {
  let facts = known.get(options.facts);
  if (!facts) {
    facts = read(options.facts);
    known.set(options.facts, facts);
  }
  return { key: options.key, homeCountry: options.homeCountry, facts: await facts };
}

async function read(facts: readonly Fact[]): Promise<IdentifierFacts> {
  const mailProviders = new Map<string, MailProvider>();
  for (const row of await factRows(facts, 'mail-providers'))
    mailProviders.set(row.domain as string, {
      canonicalDomain: row.canonical_domain as string,
      ignored: row.ignored as string,
      tag: row.tag as string,
      subdomains: row.subdomains === 'true',
    });

  const serials = (await factRows(facts, 'placeholder-serials')).map((row) => row.serial as string);
  // What remote-control boxes call themselves: two owners of one product are not one person.
  for (const row of await factRows(facts, 'ip-kvm-devices'))
    if (
      (row.match_kind === 'usb_serial' || row.match_kind === 'edid_serial') &&
      !/[%_]/.test(row.pattern ?? '')
    )
      serials.push((row.pattern as string).toUpperCase().replace(/[^0-9A-Z]/g, ''));

  const common = new Map<IdentifierKind, { exact: Set<string>; prefixes: string[] }>();
  for (const row of await factRows(facts, 'common-values')) {
    const kind = row.kind as IdentifierKind;
    const values = common.get(kind) ?? { exact: new Set(), prefixes: [] };
    if (row.match === 'prefix') values.prefixes.push(row.value as string);
    else values.exact.add(row.value as string);
    common.set(kind, values);
  }

  const sharing = new Map<IdentifierKind, Sharing>();
  for (const row of await factRows(facts, 'identifier-sharing'))
    sharing.set(row.kind as IdentifierKind, {
      sharedByChance: Number(row.shared_by_chance),
      peopleTypical: Number(row.people_typical),
      commonAbove: Number(row.common_above),
      explainedBy: (row.explained_by as string).split(' ').filter(Boolean),
      source: row.source as string,
      asOf: row.as_of as string,
    });

  return {
    mailProviders,
    roleMailboxes: new Set(
      (await factRows(facts, 'role-mailboxes')).map((row) => (row.name as string).replace(/[._-]/g, '')),
    ),
    placeholderSerials: new Set(serials),
    common,
    sharing,
    address: await readAddressFacts(facts),
  };
}
