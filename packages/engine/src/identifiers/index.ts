import { createHmac } from 'node:crypto';
import { type IdentifierKind, sensitiveKinds } from '../model/vocabulary.js';
import { address } from './address.js';
import { bankAccount } from './bank-account.js';
import { codeLogin } from './code-login.js';
import { type IdentifierContext, noFacts, type Sharing } from './context.js';
import { deviceSerial } from './device-serial.js';
import { deviceToken } from './device-token.js';
import { displaySerial } from './display-serial.js';
import { documentId } from './document-id.js';
import { egressIp } from './egress-ip.js';
import { email, isRoleMailbox } from './email.js';
import { fileHash } from './file-hash.js';
import { fileOrigin } from './file-origin.js';
import { gatewayMac } from './gateway-mac.js';
import { clean, type IdentifierModule } from './identifier.js';
import { imageHash } from './image-hash.js';
import { mfaDevice } from './mfa-device.js';
import { passage } from './passage.js';
import { phone } from './phone.js';
import { referenceContact } from './reference-contact.js';
import { taxId } from './tax-id.js';
import { usbSerial } from './usb-serial.js';
import { wifiBssid } from './wifi-bssid.js';

export { building } from './address.js';
export { type IdentifierContext, type IdentifierFacts, identifierContext, type Sharing } from './context.js';
export { digest } from './digest.js';
export { notPublicIp } from './egress-ip.js';
export type { IdentifierModule } from './identifier.js';

/** Every kind of identifier. */
export const identifiers: Record<IdentifierKind, IdentifierModule> = {
  email,
  phone,
  address,
  bank_account: bankAccount,
  tax_id: taxId,
  document_id: documentId,
  mfa_device: mfaDevice,
  device_token: deviceToken,
  device_serial: deviceSerial,
  display_serial: displaySerial,
  usb_serial: usbSerial,
  egress_ip: egressIp,
  wifi_bssid: wifiBssid,
  gateway_mac: gatewayMac,
  code_login: codeLogin,
  reference_contact: referenceContact,
  image_hash: imageHash,
  file_hash: fileHash,
  file_origin: fileOrigin,
  passage,
};

/** An identifier as it is stored: equal values compare equal, sensitive ones cannot be read back. */
export interface Canonical {
  value: string;
  /** Safe to show. */
  label: string;
}

/** Facts may be left out: then no provider's rules and no country's addresses are known. */
export type CanonicalOptions = Omit<IdentifierContext, 'facts'> & Partial<Pick<IdentifierContext, 'facts'>>;

/** Nothing longer is read: no identifier is, and time stays bounded. */
const longest = 1000;

/** What stands in a field where nothing is known. */
const nothing =
  /^(?:[-–—_.?]*|n\/?a|none|null|nil|undefined|unknown|not (?:available|applicable|set|provided|known)|tbd|xxx+)$/i;

/** The canonical form of a value, or undefined where it identifies nobody (empty, a default, a placeholder). */
export function canonical(
  kind: IdentifierKind,
  text: string,
  options: CanonicalOptions,
): Canonical | undefined {
  if (text.length > longest) return undefined;
  const written = clean(text);
  if (nothing.test(written)) return undefined;
  const context: IdentifierContext = { ...options, facts: options.facts ?? noFacts };
  const value = identifiers[kind].canonical(text, context);
  if (!value || nothing.test(value) || isCommon(kind, value, context)) return undefined;
  if (!sensitiveKinds.includes(kind))
    // An address is shown as it was written; its canonical form is hard to read.
    return { value, label: kind === 'address' ? written.replace(/\s+/g, ' ') : value };
  const hash = createHmac('sha256', context.key).update(`${kind}\u0000${value}`).digest('hex').slice(0, 32);
  const signs = value.replace(/[^0-9A-Z]/gi, '');
  return { value: hash, label: `${kind.replace('_', ' ')} ending ${signs.slice(-2)}` };
}

function isCommon(kind: IdentifierKind, value: string, { facts }: IdentifierContext): boolean {
  const common = facts.common.get(kind);
  return (
    common !== undefined &&
    (common.exact.has(value) || common.prefixes.some((start) => value.startsWith(start)))
  );
}

/**
 * Whether a canonical value belongs to an office and not to a person: people who share it need not know one another.
 * Only what the value itself tells; how many hold it is for the caller to count (`sharingOf(kind).commonAbove`).
 */
export function isInstitutional(kind: IdentifierKind, value: string, context: IdentifierContext): boolean {
  return (kind === 'email' || kind === 'reference_contact') && isRoleMailbox(value, context);
}

/** How often honest people share such a value, where the content says. */
export function sharingOf(kind: IdentifierKind, context: IdentifierContext): Sharing | undefined {
  return context.facts.sharing.get(kind);
}
