/** Whom a snapshot knows, and by which words each of them can be told. */
import type { PersonResult } from '@rollcall/engine/model/result.js';
import type { PersonRow, Snapshot } from '../../model/services.js';
import { atOnce, type Steps } from '../../work/slices.js';
import { folded, tokens } from './fold.js';
import { kindWords } from './marks.js';

/** A value that says who somebody is, and the word for what it is. */
export interface Telling {
  /** Folded. */
  text: string;
  word: string;
  value: string;
}

export interface Known {
  /** Ids of people by their name, folded and with single spaces. */
  names: ReadonlyMap<string, readonly string[]>;
  /** First words of names, with how many words the longest has that begins so. */
  firsts: ReadonlyMap<string, number>;
  /** Id by work e-mail, folded. */
  mails: ReadonlyMap<string, string>;
  /** Beginnings of pseudonyms that two people share. */
  twice: ReadonlySet<string>;
  tellings: Map<string, readonly Telling[]>;
}

const made = new WeakMap<Snapshot, Known>();

export const knownIn = (snapshot: Snapshot): Known => made.get(snapshot) ?? atOnce(knowing(snapshot));

/** Makes it, in steps. */
export function* knowing(snapshot: Snapshot): Steps<Known> {
  const names = new Map<string, string[]>();
  const firsts = new Map<string, number>();
  const mails = new Map<string, string>();
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const [at, row] of snapshot.people.entries()) {
    if (at % 200 === 199) yield;
    const words = folded(row.name).match(tokens) ?? [];
    // A single word is no name to be sure of: it is looked for only where the person is involved.
    if (words.length > 1) {
      const name = words.join(' ');
      const ids = names.get(name);
      if (ids) ids.push(row.id);
      else names.set(name, [row.id]);
      const first = words[0] as string;
      firsts.set(first, Math.max(firsts.get(first) ?? 0, words.length));
    }
    if (row.workEmail) mails.set(folded(row.workEmail), row.id);
    const beginning = row.handle.slice(1, 7);
    if (seen.has(beginning)) twice.add(beginning);
    seen.add(beginning);
  }
  const known: Known = { names, firsts, mails, twice, tellings: new Map() };
  made.set(snapshot, known);
  return known;
}

/** Kept for so many people at once. */
const most = 4000;

export async function tellingsOf(id: string, snapshot: Snapshot): Promise<readonly Telling[]> {
  const { tellings: kept } = knownIn(snapshot);
  const before = kept.get(id);
  if (before) return before;
  const list = tellings(snapshot.row(id), await snapshot.person(id));
  if (kept.size >= most) kept.clear();
  kept.set(id, list);
  return list;
}

/** Everything but the name's own words: contacts, accounts, devices, files. */
function tellings(row: PersonRow | undefined, person: PersonResult | undefined): readonly Telling[] {
  const found = new Map<string, Telling>();
  const add = (value: string | undefined, word: string) => {
    if (value === undefined) return;
    const text = folded(value).trim();
    // Shorter ones would be found in ordinary text; "ending 03" is told by nobody.
    if (text.length < 4 || /\bending \S+$/.test(text) || found.has(text)) return;
    found.set(text, { text, word, value });
  };
  for (const mail of [row?.workEmail, person?.workEmail]) {
    add(mail, kindWords.email);
    add(mail?.split('@')[0], 'login');
  }
  if (person) {
    for (const one of person.identifiers) {
      add(one.label, kindWords[one.kind] ?? 'value');
      if (one.kind === 'email') add(one.label.split('@')[0], 'login');
      if (one.label.endsWith('…')) add(one.label.slice(0, -1), kindWords[one.kind] ?? 'value');
    }
    for (const { account } of person.accounts) {
      add(account, 'account');
      if (account.includes('@')) add(account.split('@')[0], 'login');
    }
    for (const device of person.devices) {
      add(device.serial, 'device');
      add(device.hostname, 'device');
      add(device.id, 'device');
    }
    for (const document of person.documents) {
      add(document.document, 'file');
      add(document.file, 'file');
      add(document.file.split(/[\\/]/).at(-1), 'file');
    }
  }
  return [...found.values()];
}
