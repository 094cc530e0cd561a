-- into people
WITH delivery AS (
  SELECT uid, lower(r.action) AS action, r.payload.application AS a, r.payload.person AS p,
    CASE WHEN r.payload.application.candidate.id IS NOT NULL THEN r.payload.application.candidate ELSE r.payload.candidate END AS c
  FROM records
)
SELECT
  uid,
  coalesce(c.id, p.id) AS person_ref,
  p.new_candidate_id AS other_ref,
  blank(concat_ws(' ', coalesce(blank(c.first_name), blank(p.first_name)), coalesce(blank(c.last_name), blank(p.last_name)))) AS name,
  CASE
    WHEN action = 'hire_candidate' OR a.status = 'hired' OR (a.status = 'active' AND regexp_matches(lower(a.current_stage.name), '\boffer\b')) THEN 'offer'
    ELSE 'applicant'
  END AS stage,
  login(coalesce(list_filter(c.email_addresses, lambda e: lower(e.type) = 'personal')[1].value, c.email_addresses[1].value)) AS personal_email,
  coalesce(a.job.name, a.jobs[1].name) AS title,
  coalesce(place(a.location.address).country, place(c.addresses[1].value).country) AS claimed_country,
  coalesce(place(a.location.address).region, place(c.addresses[1].value).region) AS claimed_region,
  coalesce(place(a.location.address).city, place(c.addresses[1].value).city) AS claimed_city,
  coalesce(utc(a.applied_at), utc(c.created_at), utc(p.created_at)) AS applied_at,
  CASE WHEN action = 'hire_candidate' THEN utc(a.offer.starts_at) END AS started_at,
  utc(a.last_activity_at) AS seen_at
FROM delivery
WHERE coalesce(c.id, p.id) IS NOT NULL

-- into identifiers
WITH seen AS (
  SELECT uid, c.id AS person_ref, c, coalesce(utc(c.created_at), utc(applied_at)) AS first_seen
  FROM (
    SELECT uid, r.payload.application.applied_at AS applied_at,
      CASE WHEN r.payload.application.candidate.id IS NOT NULL THEN r.payload.application.candidate ELSE r.payload.candidate END AS c
    FROM records)
  WHERE c.id IS NOT NULL
)
SELECT uid, person_ref, 'email' AS kind, v.value AS value, 'application' AS context, first_seen FROM (SELECT *, unnest(c.email_addresses) AS v FROM seen)
UNION ALL
SELECT uid, person_ref, 'phone', v.value, 'application', first_seen FROM (SELECT *, unnest(c.phone_numbers) AS v FROM seen)
UNION ALL
SELECT uid, person_ref, 'address', v.value, 'application', first_seen FROM (SELECT *, unnest(c.addresses) AS v FROM seen)
UNION ALL
SELECT uid, person_ref, 'code_login', github_login(v), 'application', first_seen
FROM (SELECT *, unnest(list_concat(list_transform(c.website_addresses, lambda w: w.value), list_transform(c.social_media_addresses, lambda w: w.value))) AS v FROM seen)
WHERE github_login(v) IS NOT NULL

-- into events
WITH delivery AS (
  SELECT uid, lower(r.action) AS action, r.payload.application AS a,
    coalesce(r.payload.application.candidate.id, r.payload.candidate.id, r.payload.person.id) AS person_ref
  FROM records
)
SELECT
  uid,
  CASE action
    WHEN 'new_candidate_application' THEN coalesce(utc(a.applied_at), utc(a.last_activity_at))
    WHEN 'hire_candidate' THEN coalesce(utc(a.offer.resolved_at), utc(a.last_activity_at))
    ELSE coalesce(utc(a.last_activity_at), utc(a.applied_at))
  END AS time,
  action AS activity,
  CASE action WHEN 'new_candidate_application' THEN 'application.submit' WHEN 'hire_candidate' THEN 'offer.accept' ELSE action END AS action,
  'success' AS outcome,
  person_ref,
  coalesce(a.job.name, a.jobs[1].name) AS target,
  'job' AS target_kind,
  blank(concat_ws('; ', 'stage: ' || blank(a.current_stage.name), 'source: ' || coalesce(blank(a.source.public_name), blank(a.source.name)), 'credited to ' || blank(a.credited_to.name))) AS detail
FROM delivery
WHERE person_ref IS NOT NULL
  AND coalesce(utc(a.applied_at), utc(a.last_activity_at), CASE WHEN action = 'hire_candidate' THEN utc(a.offer.resolved_at) END) IS NOT NULL
UNION ALL
SELECT
  uid || '~' || n,
  utc(p.updated_at),
  'employee:updated',
  'profile.change',
  'success',
  'greenhouse-onboarding:' || p.updated_employee_id,
  lower(coalesce(blank(f.name), blank(f.id))),
  'field',
  CASE WHEN p.acting_employee_id = p.updated_employee_id THEN 'changed by themselves' ELSE 'changed by someone else' END
FROM (SELECT uid, r.payload AS p, unnest(r.payload.updated_fields) AS f, generate_subscripts(r.payload.updated_fields, 1) AS n FROM records)
WHERE p.updated_employee_id IS NOT NULL AND utc(p.updated_at) IS NOT NULL
  AND NOT regexp_matches(lower(coalesce(f.name, f.id)), 'gender|pronoun|birth|ethnic|race|nationalit|citizen|religio|marital|disab|veteran|allerg')
