-- into people
SELECT
  uid,
  'resume:' || split_part(uid, ':', 2) AS person_ref,
  person_name(r.basics.name) AS name,
  'applicant' AS stage,
  mail(r.basics.email) AS personal_email,
  blank(r.basics.label) AS title,
  blank(r.basics.location.countryCode) AS claimed_country,
  blank(r.basics.location.region) AS claimed_region,
  blank(r.basics.location.city) AS claimed_city,
  utc(r.meta.lastModified) AS seen_at
FROM records

-- into identifiers
WITH person AS (
  SELECT uid, r, 'resume:' || split_part(uid, ':', 2) AS person_ref, utc(r.meta.lastModified) AS seen_at FROM records
)
SELECT uid, person_ref, 'email' AS kind, blank(r.basics.email) AS value, 'application' AS context, seen_at AS first_seen FROM person
UNION ALL
SELECT uid, person_ref, 'phone', blank(r.basics.phone), 'application', seen_at FROM person
UNION ALL
SELECT uid, person_ref, 'address',
  concat_ws(', ', blank(r.basics.location.address), blank(r.basics.location.city), blank(r.basics.location.region), blank(r.basics.location.postalCode)), 'application', seen_at
FROM person WHERE blank(r.basics.location.address) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'code_login',
  coalesce(github_login(p.url), CASE WHEN lower(trim(p.network)) = 'github' THEN lower(nullif(regexp_replace(trim(p.username), '^@', ''), '')) END), 'application', seen_at
FROM (SELECT *, unnest(r.basics.profiles) AS p FROM person)
UNION ALL
SELECT uid, person_ref, 'code_login', github_login(coalesce(r.basics.url, r.basics.website)), 'application', seen_at FROM person
UNION ALL
SELECT uid, person_ref, 'reference_contact', contact, 'application', seen_at
FROM (
  SELECT uid, person_ref, seen_at, unnest([mail(f.email), blank(f.phone), nullif(regexp_extract(f.reference, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+'), '')]) AS contact
  FROM (SELECT *, unnest(r.references) AS f FROM person))
WHERE contact IS NOT NULL

-- into documents
SELECT
  uid,
  'resume:' || split_part(uid, ':', 2) AS person_ref,
  split_part(uid, ':', 2) AS document, 'json-resume' AS format,
  array_to_string(list_concat(
    [blank(r.basics.summary)],
    flatten(list_transform(coalesce(r.work, []), lambda w: list_concat([blank(w.summary)], coalesce(w.highlights, [])))),
    flatten(list_transform(coalesce(r.projects, []), lambda p: list_concat([blank(p.description)], coalesce(p.highlights, []))))), chr(10) || chr(10)) AS text,
  utc(r.meta.lastModified) AS seen_at
FROM records

-- into claims
WITH person AS (
  SELECT uid, r, 'resume:' || split_part(uid, ':', 2) AS person_ref,
    split_part(uid, ':', 2) AS document, utc(r.meta.lastModified) AS seen_at FROM records
),
entries AS (
  SELECT uid, person_ref, document, seen_at, 'employment' AS kind, coalesce(w.name, w.company) AS subject, w.position AS detail,
    array_to_string(list_concat([blank(w.summary)], coalesce(w.highlights, [])), chr(10)) AS text, trim(w.startDate) AS since, trim(w.endDate) AS until
  FROM (SELECT *, unnest(r.work) AS w FROM person)
  UNION ALL
  SELECT uid, person_ref, document, seen_at, 'education', e.institution, concat_ws(' ', e.studyType, e.area), NULL, trim(e.startDate), trim(e.endDate)
  FROM (SELECT *, unnest(r.education) AS e FROM person)
)
SELECT uid, person_ref, document, seen_at, kind, blank(subject) AS subject, blank(detail) AS detail, blank(text) AS text,
  CASE WHEN regexp_full_match(since, '[0-9]{4}') THEN since || '-01-01' WHEN regexp_full_match(since, '[0-9]{4}-[0-9]{2}') THEN since || '-01' ELSE since END AS since, CASE WHEN regexp_full_match(until, '[0-9]{4}') THEN until || '-12-31' WHEN regexp_full_match(until, '[0-9]{4}-[0-9]{2}') THEN CAST(last_day(try_cast(until || '-01' AS DATE)) AS VARCHAR) ELSE until END AS until,
  blank(until) IS NULL OR lower(until) = 'present' AS current, CASE WHEN length(since) = 4 OR length(until) = 4 THEN 'year' WHEN length(since) = 7 OR length(until) = 7 THEN 'month' ELSE 'day' END AS precision
FROM entries
UNION ALL
SELECT uid, person_ref, document, seen_at, 'name', person_name(r.basics.name), NULL, NULL, NULL, NULL, NULL, NULL FROM person WHERE person_name(r.basics.name) IS NOT NULL
