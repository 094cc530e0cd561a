/** What is left out of a bundle: people who are not in the case, and, for peers, who the person says they are. */
import type { PersonResult } from '@rollcall/engine/model/result.js';
import type { PersonRow } from '../../../model/services.js';

const escaped = (value: string) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Replaces values where they stand as words, the longest first, however they are spelled in capitals. */
export function replacer(values: ReadonlyMap<string, string>): (text: string) => string {
  const known = new Map([...values].map(([value, by]) => [value.toLowerCase(), by]));
  const needles = [...known.keys()]
    .filter((value) => value.trim().length > 1)
    .sort((a, b) => b.length - a.length);
  if (needles.length === 0) return (text) => text;
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${needles.map(escaped).join('|')})(?![\\p{L}\\p{N}])`,
    'giu',
  );
  return (text) => text.replace(pattern, (found) => known.get(found.toLowerCase()) ?? '[left out]');
}

/** Every text within a value. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change)) as T;
  if (value && typeof value === 'object' && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)])) as T;
  return value;
}

/** Finds people by id, name or work address in texts, among very many. */
export class Finder {
  private readonly names = new Map<string, PersonRow[]>();
  private readonly emails = new Map<string, PersonRow>();
  private longest = 1;

  constructor(
    people: readonly PersonRow[],
    private readonly byId: (id: string) => PersonRow | undefined,
  ) {
    for (const row of people) {
      const words = wordsOf(row.name);
      if (words.length >= 2) {
        const key = words.join(' ');
        this.names.set(key, [...(this.names.get(key) ?? []), row]);
        this.longest = Math.max(this.longest, words.length);
      }
      if (row.workEmail) this.emails.set(row.workEmail.toLowerCase(), row);
    }
  }

  in(value: unknown, found: Map<string, PersonRow>): void {
    mapTexts(value, (text) => {
      const whole = text.length <= 100 ? this.byId(text) : undefined;
      if (whole && whole.id === text) found.set(whole.id, whole);
      for (const email of text.match(/(?<![^\s<>,;:"'()[\]])[^\s<>,;:"'()[\]@]+@[^\s<>,;:"'()[\]]+/g) ?? []) {
        const row = this.emails.get(email.toLowerCase().replace(/\.+$/, ''));
        if (row) found.set(row.id, row);
      }
      const words = wordsOf(text);
      for (let from = 0; from < words.length; from++)
        for (let length = 2; length <= Math.min(this.longest, 6); length++)
          for (const row of this.names.get(words.slice(from, from + length).join(' ')) ?? [])
            found.set(row.id, row);
      return text;
    });
  }
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** What says who somebody is, each with what stands in its place. */
export function identityOf(
  row: Pick<PersonRow, 'id' | 'name' | 'workEmail'>,
  result: PersonResult | undefined,
  pseudonym: string,
  options: { parts: boolean; keep?: ReadonlySet<string> },
): Map<string, string> {
  const values = new Map<string, string>();
  const put = (value: string | undefined, by: string) => {
    if (value && value.trim().length > 2 && !options.keep?.has(value.toLowerCase())) values.set(value, by);
  };
  put(row.id, pseudonym);
  put(row.name, pseudonym);
  put(row.workEmail, `[address of ${pseudonym}]`);
  if (options.parts)
    for (const part of row.name.split(/[^\p{L}\p{N}'-]+/u)) if (part.length >= 3) put(part, pseudonym);
  for (const { account } of result?.accounts ?? []) put(account, `[account of ${pseudonym}]`);
  for (const { kind, label } of result?.identifiers ?? [])
    if (said.has(kind)) put(label, `[${kind.replaceAll('_', ' ')} of ${pseudonym}]`);
  return values;
}

/** Kinds that lead to a person, or to somebody whose identity was taken. */
const said = new Set([
  'email',
  'phone',
  'address',
  'bank_account',
  'tax_id',
  'document_id',
  'code_login',
  'reference_contact',
]);
