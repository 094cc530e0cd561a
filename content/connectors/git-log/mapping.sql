-- into events
SELECT
  uid,
  reject,
  record,
  time,
  'commit' AS activity,
  CASE WHEN blank(r.person_ref) IS NOT NULL THEN 'code.public' ELSE 'code.commit' END AS action,
  'success' AS outcome,
  login(r.author_email) AS account,
  CASE WHEN lower(trim(r.person_ref)) <> 'other' THEN blank(r.person_ref) END AS person_ref,
  lower(trim(r.hash)) AS session_id,
  lower(trim(r.repository)) AS target,
  CASE WHEN blank(r.person_ref) IS NOT NULL AND lower(trim(r.person_ref)) <> 'other' THEN 'shown repo' ELSE 'repo' END AS target_kind,
  blank(r.author_name) AS detail
FROM records
