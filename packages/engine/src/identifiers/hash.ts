import { clean } from './identifier.js';

/** A digest in lower case; those of nothing at all (an empty file, an even picture) are none. */
export function hash(text: string): string | undefined {
  const value = clean(text).toLowerCase();
  return value.length >= 4 && !/^(.)\1+$/.test(value) && !ofNothing.has(value) ? value : undefined;
}

/** MD5, SHA-1 and SHA-256 of no bytes. */
const ofNothing = new Set([
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]);
