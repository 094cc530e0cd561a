-- into people
SELECT
  uid,
  coalesce(blank(r.person_ref), 'applicant:' || coalesce(lower(nullif(regexp_extract(r.email, '[^\s,;<>"]+@[^\s,;<>"]+'), '')), regexp_replace(r.phone, '[^0-9+]', '', 'g'))) AS person_ref,
  blank(r.employee_id) AS other_ref,
  coalesce(person_name(r.name), blank(concat_ws(' ', blank(r.first_name), blank(r.last_name)))) AS name,
  CASE
    WHEN loose_utc(r.offer_accepted_at) IS NOT NULL OR regexp_matches(lower(r.stage), '\b(hired|offer|pre.?boarding)\b') AND NOT regexp_matches(lower(r.stage), 'reject|declin|withdr|no offer|not hired') THEN 'offer'
    ELSE 'applicant'
  END AS stage,
  CASE WHEN blank(r.agency) IS NOT NULL THEN 'vendor' END AS engagement,
  blank(r.agency) AS vendor,
  lower(nullif(regexp_extract(r.email, '[^\s,;<>"]+@[^\s,;<>"]+'), '')) AS personal_email,
  blank(r.job) AS title,
  coalesce(blank(r.country), place(r.location).country, place(r.address_line).country) AS claimed_country,
  coalesce(blank(r.region), place(r.location).region, place(r.address_line).region) AS claimed_region,
  coalesce(blank(r.city), place(r.location).city, place(r.address_line).city) AS claimed_city,
  loose_utc(r.applied_at) AS applied_at,
  CASE WHEN loose_utc(r.offer_accepted_at) IS NOT NULL THEN loose_utc(r.started_at) END AS started_at
FROM records

-- into identifiers
WITH person AS (
  SELECT uid, r, loose_utc(r.applied_at) AS first_seen,
    coalesce(blank(r.person_ref), 'applicant:' || coalesce(lower(nullif(regexp_extract(r.email, '[^\s,;<>"]+@[^\s,;<>"]+'), '')), regexp_replace(r.phone, '[^0-9+]', '', 'g'))) AS person_ref
  FROM records
)
SELECT uid, person_ref, 'email' AS kind, e AS value, 'application' AS context, first_seen
FROM (SELECT *, unnest(regexp_extract_all(concat_ws(' ', r.email, r.email_2), '[^\s,;<>"]+@[^\s,;<>"]+')) AS e FROM person)
UNION ALL
SELECT uid, person_ref, 'phone', p, 'application', first_seen
FROM (SELECT *, unnest(regexp_split_to_array(r.phone, '[,;/|]')) AS p FROM person) WHERE blank(p) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'address', concat_ws(', ', blank(r.address_line), blank(r.city), blank(r.region), blank(r.postal_code)), 'application', first_seen
FROM person WHERE blank(r.address_line) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'code_login', github_login(l), 'application', first_seen
FROM (SELECT *, unnest(regexp_split_to_array(r.links, '[\s,;|]+')) AS l FROM person) WHERE github_login(l) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'reference_contact', c, 'application', first_seen
FROM (SELECT *, unnest([blank(r.reference_1), blank(r.reference_2)]) AS c FROM person)
WHERE mail(c) IS NOT NULL OR regexp_full_match(c, '\+?[0-9() .-]{7,20}')

-- into events
SELECT
  uid || '~applied' AS uid,
  record,
  loose_utc(r.applied_at) AS time,
  'application' AS activity,
  'application.submit' AS action,
  'success' AS outcome,
  coalesce(blank(r.person_ref), 'applicant:' || coalesce(lower(nullif(regexp_extract(r.email, '[^\s,;<>"]+@[^\s,;<>"]+'), '')), regexp_replace(r.phone, '[^0-9+]', '', 'g'))) AS person_ref,
  ip(r.submit_ip) AS src_ip,
  blank(r.user_agent) AS user_agent,
  blank(r.job) AS target,
  'job' AS target_kind,
  blank(concat_ws('; ', 'source: ' || blank(r.source), 'referred by ' || blank(r.referrer))) AS detail
FROM records WHERE loose_utc(r.applied_at) IS NOT NULL
UNION ALL
SELECT
  uid || '~accepted', record, loose_utc(r.offer_accepted_at), 'offer accepted', 'offer.accept', 'success',
  coalesce(blank(r.person_ref), 'applicant:' || coalesce(lower(nullif(regexp_extract(r.email, '[^\s,;<>"]+@[^\s,;<>"]+'), '')), regexp_replace(r.phone, '[^0-9+]', '', 'g'))),
  NULL, NULL, blank(r.job), 'job', 'starts ' || blank(r.started_at)
FROM records WHERE loose_utc(r.offer_accepted_at) IS NOT NULL

-- into documents
SELECT uid,
  coalesce(blank(r.person_ref), 'applicant:' || coalesce(lower(nullif(regexp_extract(r.email, '[^\s,;<>"]+@[^\s,;<>"]+'), '')), regexp_replace(r.phone, '[^0-9+]', '', 'g'))) AS person_ref,
  trim(f) AS file
FROM (SELECT uid, r, unnest(regexp_split_to_array(r.resume_file, '[;|\n]')) AS f FROM records)
WHERE regexp_matches(lower(f), '\.(pdf|docx?|docm|odt|rtf|txt|html?|md|json)\s*$')
