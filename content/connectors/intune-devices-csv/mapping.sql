-- into devices
SELECT
  uid,
  coalesce(blank(r.serial), blank(r.entra_device_id), blank(r.device_id)) AS device_ref,
  blank(r.serial) AS serial,
  blank(r.device_name) AS hostname,
  -- The id under which Entra ID's sign-ins name the device.
  blank(r.entra_device_id) AS hardware_uuid,
  coalesce(login(r.upn), login(r.email)) AS assigned_to,
  CASE
    WHEN regexp_matches(r.model, '(?i)book|laptop|latitude|thinkpad|elitebook|zbook|precision 5|xps 1') THEN 'laptop'
    WHEN regexp_matches(r.model, '(?i)^(imac|mac ?mini|mac ?pro|mac ?studio|optiplex)') THEN 'desktop'
    WHEN regexp_matches(r.model, '(?i)ipad|tablet') THEN 'tablet'
    WHEN regexp_matches(r.os, '(?i)^(ios|android)') THEN 'phone'
  END AS kind,
  blank(concat_ws(' ', blank(r.manufacturer), blank(r.model))) AS model,
  CASE
    WHEN regexp_matches(r.os, '(?i)windows') THEN 'windows'
    WHEN regexp_matches(r.os, '(?i)^mac') THEN 'macos'
    WHEN regexp_matches(r.os, '(?i)^(ios|ipados)') THEN 'ios'
    WHEN regexp_matches(r.os, '(?i)android') THEN 'android'
    WHEN regexp_matches(r.os, '(?i)chrome') THEN 'chromeos'
    WHEN regexp_matches(r.os, '(?i)linux|ubuntu') THEN 'linux'
    ELSE lower(blank(r.os))
  END AS os,
  blank(r.os_version) AS os_version,
  regexp_matches(lower(coalesce(r.managed_by, 'mdm')), 'intune|mdm|co-?managed|configmgr|sense|jamf') AS managed,
  CASE lower(replace(r.compliance, ' ', '')) WHEN 'compliant' THEN true WHEN 'noncompliant' THEN false WHEN 'ingraceperiod' THEN true WHEN 'conflict' THEN false WHEN 'error' THEN false WHEN 'notcompliant' THEN false WHEN 'true' THEN true WHEN 'false' THEN false END AS compliant,
  -- 0001-01-01 is how the export writes "never".
  CASE WHEN loose_utc(r.enrolled_at) > TIMESTAMP '2000-01-01' THEN loose_utc(r.enrolled_at) END AS enrolled_at,
  CASE WHEN loose_utc(r.last_check_in) > TIMESTAMP '2000-01-01' THEN loose_utc(r.last_check_in) END AS seen_at,
  ip(r.ip) AS last_ip
FROM records

-- into identifiers
WITH told AS (
  SELECT uid, coalesce(login(r.upn), login(r.email)) AS account,
    blank(r.serial) AS serial,
    CASE WHEN NOT contains(r.phone, '*') THEN blank(r.phone) END AS phone,
    CASE WHEN loose_utc(r.enrolled_at) > TIMESTAMP '2000-01-01' THEN loose_utc(r.enrolled_at) END AS first_seen,
    CASE WHEN loose_utc(r.last_check_in) > TIMESTAMP '2000-01-01' THEN loose_utc(r.last_check_in) END AS last_seen
  FROM records
)
SELECT uid, account, 'device_serial' AS kind, serial AS value, 'assigned' AS context, first_seen, last_seen FROM told WHERE account IS NOT NULL AND serial IS NOT NULL
UNION ALL
SELECT uid, account, 'phone', phone, 'device', first_seen, last_seen FROM told WHERE account IS NOT NULL AND phone IS NOT NULL

-- into inventory
WITH told AS (
  SELECT uid, coalesce(blank(r.serial), blank(r.entra_device_id), blank(r.device_id)) AS device_ref,
    yes(r.encrypted) AS encrypted, yes(r.jail_broken) AS jail_broken,
    CASE WHEN loose_utc(r.last_check_in) > TIMESTAMP '2000-01-01' THEN loose_utc(r.last_check_in) END AS seen_at
  FROM records
)
SELECT uid, device_ref, 'setting' AS kind, 'disk_encryption' AS key, CASE WHEN encrypted THEN 'on' ELSE 'off' END AS value, true AS present, seen_at
FROM told WHERE encrypted IS NOT NULL AND device_ref IS NOT NULL
UNION ALL
SELECT uid, device_ref, 'setting', 'jail_broken', CASE WHEN jail_broken THEN 'on' ELSE 'off' END, true, seen_at
FROM told WHERE jail_broken IS NOT NULL AND device_ref IS NOT NULL
