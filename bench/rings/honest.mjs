/**
 * Honest applicants as DuckDB SQL, and how they come to share things with one another.
 *
 * A person is a number `p` below N; all about them follows from a hash of it and a salt, so that every table streams from
 * `range(N)` without a join and the same N gives the same rows. Shares below are our estimates; where a figure is
 * published it is named. Every pool grows with N: the neighbourhood of a person looks the same at any scale.
 */

/** First and last day anybody applies. */
export const firstDay = '2023-09-01';
const days = 1095;

/** Someone with a second record nobody has joined to the first: the last 1.5 % of all. */
const duplicates = 0.015;

/**
 * @param {number} n honest people
 * @param {number} total all people, with the rings'
 * @param {number} companies
 * @param {number} crowding how many times as often strangers come to share something one after the other: a number that was
 *   given up, a home somebody left, a friend's file
 */
export function macros(n, total, companies, crowding = 1) {
  const after = (from, share) => (from + share * crowding).toFixed(4);
  const step = 7_368_787;
  if (total % step === 0) throw new Error(`${total} people: not a multiple of ${step}`);
  const pool = (share, size) => Math.max(1, Math.round((n * share) / size));
  // Households of 2, 3, 4 and 5 applicants: 12 % of all live with another applicant.
  const sizes = [
    [2, 0.09],
    [3, 0.018],
    [4, 0.0084],
    [5, 0.0036],
  ];
  let low = 0;
  const homes = sizes.map(([size, share]) => {
    const start = low;
    low += Math.floor((n * share) / size) * size;
    return `WHEN p < ${low} THEN ${start} + ((p - ${start}) // ${size}) * ${size}`;
  });
  const shared = low;
  const single = Math.round(n * (1 - duplicates));
  return [
    // DuckDB's hash of two values is hash(p) mixed, then XORed with that of the salt: hashed again, or all salts go together.
    `CREATE MACRO mixed(p, salt) AS hash(hash(p::BIGINT, salt))`,
    `CREATE MACRO u(p, salt) AS (mixed(p, salt) >> 11) / 9007199254740992.0`,
    `CREATE MACRO pick(p, salt, size) AS (mixed(p, salt) % size)::BIGINT`,
    // Ids say nothing of who belongs together.
    `CREATE MACRO number_of(p) AS (p::BIGINT * ${step}) % ${total}`,
    `CREATE MACRO person(p) AS 'p' || lpad(number_of(p)::VARCHAR, 8, '0')`,
    `CREATE MACRO human(p) AS CASE WHEN p < ${single} THEN p::BIGINT ELSE pick(p, 'human', ${single}) END`,
    `CREATE MACRO home(p) AS CASE ${homes.join(' ')} ELSE p::BIGINT END`,
    `CREATE MACRO lives_with(p) AS p < ${shared}`,
    // Whose value a second record repeats: the first record's, or it has a new one.
    `CREATE MACRO same(p, salt, share) AS CASE WHEN p >= ${single} AND u(p, salt) < share THEN human(p) ELSE p::BIGINT END`,
    `CREATE MACRO stranger(p, salt) AS pick(p, salt, ${single})`,
    // 1.5 applications each.
    `CREATE MACRO applications(p) AS CASE WHEN u(p, 'many') < 0.70 THEN 1 WHEN u(p, 'many') < 0.88 THEN 2 WHEN u(p, 'many') < 0.95 THEN 3 ELSE 4 + pick(p, 'more', 3) END`,
    `CREATE MACRO company(p, i) AS (pick(p, 'company', ${companies}) + i * 37) % ${companies}`,
    `CREATE MACRO applied(p, i) AS TIMESTAMP '${firstDay}' + to_seconds(pick(p * 16 + i, 'day', ${days * 86_400}))`,
    `CREATE MACRO through_agency(p) AS u(p, 'phone') >= 0.002 AND u(p, 'phone') < 0.022`,
    `CREATE MACRO agency(p) AS floor(${pool(0.02, 60)} * pow(u(p, 'agency'), 2))::BIGINT`,

    `CREATE MACRO own_phone(p) AS '+999' || lpad(((p::BIGINT * 48271) % 10000000000)::VARCHAR, 10, '0')`,
    `CREATE MACRO phone(p) AS CASE
       WHEN u(p, 'phone') < 0.002 THEN '+9990000000000'
       WHEN through_agency(p) THEN '+9991' || lpad(agency(p)::VARCHAR, 8, '0')
       WHEN u(p, 'phone') < ${after(0.022, 0.0062)} THEN own_phone(stranger(p, 'had it before'))
       WHEN lives_with(p) AND u(home(p), 'landline') < 0.15 THEN own_phone(home(p))
       ELSE own_phone(same(p, 'same phone', 0.7)) END`,
    `CREATE MACRO email(p) AS CASE
       WHEN u(p, 'email') < 0.0005 THEN 'none@example.com'
       WHEN through_agency(p) AND u(p, 'email') < 0.5 THEN 'jobs@agency' || agency(p) || '.example'
       WHEN lives_with(p) AND u(home(p), 'one mailbox') < 0.015 THEN 'p' || home(p) || '@mail.example'
       ELSE 'p' || p || '@mail.example' END`,

    `CREATE MACRO house(h) AS CASE
       WHEN u(h, 'house') < 0.25 THEN (1 + pick(h, 'building', ${pool(0.25, 20)}) % 997) || ' tower street ' || (pick(h, 'building', ${pool(0.25, 20)}) // 997) || ', unit ' || (1 + pick(h, 'unit', 2000))
       WHEN u(h, 'house') < 0.26 THEN '1 campus road ' || pick(h, 'campus', ${pool(0.01, 100)})
       WHEN u(h, 'house') < 0.265 THEN 'box 1, ' || floor(${pool(0.005, 20)} * pow(u(h, 'box'), 2))::BIGINT || ' depot street'
       ELSE (1 + h % 997) || ' example street ' || (h // 997) END`,
    `CREATE MACRO address(p, i) AS CASE
       WHEN i > 0 AND u(p, 'moved') < ${after(0, 0.005)} THEN house(home(stranger(p, 'lived there before')))
       WHEN i > 0 AND u(p, 'moved') < ${after(0.095, 0.005)} THEN (1 + p % 997) || ' second street ' || (p // 997)
       WHEN u(p, 'no unit') < 0.10 THEN regexp_replace(house(home(same(p, 'same home', 0.6))), ', unit .*', '')
       ELSE house(home(same(p, 'same home', 0.6))) END`,

    `CREATE MACRO referee(p, i) AS CASE
       WHEN u(p * 2 + i, 'referee') < 0.70 THEN 'ref' || (same(p, 'same referee', 0.4) * 2 + i) || '@work.example'
       WHEN u(p * 2 + i, 'referee') < 0.92 THEN 'lead' || pick(p * 2 + i, 'lead', ${pool(0.3 * 0.22, 4)}) || '@work.example'
       ELSE 'careers@school' || floor(${pool(0.3 * 0.08, 60)} * pow(u(p * 2 + i, 'school'), 2))::BIGINT || '.example' END`,

    `CREATE MACRO ip(kind, id) AS '2001:db8:' || kind || ':' || printf('%x', (id // 4294967296) % 65536) || ':' || printf('%x', (id // 65536) % 65536) || ':' || printf('%x', id % 65536) || '::1'`,
    `CREATE MACRO place(p, i) AS u(p * 16 + i, 'at')`,
    `CREATE MACRO egress(p, i) AS CASE
       WHEN place(p, i) < 0.45 THEN ip(1, home(p))
       WHEN place(p, i) < 0.65 THEN ip(2, pick(p * 16 + i, 'carrier', ${pool(0.2, 200)}))
       WHEN place(p, i) < 0.70 THEN ip(3, pick(p, 'campus net', ${pool(0.05, 300)}))
       WHEN place(p, i) < 0.78 THEN ip(4, pick(p, 'office net', ${pool(0.08, 40)}))
       WHEN place(p, i) < 0.80 THEN ip(1, home(stranger(p, 'had that address')))
       ELSE ip(5, p * 16 + i) END`,
    `CREATE MACRO network(p, i) AS CASE WHEN place(p, i) >= 0.45 AND place(p, i) < 0.55 THEN 'mobile:example' WHEN place(p, i) >= 0.70 AND place(p, i) < 0.73 THEN 'vpn:example' END`,

    `CREATE MACRO origin(p) AS CASE
       WHEN u(p, 'origin') < 0.30 THEN 'xmp:template-' || floor(${pool(0.3 * 0.55, 16.5)} * pow(u(p, 'template'), 6))::BIGINT
       WHEN u(p, 'origin') < ${after(0.3, 0.02)} THEN 'xmp:own-' || stranger(p, 'friend')
       WHEN u(p, 'origin') < ${after(0.32, 0.02)} THEN 'xmp:writer-' || floor(${pool(0.02 * 0.55, 20)} * pow(u(p, 'writer'), 2))::BIGINT
       WHEN lives_with(p) AND u(p, 'origin') < ${after(0.38, 0.02)} THEN 'xmp:own-' || home(p)
       ELSE 'xmp:own-' || same(p, 'same file', 0.5) END`,
    `CREATE MACRO passage(p) AS CASE
       WHEN u(p, 'wording') < 0.75 THEN 'passage:rare-' || pick(p, 'rare wording', ${pool(0.03, 3)})
       ELSE 'passage:common-' || pick(p, 'common wording', ${pool(0.01, 40)}) END`,
    `CREATE MACRO image(p) AS CASE WHEN u(p, 'image') < 0.2 THEN 'img:logo-' || pick(p, 'logo', ${pool(0.004, 200)}) ELSE 'img:own-' || p END`,
    `CREATE MACRO code(p) AS CASE WHEN u(p, 'code') < 0.005 THEN 'team-' || pick(p, 'team', ${pool(0.0004, 4)}) ELSE 'dev-' || same(p, 'same code', 0.6) END`,
    `CREATE MACRO bank(p) AS CASE WHEN lives_with(p) AND u(home(p), 'joint account') < 0.25 THEN 'bank:' || home(p) ELSE 'bank:' || p END`,
    `CREATE MACRO browser(p) AS CASE
       WHEN u(p, 'browser') < 0.03 THEN 'browser:library-' || pick(p, 'library', ${pool(0.15 * 0.03, 6)})
       WHEN lives_with(p) AND u(home(p), 'one computer') < 0.2 THEN 'browser:' || home(p)
       ELSE 'browser:' || same(p, 'same browser', 0.3) END`,
  ];
}

/** One identifier kind each: its value, whose application carries it, where it was seen. `i` counts a person's applications. */
export const kinds = [
  { kind: 'email', value: 'email(p)', held: 'true', context: 'application' },
  { kind: 'phone', value: 'phone(p)', held: "u(p, 'gives phone') < 0.95", context: 'application' },
  { kind: 'address', value: 'address(p, i)', held: "u(p, 'gives address') < 0.5", context: 'home' },
  {
    kind: 'reference_contact',
    value: 'referee(p, 0)',
    held: "u(p, 'gives referee') < 0.2",
    context: 'application',
  },
  {
    kind: 'reference_contact',
    value: 'referee(p, 1)',
    held: "u(p, 'gives referee') < 0.1",
    context: 'application',
  },
  { kind: 'egress_ip', value: 'egress(p, i)', held: "u(p * 16 + i, 'logged') < 0.6", context: 'application' },
  { kind: 'file_origin', value: 'origin(p)', held: "u(p, 'sends file') < 0.55", context: 'résumé' },
  { kind: 'passage', value: 'passage(p)', held: "u(p, 'shares wording') < 0.04", context: 'résumé' },
  { kind: 'image_hash', value: 'image(p)', held: "u(p, 'has image') < 0.02", context: 'résumé' },
  { kind: 'code_login', value: 'code(p)', held: "u(p, 'has code') < 0.08", context: 'application' },
  { kind: 'bank_account', value: 'bank(p)', held: "i = 0 AND u(p, 'hired') < 0.02", context: 'payroll' },
  { kind: 'device_token', value: 'browser(p)', held: "u(p, 'token') < 0.15", context: 'application' },
];
