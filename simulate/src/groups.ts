import type { Random } from './random.js';

/**
 * How honest people live, as a hidden label: what an employer must not hold against anybody, and what a tool like this one
 * runs into first. It decides nothing by itself. It makes some circumstances likelier (`leanings`), and the evaluation then
 * asks whether people of one group are flagged more often than the rest. It is drawn apart from name and home, stands in
 * truth.json and is never in the exports.
 */
export const groups = [
  'none',
  'recent-immigrant',
  'rural',
  'shared-housing',
  'night-worker',
  'privacy-minded',
  'carer',
  'with-a-disability',
  'frequent-traveller',
] as const;
export type Group = (typeof groups)[number];

/** Shares of everybody, roughly; ours, so that each group is large enough to say something about. */
const shares: readonly (readonly [Group, number])[] = [
  ['none', 48],
  // Came to the country within some years: about one in twelve of those in work, more among engineers.
  ['recent-immigrant', 10],
  // About one in seven lives outside towns; fewer of those who work remotely in such firms.
  ['rural', 9],
  // Flats of several adults who are not a family.
  ['shared-housing', 7],
  // Work in the evening or at night, by choice or for a team elsewhere.
  ['night-worker', 5],
  // VPN, relay, second number, little online.
  ['privacy-minded', 6],
  // Small children, parents in need of care.
  ['carer', 7],
  // One that meets with checks: not on camera, not on the telephone, appointments.
  ['with-a-disability', 5],
  ['frequent-traveller', 3],
];

export function drawGroup(random: Random): Group {
  return random.weighted(shares);
}

/**
 * How many times likelier a circumstance befalls members of a group than others, by kind of circumstance. From life, as far
 * as one can say; what is not named is as likely for everybody. How common a circumstance is at all, its maker says.
 */
export const leanings: Readonly<Partial<Record<Group, Readonly<Record<string, number>>>>> = {
  'recent-immigrant': {
    // Begins with friends or family, and moves on.
    'room-mates': 3,
    mover: 3,
    'family-phone': 3,
    'delivered-elsewhere': 2,
    // Opens the first account of the new country some weeks after the first day of work.
    'pay-corrected': 3,
    'profile-tidied': 3,
    // Names written in several ways; a family name that comes first.
    'changed-name': 2,
    'duplicate-record': 3,
    // Home for weeks, a journey of half a day; the same VPN there as others use.
    traveller: 3,
    'vpn-abroad': 10,
    // Has the résumé written, or the English put right.
    'resume-coach': 3,
    'machine-written': 3,
    'borrowed-computer': 3,
    'similar-names': 2,
    // Records under two spellings, in two countries.
    'background-mix-up': 4,
    // The first months: a number from an app, a new mailbox, no account at a bank yet.
    'internet-number': 5,
    'new-mailbox': 4,
    'no-bank-yet': 8,
    'pay-by-service': 6,
    'tax-form-slip': 3,
    // Applied from there, moved before the first day.
    'applied-on-a-journey': 3,
    'applied-through-astrill': 10,
    'away-until-the-start': 3,
    'nickname-online': 3,
    'refers-a-relative': 2,
    'parcel-box': 2,
    // Papers of another country, read by machines that know few of them; a name in another order or script.
    'name-not-as-on-papers': 5,
    'papers-refused-by-a-machine': 6,
    'tax-id-mistyped': 2,
    // Employers elsewhere answer to nobody, or are gone; colleagues speak for them instead.
    'employer-keeps-no-record': 5,
    'former-colleague-speaks': 3,
    'own-number-as-a-reference': 2,
    // An interview in a second language, from a relative's account, from the road or on a weak line.
    'family-account': 4,
    'nervous-about-own-work': 3,
    'interviewed-on-the-road': 2,
    'signed-on-the-road': 3,
    'slow-video': 2,
    'applied-together': 2,
    // Moves more often than the records follow.
    'old-address-on-record': 3,
    'lives-elsewhere': 3,
    'new-phone': 2,
  },
  rural: {
    'parcel-box': 8,
    satellite: 12,
    // A mail drop in the next town, or the neighbour who is at home.
    'delivered-elsewhere': 5,
    'carrier-nat': 4,
    'recycled-address': 2,
    // Slow lines, and gaps in them.
    'slow-video': 8,
    'frozen-picture': 4,
    'hard-to-reach': 3,
    // A mail drop has many tenants.
    'address-of-a-listed-firm': 4,
    'monitor-sent-on': 3,
  },
  'shared-housing': {
    'room-mates': 15,
    coworking: 3,
    mover: 3,
    'delivered-elsewhere': 2,
    'borrowed-computer': 2,
    'parcel-box': 2,
    'open-room': 4,
    'shared-computer-screen': 4,
    'family-account': 2,
    'old-address-on-record': 4,
    'lives-elsewhere': 2,
  },
  'night-worker': {
    'night-owl': 25,
    'on-call': 5,
    'applied-in-one-evening': 2,
    'incident-night': 5,
    'hard-to-reach': 4,
    'keeps-awake': 3,
  },
  'privacy-minded': {
    'consumer-vpn': 15,
    relay: 8,
    'own-device': 3,
    'profile-tidied': 2,
    'applied-through-vpn': 12,
    'internet-number': 6,
    'new-mailbox': 3,
    'nickname-online': 3,
    'prefers-own-computer': 3,
    'parcel-box': 2,
    'interviewed-on-a-vpn': 10,
    'signed-on-a-vpn': 10,
    'vpn-of-own': 10,
    'vpn-router': 12,
    'private-browser': 8,
    'location-off': 5,
    'camera-kept-off': 3,
    'prefers-own-machine': 3,
  },
  carer: {
    // When the children sleep; and with two hands less.
    'applied-in-one-evening': 3,
    'signed-by-partner': 3,
    'away-until-the-start': 2,
    'declined-check': 8,
    'night-owl': 4,
    'profile-tidied': 2,
    'family-phone': 3,
    couple: 2,
    'steps-put-off': 6,
    'hard-to-reach': 5,
    // Away from the keyboard more often, and not wanting it to show.
    'keeps-awake': 4,
    'camera-kept-off': 3,
    'live-request-declined': 3,
    'fixed-questions-missed': 2,
  },
  'with-a-disability': {
    'declined-check': 12,
    'one-remote-tool': 4,
    'support-tools': 2,
    'own-device': 2,
    // Aids that stand on the own computer, and fill in forms.
    'prefers-own-computer': 4,
    'form-filler': 5,
    'prefers-own-machine': 3,
    'own-keyboard': 5,
    'works-over-remote-desktop': 4,
    'reaches-own-laptop': 3,
    // Reads the screen again later.
    'records-the-screen': 5,
    // What an interview asks of eyes, ears, hands and calm.
    'camera-kept-off': 8,
    'live-request-declined': 8,
    'nervous-about-own-work': 5,
    'fixed-questions-missed': 3,
    'steps-put-off': 5,
    'hard-to-reach': 4,
  },
  'frequent-traveller': {
    traveller: 15,
    'business-trip': 12,
    'vpn-abroad': 4,
    coworking: 4,
    'consumer-vpn': 4,
    'applied-on-a-journey': 8,
    'set-up-on-the-road': 8,
    'away-until-the-start': 4,
    'parcel-box': 3,
    'interviewed-on-the-road': 10,
    'test-on-the-road': 10,
    'signed-on-the-road': 10,
    'travel-router': 10,
    'folder-for-a-trip': 10,
    'interviewed-on-a-vpn': 3,
    'signed-on-a-vpn': 3,
    'vpn-of-own': 3,
    'old-address-on-record': 2,
  },
};

/** How much likelier a circumstance befalls somebody of a group. */
export function leaning(group: Group, kind: string): number {
  return leanings[group]?.[kind] ?? 1;
}
