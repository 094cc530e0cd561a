-- into events
SELECT
  uid,
  time,
  r."type" AS activity,
  'check.result' AS action,
  CASE WHEN coalesce(blank(r.data.object.result), r.data.object.status) = 'clear' THEN 'success' ELSE 'unknown' END AS outcome,
  'checkr:' || r.data.object.candidate_id AS account,
  CASE r.data.object.object
    WHEN 'report' THEN 'background'
    WHEN 'employment_verification' THEN 'employment'
    WHEN 'education_verification' THEN 'education'
    WHEN 'identity_verification' THEN 'identity_document'
  END AS target,
  'check' AS target_kind,
  coalesce(blank(r.data.object.result), r.data.object.status) AS detail
FROM records
WHERE r.data.object.object IN ('report', 'employment_verification', 'education_verification', 'identity_verification')
  AND r."type" LIKE '%.completed' AND blank(r.data.object.candidate_id) IS NOT NULL

-- into accounts
SELECT uid, 'checkr:' || r.data.object.id AS account, lower(blank(r.data.object.email)) AS email, blank(r.data.object.custom_id) AS person_ref, time AS seen_at
FROM records
WHERE r.data.object.object = 'candidate' AND (blank(r.data.object.custom_id) IS NOT NULL OR blank(r.data.object.email) IS NOT NULL)
