-- into events
SELECT
  uid,
  time,
  'payment election' AS activity,
  'pay.change' AS action,
  'success' AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  mask(coalesce(blank(r.account), blank(r.routing))) AS target,
  'bank_account' AS target_kind,
  blank(concat_ws('; ',
    'account holder ' || person_name(r.holder), 'at ' || blank(r.bank), 'changed by ' || blank(r.changed_by), 'share ' || blank(r.share),
    'before: ' || mask(blank(r.old_account)), 'effective ' || strftime(loose_utc(r.effective_at), '%Y-%m-%d'))) AS detail
FROM records

-- into identifiers
-- A masked or spreadsheet-mangled number (****1234, 1.23E+11) would make strangers look alike: it is no identifier.
-- Spreadsheets also drop leading zeros, so they are not compared.
WITH election AS (
  SELECT uid, time, subject_ref(r.person_ref, r.person, r.person_email) AS person_ref, subject_account(r.person_ref, r.person, r.person_email) AS account,
    unnest([{'n': r.account, 'bank': r.routing, 'old': false}, {'n': r.old_account, 'bank': r.old_routing, 'old': true}]) AS given
  FROM records
),
cleaned AS (
  SELECT *, upper(regexp_replace(given.n, '[\s-]', '', 'g')) AS number, ltrim(upper(regexp_replace(given.bank, '[\s-]', '', 'g')), '0') AS bank FROM election
)
SELECT
  uid, person_ref, account,
  'bank_account' AS kind,
  concat_ws(':', CASE WHEN bank <> '' AND NOT regexp_matches(number, '^[A-Z]{2}[0-9]{2}') THEN bank END, ltrim(number, '0')) AS value,
  'payroll' AS context,
  CASE WHEN NOT given.old THEN time END AS first_seen,
  CASE WHEN given.old THEN time END AS last_seen
FROM cleaned
WHERE regexp_full_match(number, '[0-9A-Z]{5,34}') AND regexp_matches(number, '[0-9]{5}') AND NOT regexp_matches(number, 'XX')
  AND NOT regexp_matches(coalesce(bank, ''), 'XX|[^0-9A-Z]')
