import type { AddressFacts, AddressFormat } from './facts.js';
import { evidence, type ParsedAddress, Reading } from './reading.js';
import { type Parts, splitAddress } from './words.js';

/** A country nobody named must show at least this. */
const enough = 4;

/**
 * Reads an address as each country would write it and keeps the reading that fits best. Undefined where no reading has a
 * street, a number (or a named house, or a box) and a place.
 */
export function parseAddress(
  text: string,
  facts: AddressFacts,
  homeCountry: string,
): ParsedAddress | undefined {
  const parts = splitAddress(text);
  if (parts.length === 0) return undefined;
  let best: { address: ParsedAddress; score: number } | undefined;
  const consider = (address: ParsedAddress | undefined, score: number) => {
    if (address && (!best || score > best.score)) best = { address, score };
  };
  for (const { country, rest, score } of named(parts, facts)) {
    const format = facts.formats.find((one) => one.country === country);
    if (!format) {
      consider(asWords(rest, country), score + evidence.home);
      continue;
    }
    const read = new Reading(format, rest).read();
    if (read) consider(read.address, score + read.score);
  }
  for (const format of facts.formats) {
    const home = format.country === homeCountry;
    if (!home && !isLikely(parts, format)) continue;
    const read = new Reading(format, parts).read();
    if (read && (home || read.score >= enough))
      consider(read.address, read.score + (home ? evidence.home : 0));
  }
  if (!best && !facts.formats.some((format) => format.country === homeCountry)) return asWords(parts, '');
  return best?.address;
}

/** Whether a country nobody named may be meant: only where something has the form of its postcodes, or is one of its states. */
function isLikely(parts: Parts, format: AddressFormat): boolean {
  const last = parts.at(-1) as string[];
  for (let length = Math.min(4, last.length); length > 0; length--)
    if (format.regions.has(last.slice(-length).join(' '))) return true;
  return parts.some((part) => part.join(' ').search(format.postcode) >= 0);
}

/** Countries the end of an address may name, and what is left without the name. */
function named(parts: Parts, facts: AddressFacts): { country: string; rest: Parts; score: number }[] {
  const last = parts.at(-1) as string[];
  const found: { country: string; rest: Parts; score: number }[] = [];
  for (let length = Math.min(6, last.length); length > 0; length--) {
    const name = last.slice(-length).join(' ');
    const country = facts.countries.get(name);
    if (country === undefined) continue;
    const rest = [...parts.slice(0, -1), last.slice(0, -length)].filter((part) => part.length > 0);
    if (rest.length > 0)
      found.push({ country, rest, score: name.length > 3 ? evidence.name : evidence.code });
  }
  return found;
}

/** An address of a country nobody described here: its words, in order. */
function asWords(parts: Parts, country: string): ParsedAddress | undefined {
  const words = parts.flat().filter((word) => word !== '#');
  const telling = words.some((word) => /\d/.test(word)) && words.some((word) => /\p{L}{2}/u.test(word));
  return words.length >= 3 && telling
    ? { country: country.toLowerCase(), place: '', street: words.join(' '), number: '', unit: '' }
    : undefined;
}
