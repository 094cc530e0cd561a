-- into people
SELECT
  uid,
  r.candidate_id AS person_ref,
  CASE WHEN r.status = 'hired' OR (r.status = 'active' AND regexp_matches(lower(r.current_stage.name), '\boffer\b')) THEN 'offer' ELSE 'applicant' END AS stage,
  r.jobs[1].name AS title,
  place(r.location.address).country AS claimed_country,
  place(r.location.address).region AS claimed_region,
  place(r.location.address).city AS claimed_city,
  utc(r.applied_at) AS applied_at,
  utc(r.last_activity_at) AS seen_at
FROM records

-- into identifiers
SELECT uid, r.candidate_id AS person_ref, 'code_login' AS kind, github_login(q.answer) AS value, 'application' AS context, utc(r.applied_at) AS first_seen
FROM (SELECT uid, r, unnest(r.answers) AS q FROM records)
WHERE github_login(q.answer) IS NOT NULL
UNION ALL
SELECT uid, r.candidate_id, 'reference_contact', q.answer, 'application', utc(r.applied_at)
FROM (SELECT uid, r, unnest(r.answers) AS q FROM records)
WHERE regexp_matches(lower(q.question), '\breference') AND (mail(q.answer) IS NOT NULL OR regexp_full_match(trim(q.answer), '\+?[0-9() .-]{7,20}'))

-- into events
SELECT
  uid,
  utc(r.applied_at) AS time,
  'application' AS activity,
  'application.submit' AS action,
  'success' AS outcome,
  r.candidate_id AS person_ref,
  r.jobs[1].name AS target,
  'job' AS target_kind,
  blank(concat_ws('; ', 'source: ' || blank(r.source.public_name), 'credited to ' || blank(r.credited_to.name))) AS detail
FROM records
WHERE utc(r.applied_at) IS NOT NULL AND NOT coalesce(r.prospect, false)
