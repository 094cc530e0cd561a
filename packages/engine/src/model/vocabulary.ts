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
  'device.checkin', // the device reported to its management, from src_ip
  'device.locate', // the device found where it is (src_lat, src_lon, src_city); detail: wifi, gps or ip
  'logon', // an operating-system logon
  'meeting.join',
  'meeting.leave',
  'meeting.quality',
  'application.submit', // count: seconds the form was open, where the source says
  'application.refer', // a colleague put a candidate forward, whose event it is; target: the colleague's account or HR id
  'offer.accept',
  'shipment.sent',
  'shipment.delivered',
  'shipment.redirected',
  'shipment.returned',
  'pay.change',
  'profile.change',
  'check.result', // something a human verified; target: one of checkKinds; outcome: success, failure, unknown (declined, missed)
  'vendor.audit',
  'test.submit', // a coding test or other task, handed in
  'document.sign', // an offer or contract, signed
  'meeting.share', // a screen was shared; count: seconds
  'meeting.control', // control of a shared screen was given; target: to whom
  'code.commit', // one commit by an author; target: repository; detail: author's name; session_id: the commit's hash
  'code.profile', // a public profile was created at this time; target: its login
  'code.activity', // the first public activity of a profile; target: its login
  'code.public', // one commit in a public repository, as `code.commit`, but the person is the candidate who shows it as theirs; nobody's where it was fetched to compare
  'code.runner', // a build machine was registered
  'remote.session', // a remote-access program recorded that somebody came in; count: seconds
  'request', // somebody asked for something; target: one of requestKinds; detail: their words in short
  'alert', // another product raised an alert; target: its title; detail: severity
  'report', // somebody told the company something; target: one of reportKinds; detail: who told, in short
  'absence', // leave or a journey, from the HR system or a calendar; target: place in words; count: days
] as const;
export type Action = (typeof actions)[number];

/** What a human verified or observed, as `target` of `check.result`. */
export const checkKinds = [
  'spot_check', // unannounced, on camera, while employed
  'same_person', // the one seen is the one seen before
  'liveness', // an unpredictable request in a call: turn, hand across the face, read something back
  'camera', // a scheduled video step; success: camera on; failure: off without an agreed reason
  'name_in_call', // success: joined under the name of the application
  'shared_screen', // success: nothing of another identity was seen on it
  'own_work', // explains work they handed in; success: could
  'soft_questions', // fixed questions asked of all
  'interview_step', // anything else scheduled; unknown: avoided or put off
  'identity_document',
  'identity_match', // name, phone, e-mail of the document service against the application
  'identity_session', // device and network of the session with the document service
  'reference',
  'employment',
  'education',
  'background',
  'work_authorisation',
  'sanctions', // success: no match; failure: match by a number or address; unknown: by name only
  'phone', // a call back to the number given
  'phone_line', // kind of line; failure: a number bought on the internet
  'contact_known', // since when an e-mail address or phone is known to services
  'address', // somebody lives there
  'address_kind', // failure: mail drop, forwarder, empty or let by the day
  'open_web', // what a public search of contacts showed; failure: another person's
  'profile', // a public profile against the application
  'delivery', // success: handed over to the person, document shown
  'device_return',
  'device_location',
  'payroll_holder',
  'tax_form', // name on the tax form against who is paid
  'in_person',
  'exit_interview',
  'reachable', // in working hours, by the manager
  'vendor_evidence', // the vendor's evidence of identity of a worker it sent
  'confirmed_false', // success: cleared after an inquiry; failure: confirmed not who they claimed
] as const;
export type CheckKind = (typeof checkKinds)[number];

/** What somebody asked for, as `target` of `request`. */
export const requestKinds = [
  'own_device', // to work on an own or virtual machine
  'delivery', // to send equipment elsewhere
  'pay_method', // pay by other means or to somebody else
  'access', // more access than given
  'software', // a program to be allowed
  'other',
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** What somebody told the company, as `target` of `report`. */
export const reportKinds = [
  'law_enforcement',
  'identity_victim', // somebody whose name or number was used
  'employment_disputed', // a real person says they never worked here
  'extortion',
  'code_in_public', // company code was found where anybody can read it
  'vendor', // about a vendor
  'other',
] as const;
export type ReportKind = (typeof reportKinds)[number];

export const outcomes = ['success', 'failure', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

/** Kinds of recorded innocent reason; a detection says which of them can explain it. */
export const explanationKinds = [
  'household',
  'shared-office',
  'travel',
  'move',
  'company-vpn',
  'approved-vpn',
  'approved-remote-tool',
  'accommodation',
  'change-of-name',
  'agency',
  'on-call',
  'job-duty',
  'same-person',
  'inquiry', // named people looked into somebody and cleared them: it accounts for all that was found up to a day
  'snooze', // one finding of one person, set aside for some weeks by whoever looked at it
] as const;
export type ExplanationKind = (typeof explanationKinds)[number];
