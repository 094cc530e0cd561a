/**
 * A network as one regular expression over the text of an address. SQL then needs no type for addresses, no
 * extension and no arithmetic, and a text that is no address simply does not fit.
 *
 * IPv4 is a dotted quad without leading zeros. IPv6 is any of its written forms: groups of one to four hex
 * digits, `::` for one or more zero groups, the last two groups as a dotted quad. No zones. The syntax used
 * is common to RE2 and Java.
 */
import type { Network } from '../plan.js';

/** The expression, anchored at both ends, with its flags inside. */
export function networkRegex(network: Network): string {
  return network.address.length === 4 ? ipv4Regex(network) : ipv6Regex(network);
}

function ipv4Regex({ address, bits }: Network): string {
  return `^${address.map((byte, i) => decimalRange(byte, bits - i * 8)).join('\\.')}\\z`;
}

/** The octet whose first `bits` bits are those of `byte`, in decimal. */
function decimalRange(byte: number, bits: number): string {
  if (bits <= 0) return '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
  if (bits >= 8) return String(byte);
  const first = byte & (0xff << (8 - bits));
  const texts: string[] = [];
  for (let value = first; value < first + 2 ** (8 - bits); value++) texts.push(String(value));
  return `(?:${texts.join('|')})`;
}

const anyGroup = '[0-9a-f]{1,4}';
const zeroGroup = '0{1,4}';

interface Group {
  /** How the group is written. */
  readonly text: string;
  /** Whether a zero group, left out by `::`, is in the network. */
  readonly zero: boolean;
}

function ipv6Regex({ address, bits }: Network): string {
  const groups: Group[] = [];
  for (let i = 0; i < 8; i++) {
    const value = ((address[2 * i] as number) << 8) | (address[2 * i + 1] as number);
    const counted = Math.min(16, Math.max(0, bits - i * 16));
    groups.push({ text: hexRange(value, counted), zero: counted === 0 || value === 0 });
  }
  const quad = [12, 13, 14, 15].map((i) => decimalRange(address[i] as number, bits - i * 8)).join('\\.');
  const written = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.text)
      .join(':');
  const forms = [written(0, 8), `${written(0, 6)}:${quad}`];
  for (let left = 0; left <= 7; left++) {
    const ends: string[] = [];
    for (let right = 0; left + right <= 7; right++) {
      if (!groups.slice(left, 8 - right).every((group) => group.zero)) continue;
      ends.push(written(8 - right, 8));
      if (right === 2) ends.push(quad);
      else if (right > 2) ends.push(`${written(8 - right, 6)}:${quad}`);
    }
    if (ends.length > 0) forms.push(`${written(0, left)}::(?:${ends.join('|')})`);
  }
  return `(?i)^(?:${forms.join('|')})\\z`;
}

/** The group whose first `bits` bits are those of `value`, in hex with or without leading zeros. */
function hexRange(value: number, bits: number): string {
  if (bits === 0) return anyGroup;
  if (bits === 16) {
    const digits = value.toString(16);
    return value === 0 ? zeroGroup : `0{0,${4 - digits.length}}${digits}`;
  }
  // The digits that are fixed, then one that is partly fixed, then free ones.
  const padded = value.toString(16).padStart(4, '0');
  const fixed = Math.floor(bits / 4);
  const free = 3 - fixed;
  const first = Number.parseInt(padded[fixed] as string, 16) & (0xf << (4 - (bits % 4)));
  const last = first + 2 ** (4 - (bits % 4)) - 1;
  const prefix = padded.slice(0, fixed).replace(/^0+/, '');
  const written = `0{0,${fixed - prefix.length}}${prefix}`;
  if (prefix !== '' || first > 0) return `${written}${hexDigit(first, last)}[0-9a-f]{${free}}`;
  // Zero is in the range: either the partly fixed digit is there, or fewer digits are.
  const full = last > 0 ? `${written}${hexDigit(1, last)}${free > 0 ? `[0-9a-f]{${free}}` : ''}|` : '';
  return `(?:${full}${free > 0 ? `0{0,${fixed + 1}}[0-9a-f]{1,${free}}` : zeroGroup})`;
}

function hexDigit(first: number, last: number): string {
  if (first === last) return first.toString(16);
  let out = '';
  for (let digit = first; digit <= last; digit++) out += digit.toString(16);
  return `[${out}]`;
}
