-- into events
WITH told AS (
  SELECT uid, time, r, lower(r.status) AS status,
    coalesce(blank(r.custom_fields.candidate_id), blank(r.custom_fields.employee_id), blank(r.custom_fields.external_id), blank(r.custom_fields.user_id)) AS person_ref,
    login(r.email) AS account
  FROM records
),
checks AS (
  SELECT *, lower(c.name) AS name, yes(c.value) AS held, c.status AS ended
  FROM (SELECT *, unnest(coalesce(r.checks, [])) AS c FROM told)
  WHERE NOT regexp_matches(lower(c.name), 'selfie|face|facial|liveness|biometric|birth|\bdob\b|\bage\b|gender|nationality')
)
SELECT
  uid, time, 'verification session' AS activity, 'check.result' AS action,
  CASE WHEN status IN ('success', 'verified', 'completed') THEN 'success' WHEN status IN ('fail', 'failed', 'rejected') THEN 'failure' ELSE 'unknown' END AS outcome,
  person_ref, account, 'identity_document' AS target, 'check' AS target_kind, status AS detail
FROM told
-- Where the single checks are given, they say what failed; the session alone would not say whether it was a face.
WHERE status NOT IN ('fail', 'failed', 'rejected') OR len(coalesce(r.checks, [])) = 0
UNION ALL
SELECT
  uid || '~' || name, time, name, 'check.result',
  CASE WHEN held THEN 'success' WHEN held IS FALSE AND coalesce(ended, 'completed') = 'completed' THEN 'failure' ELSE 'unknown' END,
  person_ref, account,
  CASE WHEN name LIKE '%document%' THEN 'identity_document' WHEN regexp_matches(name, '\bip\b|_ip|ip_|device|network|location|vpn') THEN 'identity_session' ELSE 'identity_match' END,
  'check', CASE WHEN held THEN 'passed: ' ELSE 'failed: ' END || name
FROM checks
WHERE regexp_matches(name, 'document|name|phone|email|device|network|location|vpn|ip_|_ip') AND held IS NOT NULL
