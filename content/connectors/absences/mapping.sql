-- into events
WITH away AS (
  SELECT uid, record, time, r, loose_utc(r.last_day) AS until,
    lower(coalesce(blank(r.status), '')) AS status,
    TRY_CAST(blank(r.days) AS DOUBLE) AS given
  FROM records
)
SELECT
  uid,
  record,
  time,
  'absence' AS activity,
  'absence' AS action,
  'success' AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  blank(r.place) AS target,
  'place' AS target_kind,
  -- Both days were days away; half a day is one.
  CAST(coalesce(
    CASE WHEN until >= time THEN date_diff('day', CAST(time AS DATE), CAST(until AS DATE)) + 1 END,
    CASE WHEN given > 0 AND given <= 400 THEN ceil(given) END,
    1) AS BIGINT) AS count
FROM away
WHERE NOT regexp_matches(status, 'cancel|reject|refus|declin|denied|withdrawn|draft')
