/**
 * What of the rows behind a sentence is shown of somebody who is veiled. Content may bring any column, so what is not
 * known to be harmless is not shown: the cell becomes a word and a mark.
 */

/** Cells are looked through for what is known of people, and shown. */
const harmless = new Set(
  `action active activity all_repositories asked claimed delivered_to laptop_in noted sent_from alert algorithm answer authority band board browser_name carrier category channel check city
  claimed_country class clause condition connector controls count counted country counts_from counts_until currency day
  days department detail_kind detection direction drift due end engagement ending event events facet factor_kind firm
  first_day first_record form format found_in from_country from_place grade hardware header home home_city home_country
  how_far indicator interview_city inventory kind kinds lacking language_version last_record law lease level limit
  location made_by maker managed manufacturer method missing mode model module month network network_kind newest
  occasion oldest operator os other_city other_country other_home other_in other_network other_place outcome overdue
  part period place platform policy product program programs property provider protocol question quarter reason region
  released_in requirement result risk role rule run scope seen_at seen_city seen_country seen_in severity shares
  since_when soon software sort source spoofs stage started state status step store system tactic technique technology
  test_city the_kind time_zone times to_country to_place tool tools training type unit usb_id usual vendor version vpn
  week what when which_kind why why_unseen year years`
    .split(/\s+/)
    .filter(Boolean),
);

/** Columns whose value is a machine: IT staff need it where the row is about machines and not about people. */
const machines = new Set([
  'device',
  'devices',
  'laptop',
  'machine',
  'hostname',
  'host',
  'serial',
  'computer',
]);

const words: readonly [RegExp, string][] = [
  [/e?mail|mailbox/, 'e-mail address'],
  [/phone|number/, 'phone number'],
  [/account|actor|login|user|administrator|guest|visitor|profile|handle|author|committer/, 'account'],
  [/device|laptop|machine|host|serial|computer|display|factor|token|browser/, 'device'],
  [/address|delivered|sent|street/, 'address'],
  [/\bip\b|router|ssid|mac$|session/, 'connection'],
  [/repositor|changed|branch/, 'repository'],
  [/file|document|original/, 'file'],
  [/text|written|wording|passage/, 'wording'],
  [/name|person|worker|holder|payee|who|by$/, 'somebody'],
];

export function plainColumn(column: string): string {
  return column
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

export function isHarmless(column: string): boolean {
  return harmless.has(column);
}

export function isMachine(column: string): boolean {
  return machines.has(column);
}

/** Says where: a town may be told, a house may not. */
export function isPlace(column: string): boolean {
  return /place|home|city|location|delivered|found_in|laptop_in|other_in|seen_in|sent_from/.test(column);
}

export function wordFor(column: string): string {
  return words.find(([pattern]) => pattern.test(column))?.[1] ?? 'value';
}
