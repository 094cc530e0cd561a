-- into events
SELECT
  uid,
  time,
  'profile created' AS activity,
  'code.profile' AS action,
  'success' AS outcome,
  coalesce(blank(r.person_ref), 'applicant:' || mail(r.email)) AS person_ref,
  lower(regexp_replace(trim(r.login), '^@', '')) AS target,
  'profile' AS target_kind,
  blank(r.site) AS detail
FROM records
UNION ALL
SELECT
  uid || '~first', loose_utc(r.first_contribution), 'first contribution', 'code.activity', 'success',
  coalesce(blank(r.person_ref), 'applicant:' || mail(r.email)),
  lower(regexp_replace(trim(r.login), '^@', '')), 'profile', blank(r.site)
FROM records WHERE loose_utc(r.first_contribution) IS NOT NULL

-- into identifiers
SELECT uid, coalesce(blank(r.person_ref), 'applicant:' || mail(r.email)) AS person_ref, 'code_login' AS kind,
  regexp_replace(trim(r.login), '^@', '') AS value, 'profile' AS context, CAST(NULL AS TIMESTAMP) AS first_seen
FROM records
