import { createHash, createHmac } from 'node:crypto';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import { type IdentifierKind, sensitiveKinds } from '../model/vocabulary.js';

/** An identifier as it is stored: equal values compare equal, sensitive ones cannot be read back. */
export interface Canonical {
  value: string;
  /** Safe to show. */
  label: string;
}

export interface CanonicalOptions {
  /** Key of the hashes of sensitive kinds. */
  key: Buffer;
  /** ISO 3166-1 alpha-2: how a phone number without a country code is read. */
  homeCountry: string;
}

type Rule = (text: string, options: CanonicalOptions) => string | undefined;

const lower: Rule = (text) => text.toLowerCase();
const alphanumericUpper: Rule = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, '') || undefined;

const rules: Record<IdentifierKind, Rule> = {
  email,
  phone,
  address,
  bank_account: bankAccount,
  tax_id: alphanumericUpper,
  document_id: alphanumericUpper,
  mfa_device: (text, options) =>
    /^[+(]?[\d\s().-]{7,}$/.test(text) ? (phone(text, options) ?? text) : lower(text, options),
  device_token: (text) => text,
  device_serial: serial,
  display_serial: serial,
  usb_serial: serial,
  egress_ip: egressIp,
  wifi_bssid: mac,
  gateway_mac: mac,
  code_login: lower,
  reference_contact: (text, options) =>
    text.includes('@') ? email(text, options) : (phone(text, options) ?? lower(text, options)),
  image_hash: lower,
  file_hash: lower,
};

/** The canonical form of a value, or undefined where it identifies nobody (empty, a default, a placeholder). */
export function canonical(
  kind: IdentifierKind,
  text: string,
  options: CanonicalOptions,
): Canonical | undefined {
  const value = rules[kind](text.normalize('NFKC').trim(), options);
  if (!value) return undefined;
  // An address is shown as it was written; its canonical form is hard to read.
  if (!sensitiveKinds.includes(kind))
    return { value, label: kind === 'address' ? text.normalize('NFKC').replace(/\s+/g, ' ').trim() : value };
  const hash = createHmac('sha256', options.key).update(`${kind}\u0000${value}`).digest('hex').slice(0, 32);
  const digits = value.replace(/[^0-9A-Z]/gi, '');
  return { value: hash, label: `${kind.replace('_', ' ')} ending ${digits.slice(-2)}` };
}

/** Mail providers that ignore dots, and those that cut the address at a plus sign. */
const dotless = new Set(['gmail.com', 'googlemail.com']);
const plusTagged = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'icloud.com',
  'me.com',
  'fastmail.com',
  'proton.me',
  'protonmail.com',
  'pm.me',
  'yandex.com',
  'example.com',
]);

function email(text: string, _options: CanonicalOptions): string | undefined {
  const match = /^([^@\s]+)@([^@\s]+\.[^@\s]+)$/.exec(text.toLowerCase().replace(/^mailto:/, ''));
  if (!match) return undefined;
  let [, name, domain] = match as unknown as [string, string, string];
  if (domain === 'googlemail.com') domain = 'gmail.com';
  if (plusTagged.has(domain)) name = name.replace(/\+.*$/, '');
  if (dotless.has(domain)) name = name.replaceAll('.', '');
  return name ? `${name}@${domain}` : undefined;
}

function phone(text: string, options: CanonicalOptions): string | undefined {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 7 || /^(\d)\1+$/.test(digits) || digits === '1234567890') return undefined;
  return parsePhoneNumberFromString(text, options.homeCountry as CountryCode)?.number ?? digits;
}

const streetWords: Record<string, string> = {
  street: 'st',
  avenue: 'ave',
  av: 'ave',
  road: 'rd',
  drive: 'dr',
  lane: 'ln',
  court: 'ct',
  boulevard: 'blvd',
  place: 'pl',
  terrace: 'ter',
  circle: 'cir',
  highway: 'hwy',
  parkway: 'pkwy',
  square: 'sq',
  trail: 'trl',
  crescent: 'cres',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  apartment: 'unit',
  apt: 'unit',
  suite: 'unit',
  ste: 'unit',
  flat: 'unit',
  '#': 'unit',
  no: 'unit',
  saint: 'st',
};

/** A postal address as lower-case words with the usual abbreviations; the unit is kept, since flats are different homes. */
function address(text: string, _options: CanonicalOptions): string | undefined {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/#/g, ' # ')
    .replace(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim()
    .split(' ')
    .map((word) => streetWords[word] ?? word)
    // US ZIP+4 and the country's own name add nothing.
    .filter(
      (word, i, all) =>
        !(
          word === 'usa' ||
          word === 'us' ||
          (word === 'united' && all[i + 1] === 'states') ||
          (word === 'states' && all[i - 1] === 'united')
        ),
    );
  const compact = words.filter((word, i) => !(word === 'unit' && words[i + 1] === 'unit')).join(' ');
  return /\d/.test(compact) && words.length >= 3 ? compact.replace(/\b(\d{5}) \d{4}$/, '$1') : undefined;
}

function bankAccount(text: string): string | undefined {
  const value = text.toUpperCase().replace(/[^0-9A-Z:]/g, '');
  return /\d{4}/.test(value) && !/^[0:]+$/.test(value) ? value : undefined;
}

/** Serials that makers leave unset. */
const defaultSerials = new Set([
  '0',
  '00000000',
  'NONE',
  'NA',
  'DEFAULT',
  'DEFAULTSTRING',
  'TOBEFILLEDBYOEM',
  'SYSTEMSERIALNUMBER',
  'NOTSPECIFIED',
  'NOTAPPLICABLE',
  'UNKNOWN',
  'INVALID',
  'EMPTY',
  '0123456789',
  '123456789',
  '1234567890',
  '0000000000',
  'VMWARE',
  'PARALLELS',
  // What remote-control boxes call themselves: two owners of one product are not one person.
  'CAFEBABE',
  '0123456789ABCDEF',
  '6B65796D696D6570690',
]);

function serial(text: string): string | undefined {
  const value = text.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return value.length >= 4 && !defaultSerials.has(value) && !/^(.)\1+$/.test(value) ? value : undefined;
}

function mac(text: string): string | undefined {
  const parts = text.toLowerCase().split(/[:.-]/);
  const digits = parts.length === 6 ? parts.map((part) => part.padStart(2, '0')).join('') : parts.join('');
  if (!/^[0-9a-f]{12}$/.test(digits) || /^(0{12}|f{12})$/.test(digits)) return undefined;
  return digits.replace(/(..)(?=.)/g, '$1:');
}

function egressIp(text: string): string | undefined {
  const value = text.toLowerCase();
  // Private, loopback, link-local and carrier-NAT addresses are shared by design.
  if (
    /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|0\.)/.test(
      value,
    )
  )
    return undefined;
  if (/^(::1?$|fe80:|f[cd][0-9a-f]{2}:)/.test(value)) return undefined;
  return value || undefined;
}

/** A short, stable name for a set of values: the id of a ring, of an explanation. */
export function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 10);
}
