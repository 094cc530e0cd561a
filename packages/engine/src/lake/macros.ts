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
     try_strptime(trim(text), ['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y',
       '%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y', '%b %d, %Y %H:%M:%S', '%b %d, %Y %I:%M:%S %p', '%b %d, %Y %I:%M %p',
       '%b %d, %Y', '%B %d, %Y', '%d %b %Y', '%d-%b-%Y', '%d %B %Y', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d', '%Y%m%d']))`,
  // NULL for the many ways of writing nothing.
  `CREATE OR REPLACE MACRO blank(text) AS CASE WHEN lower(trim(text)) IN ('', '-', '--', 'null', 'none', 'n/a', 'na', 'unknown', 'undefined', '(empty)')
     THEN NULL ELSE trim(text) END`,
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
];
