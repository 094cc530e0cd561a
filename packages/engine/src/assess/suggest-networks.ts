import type { Database } from '../lake/duckdb.js';
import type { Draft } from './draft.js';

/** A range is the company's own only where so many people, of so many different homes, sign in through it. */
const peopleLeast = 8;
const shareLeast = 0.1;
const homesLeast = 5;
const rangesMost = 10;

/** Ranges of addresses that look like the company's own VPN or gateway: proposed for the policy file, for somebody to confirm. */
export async function suggestNetworks(database: Database): Promise<Draft[]> {
  const rows = await database.rows(
    `WITH used AS (
       SELECT person_id, src_ip, regexp_extract(src_ip, '^\\d+\\.\\d+\\.\\d+\\.') AS prefix, src_as_org, src_network, min(time) AS first, max(time) AS last
       FROM events WHERE action = 'signin' AND outcome = 'success' AND person_id IS NOT NULL AND src_ip LIKE '%.%.%.%'
         AND (src_network IS NULL OR regexp_matches(src_network, '^(vpn|hosting|proxy)'))
       GROUP BY ALL),
     ranges AS (
       SELECT u.prefix, count(DISTINCT u.person_id) AS people, count(DISTINCT p.claimed_city) AS homes, count(DISTINCT u.src_as_org) AS operators,
         min(u.src_as_org) AS operator, min(u.src_network) AS network, min(u.first) AS first, max(u.last) AS last,
         list(DISTINCT u.person_id ORDER BY u.person_id) AS ids
       FROM used u JOIN people p USING (person_id) WHERE u.prefix <> '' GROUP BY u.prefix)
     SELECT * FROM ranges WHERE people >= greatest(${peopleLeast}, ${shareLeast} * (SELECT count(*) FROM people WHERE stage = 'employed'))
       AND homes >= ${homesLeast} AND operators <= 1 ORDER BY people DESC, prefix LIMIT ${rangesMost}`,
  );
  return rows.map((row): Draft => {
    const prefix = String(row.prefix);
    const cidr = `${prefix}0/24`;
    const operator = row.operator ? String(row.operator) : undefined;
    const rented = /^vpn:/.test(String(row.network ?? ''));
    return {
      kind: 'company-vpn',
      people: Array.isArray(row.ids) ? row.ids.map(String) : [],
      value: { kind: 'network', label: cidr },
      policy: `networks:\n  - { cidr: ${cidr}, kind: company-vpn, name: ${JSON.stringify(operator ?? 'our VPN')} }`,
      covers: (cells) =>
        Object.values(cells).some((cell) => typeof cell === 'string' && cell.startsWith(prefix)),
      says: `${row.people} people of ${row.homes} different towns sign in through ${cidr}${operator ? ` (${operator})` : ''}: it may be the company’s own VPN or gateway.`,
      rows: [
        [
          cidr,
          `${String(row.first).slice(0, 10)} to ${String(row.last).slice(0, 10)}`,
          operator ?? null,
          'sign-ins',
        ],
      ],
      against: rented
        ? [
            `${String(row.network).slice(4)} is a VPN service that anybody can rent: many people may use it by themselves.`,
          ]
        : [],
      check:
        'Ask whoever runs the network whether the range is the company’s, before it is written into the policy file.',
    };
  });
}
