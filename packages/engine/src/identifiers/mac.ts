import { clean } from './identifier.js';

/** A hardware address in lower case with colons; all zeros, all ones, group addresses and virtual routers are none. */
export function mac(text: string): string | undefined {
  const parts = clean(text).toLowerCase().split(/[:.-]/);
  const digits = parts.length === 6 ? parts.map((part) => part.padStart(2, '0')).join('') : parts.join('');
  if (!/^[0-9a-f]{12}$/.test(digits) || /^(.)\1+$/.test(digits)) return undefined;
  // The lowest bit of the first octet marks a group address (IEEE 802); 00-00-5e-00-01 and -02 are VRRP (RFC 9568).
  if (Number.parseInt(digits.slice(0, 2), 16) & 1 || /^00005e000[12]/.test(digits)) return undefined;
  return digits.replace(/(..)(?=.)/g, '$1:');
}
