-- into events
SELECT
  uid,
  reject,
  record,
  time,
  'referral' AS activity,
  'application.refer' AS action,
  'success' AS outcome,
  coalesce(blank(r.person_ref), 'applicant:' || mail(r.email)) AS person_ref,
  coalesce(blank(r.referrer_ref), mail(r.referrer_email)) AS target,
  'person' AS target_kind,
  blank(r.job) AS detail
FROM records
