-- into people
WITH candidate AS (
  SELECT *, list_filter(r.email_addresses, lambda e: blank(e.value) IS NOT NULL) AS emails,
    list_reverse_sort(list_transform(r.applications, lambda a: {'applied': coalesce(any_utc(a.applied_at), TIMESTAMP '1970-01-01'), 'a': a})) AS latest
  FROM records
)
SELECT
  uid,
  r.id AS person_ref,
  blank(concat_ws(' ', blank(r.first_name), blank(r.last_name))) AS name,
  CASE
    WHEN list_contains(list_transform(r.applications, lambda a: a.status = 'hired'), true)
      OR list_contains(list_transform(r.applications, lambda a: a.status = 'active' AND regexp_matches(lower(a.current_stage.name), '\boffer\b')), true) THEN 'offer'
    ELSE 'applicant'
  END AS stage,
  login(coalesce(list_filter(emails, lambda e: lower(e.type) = 'personal')[1].value, emails[1].value)) AS personal_email,
  latest[1].a.jobs[1].name AS title,
  coalesce(place(latest[1].a.location.address).country, place(r.addresses[1].value).country) AS claimed_country,
  coalesce(place(latest[1].a.location.address).region, place(r.addresses[1].value).region) AS claimed_region,
  coalesce(place(latest[1].a.location.address).city, place(r.addresses[1].value).city) AS claimed_city,
  coalesce(list_min(list_transform(r.applications, lambda a: utc(a.applied_at))), utc(r.created_at)) AS applied_at,
  utc(r.updated_at) AS seen_at
FROM candidate

-- into identifiers
WITH seen AS (SELECT uid, r, r.id AS person_ref, utc(r.created_at) AS first_seen, utc(r.updated_at) AS last_seen FROM records),
answers AS (
  SELECT uid, person_ref, first_seen, last_seen, lower(q.question) AS question, q.answer AS answer
  FROM (SELECT *, unnest(flatten(list_transform(r.applications, lambda a: coalesce(a.answers, [])))) AS q FROM seen)
  UNION ALL
  SELECT uid, person_ref, first_seen, last_seen, lower(f ->> '$.name'), f ->> '$.value'
  FROM (SELECT *, unnest(json_extract(r.keyed_custom_fields, '$.*')) AS f FROM seen)
)
SELECT uid, person_ref, 'email' AS kind, v.value AS value, 'application' AS context, first_seen, last_seen
FROM (SELECT *, unnest(r.email_addresses) AS v FROM seen)
UNION ALL
SELECT uid, person_ref, 'phone', v.value, 'application', first_seen, last_seen
FROM (SELECT *, unnest(r.phone_numbers) AS v FROM seen)
UNION ALL
SELECT uid, person_ref, 'address', v.value, 'application', first_seen, last_seen
FROM (SELECT *, unnest(r.addresses) AS v FROM seen)
UNION ALL
SELECT uid, person_ref, 'code_login', github_login(v), 'application', first_seen, last_seen
FROM (
  SELECT *, unnest(list_concat(list_transform(r.website_addresses, lambda w: w.value), list_transform(r.social_media_addresses, lambda w: w.value))) AS v FROM seen
  UNION ALL
  SELECT uid, NULL, person_ref, first_seen, last_seen, answer FROM answers
)
WHERE github_login(v) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'reference_contact', answer, 'application', first_seen, last_seen
FROM answers
WHERE regexp_matches(question, '\breference') AND (mail(answer) IS NOT NULL OR regexp_full_match(trim(answer), '\+?[0-9() .-]{7,20}'))

-- into events
SELECT
  uid || '~' || n AS uid,
  utc(a.applied_at) AS time,
  'application' AS activity,
  'application.submit' AS action,
  'success' AS outcome,
  r.id AS person_ref,
  a.jobs[1].name AS target,
  'job' AS target_kind,
  blank(concat_ws('; ', 'source: ' || blank(a.source.public_name), 'credited to ' || blank(a.credited_to.name))) AS detail
FROM (SELECT uid, r, unnest(r.applications) AS a, generate_subscripts(r.applications, 1) AS n FROM records)
WHERE utc(a.applied_at) IS NOT NULL AND NOT coalesce(a.prospect, false)

-- into documents
SELECT uid, r.id AS person_ref, blank(f.filename) AS file
FROM (SELECT uid, r, unnest(list_concat(coalesce(r.attachments, []), flatten(list_transform(coalesce(r.applications, []), lambda a: coalesce(a.attachments, []))))) AS f FROM records)
WHERE blank(f.filename) IS NOT NULL
