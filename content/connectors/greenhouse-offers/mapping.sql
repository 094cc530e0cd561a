-- into people
SELECT
  uid,
  r.candidate_id AS person_ref,
  'offer' AS stage,
  CASE WHEN lower(r.status) = 'accepted' THEN utc(r.starts_at) END AS started_at,
  utc(r.updated_at) AS seen_at
FROM records
WHERE lower(r.status) = 'accepted'

-- into events
SELECT
  uid || '~sent' AS uid,
  coalesce(utc(r.sent_at), utc(r.created_at)) AS time,
  'sent' AS activity,
  'offer.sent' AS action,
  'success' AS outcome,
  r.candidate_id AS person_ref,
  'offer ' || r.id AS target,
  'offer' AS target_kind,
  'version ' || r.version AS detail
FROM records
WHERE coalesce(utc(r.sent_at), utc(r.created_at)) IS NOT NULL
UNION ALL
SELECT
  uid || '~resolved',
  coalesce(utc(r.resolved_at), utc(r.updated_at)),
  lower(r.status),
  CASE lower(r.status) WHEN 'accepted' THEN 'offer.accept' ELSE 'offer.' || lower(r.status) END,
  CASE lower(r.status) WHEN 'accepted' THEN 'success' ELSE 'failure' END,
  r.candidate_id,
  'offer ' || r.id,
  'offer',
  'starts ' || blank(r.starts_at)
FROM records
WHERE lower(r.status) IN ('accepted', 'rejected', 'deprecated') AND coalesce(utc(r.resolved_at), utc(r.updated_at)) IS NOT NULL
