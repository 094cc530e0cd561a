-- into events
WITH told AS (
  SELECT uid, time, coalesce(blank(r.customerProfile.customerUserId), blank(r.customerProfile.userId), blank(r.event.customerUserId), blank(r.event.data.customerProfile.customerUserId)) AS person_ref,
    coalesce(r.documentVerification, r.event.data.documentVerification) AS doc, r.kyc.fieldValidations AS fields
  FROM records
)
SELECT
  uid, time, 'document check' AS activity, 'check.result' AS action,
  CASE lower(doc.decision.value) WHEN 'accept' THEN 'success' WHEN 'reject' THEN 'failure' ELSE 'unknown' END AS outcome,
  person_ref, 'identity_document' AS target, 'check' AS target_kind,
  blank(concat_ws(': ', lower(doc.decision.value), array_to_string(doc.reasonCodes, ', '))) AS detail
FROM told WHERE doc.decision.value IS NOT NULL AND person_ref IS NOT NULL
UNION ALL
SELECT
  uid || '~kyc', time, 'comparison of details', 'check.result',
  CASE WHEN least(fields.firstName, fields.surName) >= 0.5 AND coalesce(fields.mobileNumber, 1) >= 0.5 THEN 'success' ELSE 'unknown' END,
  person_ref, 'identity_match', 'check',
  'name ' || CASE WHEN least(fields.firstName, fields.surName) >= 0.5 THEN 'known' ELSE 'not known' END
FROM told WHERE fields.surName IS NOT NULL AND person_ref IS NOT NULL
