import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { ReadDocument } from '../types.js';
import { type TextLine, visibleLines } from './lines.js';

/** A value with the words it was read from. */
export interface Found {
  value: string;
  /** As written. */
  text: string;
  /** Index into `blocks`; absent where it stands only behind a link. */
  block?: number;
}

export interface Phone extends Found {
  /** The number states no country; the home country was assumed. */
  countryAssumed: boolean;
}

export interface Handle extends Found {
  /** Host of the site, without `www.`. */
  site: string;
}

export interface Contacts {
  emails: Found[];
  /** `value` is E.164. */
  phones: Phone[];
  links: Found[];
  handles: Handle[];
  /** Lines that read as a postal address, as written. */
  addresses: Found[];
}

const most = 200;

function add<T extends Found>(
  list: T[],
  entry: T,
  same: (other: T) => boolean = (other) => other.value === entry.value,
): void {
  if (list.length < most && !list.some(same)) list.push(entry);
}

/** Contacts that stand in visible text, or behind its links. Hidden text gives none. */
export function findContacts(document: ReadDocument, homeCountry: string): Contacts {
  const contacts: Contacts = { emails: [], phones: [], links: [], handles: [], addresses: [] };
  const lines = visibleLines(document);
  lines.forEach((line, index) => {
    emailsIn(line, contacts);
    phonesIn(line, homeCountry, contacts);
    linksIn(line, contacts);
    // Below the head of a résumé, addresses are those of employers and schools.
    if (index < 25) addressIn(line, contacts);
  });
  for (const reference of document.traces.references) {
    if (reference.kind !== 'link') continue;
    const { target } = reference;
    const mail = /^mailto:([^?]{3,200})/i.exec(target)?.[1];
    const phone = /^tel:(.{5,40})$/i.exec(target)?.[1];
    if (mail) emailsIn({ text: safeDecode(mail), first: true }, contacts);
    else if (phone) addPhone(safeDecode(phone), { text: phone, first: true }, homeCountry, contacts);
    else if (/^https?:\/\//i.test(target)) addLink(target, target, undefined, contacts);
  }
  return contacts;
}

type Source = Pick<TextLine, 'text' | 'first'> & { block?: number };
const at = (line: Source): { block?: number } => (line.block === undefined ? {} : { block: line.block });

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function emailsIn(line: Source, contacts: Contacts): void {
  for (const match of line.text.matchAll(
    /(?<![\w.+%@-])[\w.+%'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}(?![\w@])/g,
  )) {
    const value = match[0].replace(/^['.]+/, '').toLowerCase();
    if (!value.includes('..') && !value.startsWith('@'))
      add(contacts.emails, { value, text: match[0], ...at(line) });
  }
}

/** North American layout, which nothing else on a résumé has. */
const grouped = /^\(?[2-9]\d\d\)?[\s.-]{0,2}\d{3}[\s.-]\d{4}$/;
const labelled =
  /(?:phone|mobile|cell|telephone|tel|whatsapp|contact(?: no)?|call)\.?\s*(?:no\.?|number|#)?\s*[:：.]?\s*$/i;

function phonesIn(line: Source, homeCountry: string, contacts: Contacts): void {
  for (const match of line.text.matchAll(
    /(?<![\w/.-])(?:\(?\+\s?\d|\(?\d)[\d\s().\u2010-\u2015/-]{5,24}\d(?![\w/])/g,
  )) {
    const text = match[0];
    const digits = text.replace(/\D/g, '').length;
    if (digits < 8 || digits > 15) continue;
    const international = /^\(?\+/.test(text);
    const before = line.text.slice(0, match.index);
    if (!international && !grouped.test(text.trim()) && !labelled.test(before)) continue;
    addPhone(text, line, homeCountry, contacts);
  }
}

function addPhone(text: string, line: Source, homeCountry: string, contacts: Contacts): void {
  const number = parsePhoneNumberFromString(
    text.replace(/^\(\+(\s?\d{1,3})\)/, '+$1 '),
    homeCountry as CountryCode,
  );
  if (!number?.isPossible()) return;
  add(contacts.phones, { value: number.number, text, countryAssumed: !text.includes('+'), ...at(line) });
}

function linksIn(line: Source, contacts: Contacts): void {
  for (const match of line.text.matchAll(
    /(?<![\w@.-])(?:https?:\/\/[^\s<>"|]{3,500}|(?:www\.)?(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?:\/[^\s<>"|]{0,400})?)/gi,
  )) {
    const text = match[0].replace(/[.,;:)\]}'’”]+$/, '');
    // `Node.js`, `e.g.`, `Inc.com`: a bare host counts with `www.` or a path, and a known kind of name.
    if (!/^https?:|^www\./i.test(text) && !/^[^/]+\.[a-z]{2,24}\/./i.test(text)) continue;
    addLink(/^https?:/i.test(text) ? text : `https://${text}`, text, line.block, contacts);
  }
  for (const match of line.text.matchAll(
    /\b(github|gitlab|linkedin)\s*[:：]\s*@?((?:\/?in\/)?[\w-]{2,60})(?![\w./])/gi,
  )) {
    const site = `${(match[1] ?? '').toLowerCase()}.com`;
    const value = (match[2] ?? '').replace(/^\/?in\//, '').toLowerCase();
    if (value !== 'com') addHandle(contacts, { site, value, text: match[0], ...at(line) });
  }
}

function addLink(target: string, text: string, block: number | undefined, contacts: Contacts): void {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    return;
  }
  if (!/^https?:$/.test(url.protocol) || !url.hostname.includes('.')) return;
  url.hash = '';
  const place = block === undefined ? {} : { block };
  add(contacts.links, { value: url.href.slice(0, 500), text, ...place });
  const site = url.hostname.replace(/^(?:www|[a-z]{2})\./, '').toLowerCase();
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const value = handleAt(site, parts)?.toLowerCase();
  if (value && /^[\w.%-]{1,100}$/.test(value)) addHandle(contacts, { site, value, text, ...place });
}

const addHandle = (contacts: Contacts, handle: Handle): void =>
  add(contacts.handles, handle, (other) => other.site === handle.site && other.value === handle.value);

/** Where a site keeps the name of its member. Only sites whose addresses are unmistakable. */
function handleAt(site: string, parts: readonly string[]): string | undefined {
  switch (site) {
    case 'github.com':
    case 'gitlab.com':
    case 'bitbucket.org':
      // `github.com/features` and the like are pages of the site; a path of one part is a member nearly always.
      return /^(features|topics|orgs|sponsors|marketplace|explore|about|settings|login)$/i.test(
        parts[0] ?? '',
      )
        ? undefined
        : parts[0];
    case 'linkedin.com':
      return parts[0] === 'in' ? parts[1] : undefined;
    case 'stackoverflow.com':
      return parts[0] === 'users' && /^\d+$/.test(parts[1] ?? '') ? parts[1] : undefined;
    case 'x.com':
    case 'twitter.com':
      return parts.length === 1 ? parts[0]?.replace(/^@/, '') : undefined;
    default:
      return undefined;
  }
}

const street =
  /(?<![\w.])\d{1,6}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:[\w.'’-]+\s+){1,4}(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|way|place|pl|terrace|circle|parkway|pkwy|highway|hwy|square)\b\.?/i;
const townWithCode = /^[\p{L} .'’-]{2,40},\s*[A-Z]{2}\s+\d{5}(?:-\d{4})?(?:,\s*[\p{L} .]{2,40})?$/u;

function addressIn(line: Source, contacts: Contacts): void {
  for (const cell of line.text.split(/\t|\s[|•·]\s/)) {
    const text = cell.trim();
    if (text.length > 120 || /[@]|https?:/.test(text)) continue;
    if (street.test(text) || townWithCode.test(text))
      add(contacts.addresses, { value: text, text, ...at(line) });
  }
}
