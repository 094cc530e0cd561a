/**
 * Scalar helpers for connector mappings. Detections must not use them: they are DuckDB's own and a detection has to
 * translate to other engines. Each takes text as a vendor writes it and gives NULL for what it cannot read.
 */
export const macros: readonly string[] = [
  // A number with all but its last two digits hidden, for what may be shown of an account.
  `CREATE OR REPLACE MACRO mask(text) AS CASE WHEN length(regexp_replace(text, '[^0-9A-Za-z]', '', 'g')) < 4 THEN '••'
     ELSE 'ending ' || right(regexp_replace(text, '[^0-9A-Za-z]', '', 'g'), 2) END`,
  // Any ISO 8601 text. Text without an offset is read as UTC. (A plain cast to TIMESTAMP would drop the offset.)
  `CREATE OR REPLACE MACRO utc(text) AS CAST(try_cast(text AS TIMESTAMPTZ) AS TIMESTAMP)`,
  // Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size; text or number.
  `CREATE OR REPLACE MACRO epoch_utc(value) AS (
     CASE WHEN try_cast(value AS DOUBLE) IS NULL THEN NULL
          WHEN abs(try_cast(value AS DOUBLE)) >= 4e17 THEN NULL
          WHEN abs(try_cast(value AS DOUBLE)) >= 1e17 THEN make_timestamp(CAST(round(try_cast(value AS DOUBLE) / 1000) AS BIGINT))
          WHEN abs(try_cast(value AS DOUBLE)) >= 1e14 THEN make_timestamp(CAST(try_cast(value AS DOUBLE) AS BIGINT))
          WHEN abs(try_cast(value AS DOUBLE)) >= 1e11 THEN make_timestamp(CAST(round(try_cast(value AS DOUBLE) * 1000) AS BIGINT))
          ELSE make_timestamp(CAST(round(try_cast(value AS DOUBLE) * 1000000) AS BIGINT)) END)`,
  // ISO 8601 or an epoch number.
  `CREATE OR REPLACE MACRO any_utc(text) AS coalesce(epoch_utc(text), utc(text))`,
  // Times as people and portals write them in CSV: ISO first, then US month-first, then written-out months.
  `CREATE OR REPLACE MACRO loose_utc(text) AS coalesce(
     utc(trim(text)),
     try_strptime(replace(trim(text), ' at ', ' '), ['%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p', '%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y',
       '%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y', '%b %d, %Y %H:%M:%S', '%b %d, %Y %I:%M:%S %p', '%b %d, %Y %I:%M %p',
       '%b %d, %Y', '%B %d, %Y', '%d %b %Y', '%d-%b-%Y', '%d %B %Y', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d', '%Y%m%d']))`,
  // NULL for the many ways of writing nothing, all of them short.
  `CREATE OR REPLACE MACRO blank(text) AS CASE WHEN strlen(text) < 12 AND lower(trim(text)) IN ('', '-', '--', 'null', 'none', 'n/a', 'na', 'unknown', 'undefined', '(empty)')
     THEN NULL ELSE nullif(trim(text), '') END`,
  // A login or an e-mail address as an account key.
  `CREATE OR REPLACE MACRO login(text) AS lower(blank(text))`,
  // An address without port, brackets, zone or IPv4-in-IPv6 prefix; NULL where it is no address.
  `CREATE OR REPLACE MACRO ip(text) AS CASE
     WHEN regexp_full_match(text, '[0-9]{1,3}(\\.[0-9]{1,3}){3}') THEN text
     WHEN text IS NULL THEN NULL
     WHEN regexp_full_match(trim(text), '[0-9]{1,3}(\\.[0-9]{1,3}){3}:[0-9]+') THEN split_part(trim(text), ':', 1)
     WHEN regexp_full_match(lower(trim(text)), '\\[?::ffff:[0-9]{1,3}(\\.[0-9]{1,3}){3}\\]?(:[0-9]+)?')
       THEN regexp_extract(trim(text), '([0-9]{1,3}(\\.[0-9]{1,3}){3})', 1)
     WHEN regexp_full_match(trim(text), '\\[[0-9a-fA-F:.]+(%[^\\]]*)?\\](:[0-9]+)?')
       THEN lower(regexp_extract(trim(text), '\\[([0-9a-fA-F:.]+)', 1))
     WHEN regexp_full_match(trim(text), '[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%.*)?')
       THEN lower(regexp_extract(trim(text), '^([0-9a-fA-F:.]+)', 1))
     ELSE NULL END`,
  // Words for yes and no.
  `CREATE OR REPLACE MACRO yes(text) AS CASE lower(trim(CAST(text AS VARCHAR)))
     WHEN 'true' THEN true WHEN 'yes' THEN true WHEN 'y' THEN true WHEN '1' THEN true WHEN 't' THEN true WHEN 'on' THEN true
     WHEN 'false' THEN false WHEN 'no' THEN false WHEN 'n' THEN false WHEN '0' THEN false WHEN 'f' THEN false WHEN 'off' THEN false
     ELSE NULL END`,
  // An e-mail address, where the text is one.
  `CREATE OR REPLACE MACRO mail(text) AS CASE WHEN regexp_full_match(trim(text), '[^@\\s]+@[^@\\s]+\\.[^@\\s]+') THEN lower(trim(text)) END`,
  // The id in "Ada Example (12345)", as Workday writes workers. "(On Leave)" is no id: an id has a digit.
  `CREATE OR REPLACE MACRO name_id(text) AS nullif(regexp_extract(text, '\\(([^()]*[0-9][^()]*)\\)\\s*$', 1), '')`,
  // A person's name without such notes, "Example, Ada" turned round ("Ada Example, Jr." is left as it is).
  `CREATE OR REPLACE MACRO bare_name(text) AS blank(regexp_replace(text, '\\([^()]*\\)|\\[[^\\[\\]]*\\]', '', 'g'))`,
  `CREATE OR REPLACE MACRO person_name(text) AS CASE
     WHEN regexp_matches(lower(bare_name(text)), ',\\s*(jr|sr|ii|iii|iv|ph\\.?d|md|mba|cpa|esq)\\.?$') THEN bare_name(text)
     ELSE regexp_replace(bare_name(text), '^([^,@]+?)\\s*,\\s*([^,@]+)$', '\\2 \\1') END`,
  // Whom a row is about, from an id, a name that may hold one, and an e-mail: the id, else (see next) the account, else the name.
  `CREATE OR REPLACE MACRO subject_ref(ref, who, email) AS coalesce(
     CASE WHEN mail(ref) IS NULL THEN blank(ref) END, name_id(who),
     CASE WHEN coalesce(mail(ref), login(email), mail(who)) IS NULL THEN person_name(who) END)`,
  `CREATE OR REPLACE MACRO subject_account(ref, who, email) AS CASE
     WHEN coalesce(CASE WHEN mail(ref) IS NULL THEN blank(ref) END, name_id(who)) IS NULL THEN coalesce(mail(ref), login(email), mail(who)) END`,
  // City, region and country of a place or address written in one line, as far as it says them for certain:
  // "Columbus, OH 43004", "Columbus, Ohio, USA", "1 Oak St, Leeds, UK". A US state is believed where the ZIP code begins
  // with a digit that state has ("DE 10115" is no Delaware); a state's letters alone name no country ("Berlin, DE").
  `CREATE OR REPLACE MACRO place_parts(text) AS list_filter(list_transform(regexp_split_to_array(text, '[,;\\n\\r]+'), lambda p: trim(p)), lambda p: p <> '')`,
  `CREATE OR REPLACE MACRO us_zip(part) AS coalesce(regexp_full_match(part, '[A-Za-z]{2}\\s+[0-9]{5}(-[0-9]{4})?')
     AND NOT regexp_matches(part, '(?i)^de\\s+(1[^9]|[^1])') AND contains('CT0MA0ME0NH0NJ0RI0VT0DE1NY1PA1DC2MD2NC2SC2VA2WV2AL3FL3GA3MS3TN3IN4KY4MI4OH4IA5MN5MT5ND5SD5WI5IL6KS6MO6NE6AR7LA7OK7TX7AZ8CO8ID8NM8NV8UT8WY8AK9CA9HI9OR9WA9',
       upper(left(part, 2)) || regexp_extract(part, '[0-9]')), false)`,
  `CREATE OR REPLACE MACRO place(text) AS (SELECT {
     'city': CASE WHEN regexp_matches(city, '[0-9]') THEN NULL ELSE city END,
     'region': CASE WHEN regexp_matches(region, '^[0-9]') THEN NULL ELSE nullif(regexp_replace(region, '\\s+[A-Za-z]?[0-9][0-9A-Za-z -]*$', ''), '') END,
     'country': CASE WHEN regexp_matches(country, '[0-9]') THEN NULL ELSE country END }
   FROM (SELECT
       CASE WHEN state_last OR len(p) = 2 THEN p[-2]
         WHEN len(p) >= 3 AND regexp_matches(p[-3], '[0-9]') AND NOT us_zip(p[-2])
           THEN nullif(array_to_string(list_filter(str_split(p[-2], ' '), lambda w: NOT regexp_matches(w, '[0-9]')), ' '), '')
         WHEN len(p) >= 3 THEN p[-3] END AS city,
       CASE WHEN state_last THEN p[-1] WHEN len(p) >= 3 AND (us_zip(p[-2]) OR NOT regexp_matches(p[-3], '[0-9]')) THEN p[-2] END AS region,
       CASE WHEN us_zip(p[-1]) THEN 'US' WHEN ca_last THEN 'CA' WHEN state_last OR len(p) = 2 AND regexp_matches(p[-2], '[0-9]') THEN NULL WHEN len(p) >= 2 THEN p[-1] END AS country
     FROM (SELECT p, ca_last, us_zip(p[-1]) OR ca_last OR len(p) >= 2 AND coalesce(regexp_full_match(p[-1],
         'A[BKLRZ]|BC|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ABDEINOST]|N[BCDEHJLMSVY]|O[HKNR]|P[AER]|QC|RI|S[CDK]|T[NX]|UT|V[AT]|W[AIVY]'), false) AS state_last
       FROM (SELECT p, coalesce(regexp_full_match(p[-1], '[A-Za-z]{2}\\s+[A-Za-z][0-9][A-Za-z]\\s*[0-9][A-Za-z][0-9]'), false) AS ca_last
         FROM (SELECT place_parts(text) AS p)))))`,
  // Text that ends like a postal address ("…, TN", "…, TN 37201", "…, TN 37201, USA") and has a number in it.
  `CREATE OR REPLACE MACRO full_address(text) AS coalesce(regexp_matches(text, '[0-9]')
     AND regexp_matches(trim(text), '(?i),\\s*[a-z]{2}(\\s+[0-9a-z][0-9a-z -]{2,9})?(,\\s*[a-z. ]{2,24})?$'), false)`,
  // The login in a GitHub profile's address; NULL for other addresses and for GitHub's own pages.
  `CREATE OR REPLACE MACRO github_login(text) AS (SELECT CASE
     WHEN login IN ('', 'about', 'apps', 'collections', 'features', 'login', 'marketplace', 'notifications', 'orgs', 'pricing', 'search', 'settings', 'sponsors', 'topics', 'trending')
       THEN NULL ELSE login END
     FROM (SELECT regexp_extract(lower(text), '(?:^|[/.@])github\\.com/@?([a-z0-9][a-z0-9-]*)', 1) AS login))`,
];
