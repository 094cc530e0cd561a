-- into events
-- count: for meeting.quality the latency in milliseconds of what they sent (video, else sound).
WITH told AS (
  SELECT uid, reject, record, time, r.event AS event, r.payload AS p, r.payload.object AS o, r.payload.object.participant AS who,
    list_transform(coalesce(r.payload.object.participant.qos, []), lambda q: {'name': q."type",
      'ms': try_cast(regexp_extract(coalesce(blank(q.details.latency), blank(q.details.avg_latency), blank(q.details.max_latency)), '[0-9]+(\.[0-9]+)?') AS DOUBLE)}) AS qos
  FROM records
),
placed AS (
  SELECT *,
    coalesce(nullif(trim(regexp_extract(who.location, '^(.*?)\s*\(\s*[A-Za-z]{2}\s*\)\s*$', 1)), ''), CASE WHEN NOT contains(who.location, '(') THEN blank(who.location) END) AS place,
    coalesce(nullif(who.public_ip, ''), who.ip_address) AS address,
    concat_ws(' ', coalesce(nullif(who.client, ''), nullif(who.device, ''), o.client_type), coalesce(nullif(who.version, ''), o.version)) AS client,
    array_to_string(list_filter(['camera: ' || blank(who.camera), 'microphone: ' || blank(who.microphone), 'speaker: ' || blank(who.speaker), blank(who.leave_reason),
      'shared ' || blank(who.sharing_details.content), CAST(o.issues AS VARCHAR)], lambda x: x IS NOT NULL), '; ') AS equipment,
    -- In the order in which they say who acted.
    CASE
      WHEN who.user_name IS NOT NULL OR who.id IS NOT NULL OR who.email IS NOT NULL THEN who.email
      WHEN event LIKE 'user.signed_%' THEN coalesce(nullif(o.email, ''), p.operator)
      ELSE coalesce(nullif(p.operator, ''), nullif(o.registrant.email, ''), nullif(o.email, ''), o.owner_email)
    END AS actor
  FROM told
)
SELECT
  uid,
  reject,
  record,
  time,
  CASE WHEN event LIKE 'user.signed_%' THEN 3002 WHEN event LIKE 'user.%' OR event LIKE 'account.%' THEN 3001 ELSE 0 END AS class_uid,
  event AS activity,
  CASE
    WHEN regexp_matches(event, '^(meeting|webinar)\.participant_(jbh_)?joined$') OR regexp_matches(event, '^(meeting|webinar)\.participant_data$') THEN 'meeting.join'
    WHEN regexp_matches(event, '^(meeting|webinar)\.participant_left$') THEN 'meeting.leave'
    WHEN regexp_matches(event, '^(meeting|webinar)\.participant_qos') THEN 'meeting.quality'
    WHEN event = 'user.signed_in' THEN 'signin'
    WHEN event = 'user.signed_out' THEN 'session.end'
    WHEN event IN ('user.created', 'user.invitation_accepted') THEN 'account.create'
    WHEN event IN ('user.updated', 'user.settings_updated', 'user.activated') THEN 'account.change'
    WHEN event IN ('user.deactivated', 'user.deleted', 'user.disassociated') THEN 'account.suspend'
    ELSE lower(event)
  END AS action,
  'success' AS outcome,
  login(actor) AS account,
  blank(who.pc_name) AS device_ref,
  blank(who.harddisk_id) AS device_token,
  ip(address) AS src_ip,
  nullif(upper(regexp_extract(who.location, '\(\s*([A-Za-z]{2})\s*\)\s*$', 1)), '') AS src_country,
  CASE WHEN contains(place, ',') THEN nullif(trim(split_part(place, ',', 2)), '') END AS src_region,
  nullif(trim(split_part(place, ',', 1)), '') AS src_city,
  CASE WHEN regexp_matches(who.network_type, '(?i)cellular|mobile|[345]g') THEN 'mobile' END AS src_network,
  blank(client) AS user_agent,
  CASE WHEN event LIKE 'user.%' THEN coalesce(login(o.email), blank(o.id)) ELSE coalesce(blank(o.topic), blank(o.name), blank(o.id), login(o.owner_email)) END AS target,
  CASE WHEN event LIKE 'user.%' OR event LIKE 'account.%' THEN 'account' WHEN regexp_matches(event, '^(meeting|webinar|recording)\.') THEN 'meeting' ELSE lower(split_part(event, '.', 1)) END AS target_kind,
  CASE
    WHEN len(qos) > 0 THEN array_to_string(list_transform(list_filter(qos, lambda q: try_cast(round(q.ms) AS BIGINT) IS NOT NULL), lambda q: q.name || ' ' || try_cast(round(q.ms) AS BIGINT) || ' ms'), ', ')
    ELSE nullif(equipment, '')
  END AS detail,
  try_cast(round(coalesce(list_max(list_transform(list_filter(qos, lambda q: q.name = 'video_input'), lambda q: q.ms)),
    list_max(list_transform(list_filter(qos, lambda q: q.name = 'audio_input'), lambda q: q.ms)), list_max(list_transform(qos, lambda q: q.ms)))) AS BIGINT) AS count
FROM placed
