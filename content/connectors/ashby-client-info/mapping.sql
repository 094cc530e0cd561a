-- into events
SELECT
  uid,
  reject,
  record,
  time,
  blank(r.relatedEntityType) AS activity,
  CASE lower(r.relatedEntityType)
    WHEN 'application' THEN 'application.submit'
    WHEN 'blocked_application_submission' THEN 'application.submit'
    ELSE lower(blank(r.relatedEntityType))
  END AS action,
  CASE lower(r.relatedEntityType) WHEN 'blocked_application_submission' THEN 'failure' ELSE 'success' END AS outcome,
  blank(r.candidateId) AS person_ref,
  ip(r.ipAddress) AS src_ip,
  blank(r.userAgent) AS user_agent,
  blank(r.relatedEntityId) AS target,
  'application' AS target_kind
FROM records
