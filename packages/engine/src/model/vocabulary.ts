/** The product's closed word lists: one word per thing, the same in tables, content, CLI and pages. */

export const stages = ['applicant', 'offer', 'onboarding', 'employed', 'left'] as const;
export type Stage = (typeof stages)[number];

export const engagements = ['employee', 'contractor', 'vendor'] as const;
export type Engagement = (typeof engagements)[number];

/** Kinds of identifier: values seen with one person that another person may also have. */
export const identifierKinds = [
  'email',
  'phone',
  'address',
  'bank_account',
  'tax_id',
  'document_id',
  'mfa_device',
  'device_token',
  'device_serial',
  'display_serial',
  'usb_serial',
  'egress_ip',
  'wifi_bssid',
  'gateway_mac',
  'code_login',
  'reference_contact',
  'image_hash',
  'file_hash',
  'file_origin', // what marks copies of one original file: XMP document id, PDF file id, Word's root of editing sessions
  'passage', // wording that résumés share and hardly any other has; the engine finds these, no connector gives them
] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** Kinds stored only as keyed hashes; the raw value is kept apart, in the vault. */
export const sensitiveKinds: readonly IdentifierKind[] = ['bank_account', 'tax_id', 'document_id'];

/** Kinds of inventory: something that was so on a device when looked at. */
export const inventoryKinds = [
  'program',
  'process',
  'usb_device',
  'display',
  'browser_extension',
  'listening_port',
  'local_user',
  'local_admin',
  'wifi',
  'gateway',
  'setting',
] as const;
export type InventoryKind = (typeof inventoryKinds)[number];

/** What someone says of themselves, in a résumé or a form. */
export const claimKinds = ['name', 'location', 'employment', 'education', 'skill'] as const;
export type ClaimKind = (typeof claimKinds)[number];

/** What a file shows beside what it says. A statement about the file, never a judgement. */
export const traceKinds = [
  'author',
  'last_modified_by',
  'contributor', // named by a comment or a tracked change
  'company',
  'tool', // program it was written or made with
  'saves', // how often it was saved
  'created', // day, by the writer's clock
  'modified',
  'template',
  'hidden_text', // value: why it is not seen; detail: the text
  'instruction', // text that speaks to a program which reads the file; value: the pattern
  'active', // would run or open something; value: what kind
  'disagreement', // the file's own statements about itself differ
  'scan', // pages are pictures: nothing could be read from them
] as const;
export type TraceKind = (typeof traceKinds)[number];

/** Ranked from calm to pressing. */
export const bands = ['clear', 'watch', 'review', 'urgent'] as const;
export type Band = (typeof bands)[number];

export const detectionStages = [
  'application',
  'interview',
  'verification',
  'onboarding',
  'employed',
  'vendor',
  'offboarding',
  'exposure',
] as const;
export type DetectionStage = (typeof detectionStages)[number];

/** How a detection touches people's circumstances (design, section 6). `forbidden` is refused at load. */
export const fairnessClasses = ['none', 'circumstance', 'origin-correlated', 'forbidden'] as const;
export type FairnessClass = (typeof fairnessClasses)[number];

/**
 * Actions: what happened, `<area>.<verb>`. A connector maps its vendor's event types to these where one fits
 * and otherwise keeps the vendor's own name in lower case, so nothing is lost and rules can still name it.
 */
export const actions = [
  'signin', // an interactive or token sign-in attempt; outcome says how it ended
  'signin.policy', // the sign-on policy was evaluated (a network-zone refusal shows here, not as a sign-in)
  'mfa.challenge', // a second factor was asked for or answered
  'mfa.answer', // the same, seen from where the second-factor device is
  'mfa.enroll', // a factor was added
  'mfa.remove', // a factor was removed or reset
  'session.start',
  'session.end',
  'device.enroll', // a device was registered to an account
  'account.create',
  'account.change',
  'account.suspend',
  'privilege.grant',
  'repo.clone',
  'repo.push',
  'repo.download',
  'repo.publish', // made public, moved out, or forking opened
  'repo.protection_off',
  'repo.invite',
  'token.create',
  'file.download',
  'file.upload',
  'file.share',
  'file.view',
  'process.start',
  'network.connect',
  'network.dns',
  'network.tls',
  'device.connect', // a peripheral was plugged in
  'logon', // an operating-system logon
  'meeting.join',
  'meeting.leave',
  'meeting.quality',
  'application.submit',
  'offer.accept',
  'shipment.sent',
  'shipment.delivered',
  'shipment.redirected',
  'shipment.returned',
  'pay.change',
  'profile.change',
  'check.result', // something a human verified; outcome: success, failure, unknown (declined, missed)
  'vendor.audit',
] as const;
export type Action = (typeof actions)[number];

export const outcomes = ['success', 'failure', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];
