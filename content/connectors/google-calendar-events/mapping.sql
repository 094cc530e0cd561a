-- into events
WITH away AS (
  SELECT uid, record, time, r,
    -- A whole day ends on the day after it.
    coalesce(utc(r."end".dateTime), utc(r."end".date) - INTERVAL 1 DAY) AS until,
    blank(r.workingLocationProperties.customLocation.label) AS elsewhere
  FROM records
)
SELECT
  uid,
  record,
  time,
  blank(r.eventType) AS activity,
  'absence' AS action,
  'success' AS outcome,
  login(r.organizer.email) AS account,
  coalesce(elsewhere, blank(r.location)) AS target,
  'place' AS target_kind,
  CAST(CASE WHEN until > time THEN date_diff('day', CAST(time AS DATE), CAST(until AS DATE)) + 1 ELSE 1 END AS BIGINT) AS count
FROM away
WHERE r.status IS DISTINCT FROM 'cancelled'
  AND (r.eventType = 'outOfOffice' OR (r.eventType = 'workingLocation' AND r.workingLocationProperties.type = 'customLocation'))
