import { createHmac } from 'node:crypto';
import type { IdentifierKind } from '@rollcall/engine/model/vocabulary.js';
import { folded } from './fold.js';

/** What stands before the mark of a value that is not shown. */
export const kindWords: Record<IdentifierKind, string> = {
  email: 'e-mail address',
  phone: 'phone number',
  address: 'address',
  bank_account: 'bank account',
  tax_id: 'tax number',
  document_id: 'identity document',
  mfa_device: 'second factor',
  device_token: 'browser or device',
  device_serial: 'device',
  display_serial: 'display',
  usb_serial: 'USB device',
  egress_ip: 'internet address',
  wifi_bssid: 'access point',
  gateway_mac: 'router',
  code_login: 'login',
  reference_contact: 'contact',
  image_hash: 'picture',
  file_hash: 'file',
  file_origin: 'file',
  passage: 'wording',
};

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Short marks in place of values: the same value has the same mark on every page, and nobody gets from the mark to the
 * value without the installation's key.
 */
export class Marks {
  private readonly known = new Map<string, string>();

  constructor(private readonly key: Uint8Array) {}

  /** Words and mark: `address K7QF`. */
  of(word: string, value: string): string {
    // Two bank accounts may end in the same digits: equal marks would say that they are one.
    if (/\bending \S+$/.test(value)) return `${value.replace(/\bending \S+$/, 'ending')} ••`;
    return `${word} ${this.code(value)}`;
  }

  private code(value: string): string {
    const plain = folded(value);
    const known = this.known.get(plain);
    if (known) return known;
    const digest = createHmac('sha256', this.key).update(plain, 'utf8').digest();
    let code = '';
    for (let i = 0; i < 5; i++) code += letters[(digest[i] as number) & 31];
    // One of letters alone could be read as a word, one of digits alone as a quantity.
    if (!/\d/.test(code)) code = `${code.slice(0, 4)}${(digest[5] as number) % 10}`;
    if (!/[A-Z]/.test(code)) code = `X${code.slice(1)}`;
    if (this.known.size > 200_000) this.known.clear();
    this.known.set(plain, code);
    return code;
  }
}
