-- into people
SELECT
  uid,
  'resume:' || coalesce(mail(r.basics.email), split_part(uid, ':', 2)) AS person_ref,
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
  SELECT uid, r, 'resume:' || coalesce(mail(r.basics.email), split_part(uid, ':', 2)) AS person_ref, utc(r.meta.lastModified) AS seen_at FROM records
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
