import type { IdentifierKind } from '../model/vocabulary.js';

/**
 * What a kind of identifier is about. Values of one facet are seldom independent: who shares a home shares its Wi-Fi,
 * and a phone is a second factor too.
 */
export type LinkFacet =
  | 'home'
  | 'phone'
  | 'payment'
  | 'identity'
  | 'mail'
  | 'reference'
  | 'device'
  | 'code'
  | 'document';

export const facetOf: Readonly<Record<IdentifierKind, LinkFacet>> = {
  email: 'mail',
  phone: 'phone',
  address: 'home',
  bank_account: 'payment',
  tax_id: 'identity',
  document_id: 'identity',
  mfa_device: 'phone',
  device_token: 'device',
  device_serial: 'device',
  display_serial: 'device',
  usb_serial: 'device',
  egress_ip: 'home',
  wifi_bssid: 'home',
  gateway_mac: 'home',
  code_login: 'code',
  reference_contact: 'reference',
  image_hash: 'document',
  file_hash: 'document',
  file_origin: 'document',
  passage: 'document',
};

/** Kinds whose sharing joins nobody: a laptop is handed on to the next person. */
export const handedOn: readonly IdentifierKind[] = ['device_serial'];

const words: Readonly<Record<IdentifierKind, string>> = {
  email: 'an e-mail address',
  phone: 'a phone number',
  address: 'an address',
  bank_account: 'a bank account',
  tax_id: 'a tax id',
  document_id: 'an identity document',
  mfa_device: 'a second-factor device',
  device_token: 'a browser',
  device_serial: 'a device',
  display_serial: 'a display',
  usb_serial: 'a USB device',
  egress_ip: 'an internet connection',
  wifi_bssid: 'a Wi-Fi access point',
  gateway_mac: 'a router',
  code_login: 'a login of a code host',
  reference_contact: 'the contact of a reference',
  image_hash: 'a picture',
  file_hash: 'a file',
  file_origin: 'the origin of a file',
  passage: 'wording of a résumé',
};

export function kindInWords(kind: IdentifierKind): string {
  return words[kind];
}
