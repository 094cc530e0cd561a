-- into events
-- count: for meeting.leave how many seconds they stayed; detail: the name they showed, and camera, microphone and
-- speaker where the export has them.
WITH told AS (
  SELECT
    uid, record, time, r,
    coalesce(loose_utc(r.leave_time), try_strptime(trim(r.leave_time), ['%b %d, %Y %I:%M %p', '%d/%m/%Y %I:%M:%S %p', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M'])) AS left_at,
    coalesce(nullif(trim(regexp_extract(r.location, '^(.*?)\s*\(\s*[A-Za-z]{2}\s*\)\s*$', 1)), ''), CASE WHEN NOT contains(r.location, '(') THEN blank(r.location) END) AS place,
    blank(array_to_string(list_filter(['as ' || blank(r.name), 'camera: ' || blank(r.camera), 'microphone: ' || blank(r.microphone), 'speaker: ' || blank(r.speaker)], lambda x: x IS NOT NULL), '; ')) AS shown
  FROM records
),
happened AS (
  SELECT *, unnest(list_concat(
    [{'n': 1, 'at': time, 'action': 'meeting.join', 'activity': 'participant joined', 'count': NULL}],
    CASE WHEN left_at IS NOT NULL THEN [{'n': 2, 'at': left_at, 'action': 'meeting.leave', 'activity': 'participant left',
      'count': coalesce(CAST(date_diff('second', time, left_at) AS DOUBLE), 60 * try_cast(r.duration AS DOUBLE))}] ELSE [] END)) AS e
  FROM told
)
SELECT
  uid || '~' || e.n AS uid,
  record,
  e.at AS time,
  0 AS class_uid,
  e.activity AS activity,
  e.action AS action,
  'success' AS outcome,
  mail(r.email) AS account,
  blank(r.pc_name) AS device_ref,
  blank(r.harddisk_id) AS device_token,
  ip(r.ip_address) AS src_ip,
  coalesce(nullif(upper(regexp_extract(r.location, '\(\s*([A-Za-z]{2})\s*\)\s*$', 1)), ''), blank(r.country)) AS src_country,
  CASE WHEN contains(place, ',') THEN nullif(trim(split_part(place, ',', 2)), '') END AS src_region,
  nullif(trim(split_part(place, ',', 1)), '') AS src_city,
  CASE WHEN regexp_matches(r.network_type, '(?i)cellular|mobile|[345]g') THEN 'mobile' END AS src_network,
  blank(concat_ws(' ', blank(r.device), blank(r.version))) AS user_agent,
  coalesce(blank(r.topic), blank(r.meeting_id)) AS target,
  'meeting' AS target_kind,
  shown AS detail,
  try_cast(round(e.count) AS BIGINT) AS count
FROM happened
