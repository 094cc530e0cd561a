-- into people
SELECT
  uid,
  'resume:' || left(r.document, 16) || '/' || left(md5(r.file), 8) AS person_ref,
  blank(r.name) AS name,
  'applicant' AS stage,
  mail(r.emails[1]) AS personal_email,
  place(r.location).country AS claimed_country,
  place(r.location).region AS claimed_region,
  place(r.location).city AS claimed_city
FROM records WHERE r.advert IS NOT TRUE

-- into documents
SELECT
  uid,
  CASE WHEN r.advert THEN 'advert:' || left(r.document, 16)
    ELSE 'resume:' || left(r.document, 16) || '/' || left(md5(r.file), 8) END AS person_ref,
  r.document, r.file, r.format, r.pages, r.text
FROM records

-- into identifiers
WITH person AS (
  SELECT uid, r, 'resume:' || left(r.document, 16) || '/' || left(md5(r.file), 8) AS person_ref
  FROM records WHERE r.advert IS NOT TRUE
)
SELECT uid, person_ref, 'email' AS kind, value, 'résumé' AS context FROM (SELECT *, unnest(r.emails) AS value FROM person)
UNION ALL
SELECT uid, person_ref, 'phone', value, 'résumé' FROM (SELECT *, unnest(r.phones) AS value FROM person)
UNION ALL
SELECT uid, person_ref, 'address', value, 'résumé' FROM (SELECT *, unnest(r.addresses) AS value FROM person)
UNION ALL
SELECT uid, person_ref, 'code_login', github_login(value), 'résumé'
FROM (SELECT *, unnest(r.links) AS value FROM person) WHERE github_login(value) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'file_hash', r.document, 'résumé' FROM person
UNION ALL
SELECT uid, person_ref, 'file_origin', value, 'résumé' FROM (SELECT *, unnest(r.origins) AS value FROM person)
UNION ALL
SELECT uid, person_ref, 'image_hash', value, 'résumé' FROM (SELECT *, unnest(r.images) AS value FROM person)

-- into claims
WITH person AS (
  SELECT uid, r, r.document AS document, 'resume:' || left(r.document, 16) || '/' || left(md5(r.file), 8) AS person_ref
  FROM records WHERE r.advert IS NOT TRUE
),
entries AS (
  SELECT uid, person_ref, document, 'employment' AS kind, unnest(r.employment) AS e FROM person
  UNION ALL
  SELECT uid, person_ref, document, 'education', unnest(r.education) FROM person
)
SELECT uid, person_ref, document, kind, blank(e.organisation) AS subject, blank(e.title) AS detail, blank(e.text) AS text,
  CAST(NULL AS DOUBLE) AS years, e.since AS since, e.until AS until, e.current AS current, e.precision AS precision
FROM entries
UNION ALL
SELECT uid, person_ref, document, 'skill', s.subject, s.text, NULL, s.years, NULL, NULL, NULL, NULL
FROM (SELECT *, unnest(r.skills) AS s FROM person)
UNION ALL
SELECT uid, person_ref, document, 'name', blank(r.name), NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM person WHERE blank(r.name) IS NOT NULL
UNION ALL
SELECT uid, person_ref, document, 'location', blank(r.location), NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM person WHERE blank(r.location) IS NOT NULL

-- into traces
SELECT uid,
  'resume:' || left(r.document, 16) || '/' || left(md5(r.file), 8) AS person_ref,
  r.document AS document, t.kind AS kind, t.value AS value, t.detail AS detail
FROM (SELECT *, unnest(r.traces) AS t FROM records WHERE r.advert IS NOT TRUE)
