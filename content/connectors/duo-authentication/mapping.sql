-- into events
SELECT
  uid,
  record,
  time,
  3002 AS class_uid,
  activity,
  CASE WHEN lower(activity) = 'enrollment' OR r.new_enrollment THEN 'mfa.enroll' ELSE 'mfa.challenge' END AS action,
  outcome,
  account,
  coalesce(blank(r.access_device.epkey), blank(r.access_device.hostname)) AS device_ref,
  mfa_device,
  -- Duo writes ports after an IPv6 address with # or p too.
  coalesce(ip(regexp_replace(r.access_device.ip, '[#p][0-9]+$', '')), ip(r.ip)) AS src_ip,
  coalesce(blank(r.access_device.location.country), blank(r.location.country)) AS src_country,
  coalesce(blank(r.access_device.location.state), blank(r.location.state)) AS src_region,
  coalesce(blank(r.access_device.location.city), blank(r.location.city)) AS src_city,
  coalesce(blank(r.application.name), blank(r.integration)) AS target,
  'app' AS target_kind,
  nullif(concat_ws('; ', blank(r.factor), blank(r.reason), 'answered from ' || answered_from), '') AS detail
FROM (
  SELECT *,
    coalesce(blank(r.event_type), blank(r.eventtype), 'authentication') AS activity,
    CASE lower(r.result) WHEN 'success' THEN 'success' WHEN 'allow' THEN 'success' WHEN 'denied' THEN 'failure' WHEN 'deny' THEN 'failure'
      WHEN 'failure' THEN 'failure' WHEN 'fraud' THEN 'failure' WHEN 'error' THEN 'failure' ELSE 'unknown' END AS outcome,
    coalesce(login(r."user".name), login(r.username), login(r.email)) AS account,
    nullif(concat_ws(', ', blank(r.auth_device.location.city), blank(r.auth_device.location.state), blank(r.auth_device.location.country)), '') AS answered_from,
    -- A telephone number tells one phone from another wherever it is enrolled; a name such as "iPhone" does not.
    coalesce(nullif(regexp_extract(coalesce(r.auth_device.name, r.device), '\+?[0-9][0-9 ().-]{6,}[0-9]'), ''), blank(r.auth_device.key)) AS mfa_device
  FROM records
)
UNION ALL BY NAME
-- Where the answer came from: the same moment, at the other device.
SELECT
  uid || '~2' AS uid,
  record,
  time,
  3002 AS class_uid,
  coalesce(blank(r.event_type), blank(r.eventtype), 'authentication') AS activity,
  'mfa.answer' AS action,
  CASE lower(r.result) WHEN 'success' THEN 'success' WHEN 'denied' THEN 'failure' WHEN 'failure' THEN 'failure' WHEN 'fraud' THEN 'failure' ELSE 'unknown' END AS outcome,
  coalesce(login(r."user".name), login(r.username), login(r.email)) AS account,
  coalesce(nullif(regexp_extract(r.auth_device.name, '\+?[0-9][0-9 ().-]{6,}[0-9]'), ''), blank(r.auth_device.key)) AS mfa_device,
  ip(r.auth_device.ip) AS src_ip,
  blank(r.auth_device.location.country) AS src_country,
  blank(r.auth_device.location.state) AS src_region,
  blank(r.auth_device.location.city) AS src_city,
  coalesce(blank(r.application.name), blank(r.integration)) AS target,
  'app' AS target_kind,
  nullif(concat_ws('; ', blank(r.factor), blank(r.reason)), '') AS detail
FROM records
WHERE ip(r.auth_device.ip) IS NOT NULL AND r.auth_device.ip NOT IN ('0.0.0.0', '::')

-- into accounts
SELECT uid, login(r."user".name) AS account, login(r.email) AS email, time AS seen_at
FROM records
WHERE login(r."user".name) IS NOT NULL AND r.email LIKE '%_@_%'

-- into devices
SELECT
  uid,
  coalesce(blank(r.access_device.epkey), blank(r.access_device.hostname)) AS device_ref,
  blank(r.access_device.hostname) AS hostname,
  CASE
    WHEN r.access_device.os ILIKE 'windows%' THEN 'windows' WHEN r.access_device.os ILIKE 'mac%' THEN 'macos' WHEN r.access_device.os ILIKE 'ios%' THEN 'ios'
    WHEN r.access_device.os ILIKE 'android%' THEN 'android' WHEN r.access_device.os ILIKE 'linux%' THEN 'linux' WHEN r.access_device.os ILIKE 'chrome%' THEN 'chromeos'
  END AS os,
  blank(r.access_device.os_version) AS os_version,
  time AS seen_at,
  ip(r.access_device.ip) AS last_ip
FROM records
WHERE coalesce(blank(r.access_device.epkey), blank(r.access_device.hostname)) IS NOT NULL
