/** The product's closed word lists in the words of a reader. Exhaustive: a new word in the model fails the build here. */
import type { ExplanationKind } from '@rollcall/engine/model/policy.js';
import type { TimelineEntry } from '@rollcall/engine/model/result.js';
import type {
  Band,
  ClaimKind,
  DetectionStage,
  FairnessClass,
  IdentifierKind,
  TraceKind,
} from '@rollcall/engine/model/vocabulary.js';

/** Most pressing first. */
export const bandOrder: readonly Band[] = ['urgent', 'review', 'watch', 'clear'];

export const bandWords: Record<Band, { word: string; means: string }> = {
  urgent: { word: 'Urgent', means: 'Strong evidence of several independent kinds. Look here first.' },
  review: { word: 'Review', means: 'At least two independent kinds of evidence. Look into it.' },
  watch: { word: 'Watch', means: 'Something was seen, but not enough of it. Keep in view.' },
  clear: { word: 'Clear', means: 'Nothing that outweighs where everybody starts.' },
};

export const kindWords: Record<IdentifierKind, string> = {
  email: 'E-mail address',
  phone: 'Phone number',
  address: 'Postal address',
  bank_account: 'Bank account',
  tax_id: 'Tax number',
  document_id: 'Identity document',
  mfa_device: 'Second-factor device',
  device_token: 'Browser or device token',
  device_serial: 'Device serial',
  display_serial: 'Display serial',
  usb_serial: 'USB serial',
  egress_ip: 'Internet address',
  wifi_bssid: 'Wi-Fi access point',
  gateway_mac: 'Home router',
  code_login: 'Code-host login',
  reference_contact: 'Reference’s contact',
  image_hash: 'Same image',
  file_hash: 'Same file',
  file_origin: 'Copies of one original file',
  passage: 'Same rare wording',
};

export const kindGroups: Record<IdentifierKind, 'contact' | 'place' | 'money' | 'device' | 'file'> = {
  email: 'contact',
  phone: 'contact',
  code_login: 'contact',
  reference_contact: 'contact',
  address: 'place',
  egress_ip: 'place',
  wifi_bssid: 'place',
  gateway_mac: 'place',
  bank_account: 'money',
  tax_id: 'money',
  document_id: 'money',
  mfa_device: 'device',
  device_token: 'device',
  device_serial: 'device',
  display_serial: 'device',
  usb_serial: 'device',
  image_hash: 'file',
  file_hash: 'file',
  file_origin: 'file',
  passage: 'file',
};

export const groupWords: Record<(typeof kindGroups)[IdentifierKind], string> = {
  contact: 'contact',
  place: 'place or network',
  money: 'money or identity number',
  device: 'device',
  file: 'file or wording',
};

export const explanationWords: Record<ExplanationKind, string> = {
  household: 'One household',
  'shared-office': 'A shared place of work',
  travel: 'Travel',
  move: 'A move',
  'company-vpn': 'The company’s VPN',
  'approved-vpn': 'An approved VPN',
  'approved-remote-tool': 'An approved remote-access tool',
  accommodation: 'An agreed accommodation',
  'change-of-name': 'A change of name',
  agency: 'One agency',
  'on-call': 'On-call duty',
  'job-duty': 'A duty of the job',
  'same-person': 'One person, recorded twice',
  inquiry: 'Cleared by an inquiry',
  snooze: 'Set aside for a while',
};

export const claimWords: Record<ClaimKind, string> = {
  name: 'Name',
  location: 'Place',
  employment: 'Job',
  education: 'School',
  skill: 'Skill',
};

export const traceWords: Record<TraceKind, string> = {
  author: 'Author in the file',
  last_modified_by: 'Last saved by',
  contributor: 'Commented or changed by',
  company: 'Company in the file',
  tool: 'Made with',
  saves: 'Times saved',
  created: 'Created',
  modified: 'Changed',
  template: 'Template',
  hidden_text: 'Text that is not seen',
  instruction: 'Speaks to a program',
  active: 'Would run or open something (never run)',
  disagreement: 'Says two things of itself',
  scan: 'Pages that are pictures',
};

type EntryKind = TimelineEntry['kind'];

/** In the order of the lanes. */
export const entryKinds: readonly EntryKind[] = [
  'life',
  'delivery',
  'pay',
  'profile',
  'device',
  'signin',
  'meeting',
  'code',
  'file',
  'check',
  'other',
];

export const entryWords: Record<EntryKind, string> = {
  life: 'Employment',
  signin: 'Sign-ins',
  delivery: 'Deliveries',
  pay: 'Pay',
  profile: 'Profile',
  code: 'Code',
  file: 'Files',
  device: 'Devices',
  meeting: 'Meetings',
  check: 'Checks',
  other: 'Other',
};

/** The systems of devices, as their makers write them. */
export const systemWords: Readonly<Record<string, string>> = {
  windows: 'Windows',
  macos: 'macOS',
  linux: 'Linux',
  ios: 'iOS',
  android: 'Android',
  chromeos: 'ChromeOS',
};

export const detectionStageWords: Record<DetectionStage, string> = {
  application: 'Application',
  interview: 'Interview',
  verification: 'Verification',
  onboarding: 'Onboarding',
  employed: 'Employed',
  vendor: 'Vendor',
  offboarding: 'Offboarding',
  exposure: 'Exposure',
};

export const fairnessWords: Record<FairnessClass, string> = {
  none: 'touches nobody’s circumstances',
  circumstance: 'touches circumstances such as moving, travel or household: ask before you conclude',
  'origin-correlated': 'can go together with where somebody is from: never decisive, never a reason to rank',
  forbidden: 'forbidden',
};

/** What a network label says about the place of a sign-in. */
export function network(label: string): { words: string; hidesPlace: boolean } {
  const [kind = '', operator = ''] = label.toLowerCase().split(/:(.*)/);
  const by = operator ? ` (${label.slice(kind.length + 1)})` : '';
  switch (kind) {
    case 'vpn':
      return { words: `VPN${by}`, hidesPlace: true };
    case 'relay':
      return { words: `privacy relay${by}`, hidesPlace: true };
    case 'tor':
      return { words: 'Tor', hidesPlace: true };
    case 'proxy':
      return { words: `proxy${by}`, hidesPlace: true };
    case 'hosting':
      return { words: `hosting provider${by}`, hidesPlace: true };
    case 'satellite':
      return { words: `satellite${by}`, hidesPlace: true };
    case 'mobile':
      return { words: `mobile carrier${by}`, hidesPlace: false };
    case 'office':
      return { words: `office${by}`, hidesPlace: false };
    default:
      return { words: label, hidesPlace: false };
  }
}
