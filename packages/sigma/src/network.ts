/** IP addresses and networks, as text. No names, no ports, no zones. */
import type { Network } from './plan.js';

const octet = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;

/** The bytes of an address (4 or 16), or `undefined`. IPv4 octets have no leading zeros. */
export function parseAddress(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => octet.test(part)) ? parts.map(Number) : undefined;
}

function parseIpv6(text: string): number[] | undefined {
  let rest = text;
  let tail: number[] = [];
  if (rest.includes('.')) {
    const colon = rest.lastIndexOf(':');
    const ipv4 = parseIpv4(rest.slice(colon + 1));
    if (ipv4 === undefined) return undefined;
    tail = ipv4;
    rest = rest.slice(0, colon);
    // What is left ends where the address went on: `::` keeps both of its colons, a group loses its one.
    if (rest.endsWith(':')) rest += ':';
    if (rest === '') return undefined;
  }
  const halves = rest.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (groups.flat().some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const bytes = groups.map((half) =>
    half.flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
  );
  const [before = [], after = []] = bytes;
  const written = before.length + after.length + tail.length;
  if (halves.length === 1) return written === 16 ? [...before, ...tail] : undefined;
  if (written > 14) return undefined;
  return [...before, ...new Array<number>(16 - written).fill(0), ...after, ...tail];
}

/** `address/bits`, or an address alone (all bits count). Bits beyond the mask are cleared. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const bytes = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (bytes === undefined) return undefined;
  const length = slash < 0 ? String(bytes.length * 8) : text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const bits = Number(length);
  if (bits > bytes.length * 8) return undefined;
  const address = bytes.map((byte, i) => byte & mask(bits - i * 8));
  return { text, address, bits };
}

function mask(bits: number): number {
  return bits >= 8 ? 255 : bits <= 0 ? 0 : (0xff << (8 - bits)) & 255;
}

/** Whether the text is an address inside the network. An IPv4 network holds IPv4 addresses only. */
export function inNetwork(network: Network, text: string): boolean {
  const bytes = parseAddress(text);
  if (bytes === undefined || bytes.length !== network.address.length) return false;
  return bytes.every((byte, i) => (byte & mask(network.bits - i * 8)) === network.address[i]);
}
