-- into events
-- count: for meeting.leave how many seconds they stayed, for meeting.quality the latency in milliseconds of what they
-- sent (video, else sound); detail: camera, microphone and speaker as named by the device.
WITH told AS (
  SELECT
    uid, record, time, r,
    coalesce(login(r.email), login(r.user_email)) AS account,
    -- "Columbus (US )"
    coalesce(nullif(trim(regexp_extract(r.location, '^(.*?)\s*\(\s*[A-Za-z]{2}\s*\)\s*$', 1)), ''), CASE WHEN NOT contains(r.location, '(') THEN blank(r.location) END) AS place,
    nullif(upper(regexp_extract(r.location, '\(\s*([A-Za-z]{2})\s*\)\s*$', 1)), '') AS country,
    blank(array_to_string(list_filter(['camera: ' || blank(r.camera), 'microphone: ' || blank(r.microphone), 'speaker: ' || blank(r.speaker)], lambda x: x IS NOT NULL), '; ')) AS equipment
  FROM records
),
happened AS (
  SELECT *, unnest(list_concat(
    CASE WHEN any_utc(r.join_time) IS NOT NULL THEN [{'n': 1, 'at': any_utc(r.join_time), 'action': 'meeting.join', 'activity': 'participant joined', 'note': equipment, 'count': NULL}] ELSE [] END,
    CASE WHEN any_utc(r.leave_time) IS NOT NULL THEN [{'n': 2, 'at': any_utc(r.leave_time), 'action': 'meeting.leave', 'activity': 'participant left', 'note': blank(r.leave_reason),
      'count': coalesce(try_cast(r.duration AS DOUBLE), CAST(date_diff('second', any_utc(r.join_time), any_utc(r.leave_time)) AS DOUBLE))}] ELSE [] END,
    list_transform(list_filter(coalesce(r.user_qos, []), lambda q: any_utc(q.date_time) IS NOT NULL AND
        regexp_matches(concat_ws(' ', q.video_input.latency, q.audio_input.latency, q.as_input.latency), '[0-9]')),
      lambda q, i: {'n': 2 + i, 'at': any_utc(q.date_time), 'action': 'meeting.quality', 'activity': 'user_qos',
        'note': array_to_string(list_filter(['video_input ' || blank(q.video_input.latency), 'audio_input ' || blank(q.audio_input.latency), 'as_input ' || blank(q.as_input.latency)], lambda x: x IS NOT NULL), ', '),
        'count': coalesce(try_cast(regexp_extract(q.video_input.latency, '[0-9]+(\.[0-9]+)?') AS DOUBLE), try_cast(regexp_extract(q.audio_input.latency, '[0-9]+(\.[0-9]+)?') AS DOUBLE),
          try_cast(regexp_extract(q.as_input.latency, '[0-9]+(\.[0-9]+)?') AS DOUBLE))}))) AS e
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
  account,
  blank(r.pc_name) AS device_ref,
  blank(r.harddisk_id) AS device_token,
  ip(r.ip_address) AS src_ip,
  country AS src_country,
  CASE WHEN contains(place, ',') THEN nullif(trim(split_part(place, ',', 2)), '') END AS src_region,
  nullif(trim(split_part(place, ',', 1)), '') AS src_city,
  CASE WHEN regexp_matches(r.network_type, '(?i)cellular|mobile|[345]g') THEN 'mobile' END AS src_network,
  blank(concat_ws(' ', coalesce(blank(r.client), blank(r.device)), blank(r.version))) AS user_agent,
  coalesce(blank(r.topic), blank(r.meeting_id), blank(r.meeting_uuid)) AS target,
  'meeting' AS target_kind,
  e.note AS detail,
  try_cast(round(e.count) AS BIGINT) AS count
FROM happened
