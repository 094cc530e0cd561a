-- into devices
SELECT
  uid,
  coalesce(blank(r.serialNumber), blank(r.hardwareInformation.serialNumber), blank(r.azureADDeviceId), blank(r.azureActiveDirectoryDeviceId), blank(r.id)) AS device_ref,
  coalesce(blank(r.serialNumber), blank(r.hardwareInformation.serialNumber)) AS serial,
  blank(r.deviceName) AS hostname,
  -- The id under which Entra ID's sign-ins name the device.
  coalesce(blank(r.azureADDeviceId), blank(r.azureActiveDirectoryDeviceId)) AS hardware_uuid,
  coalesce(login(r.userPrincipalName), login(r.emailAddress)) AS assigned_to,
  CASE
    WHEN lower(r.chassisType) IN ('laptop', 'desktop', 'tablet', 'phone') THEN lower(r.chassisType)
    WHEN regexp_matches(r.model, '(?i)book|laptop|latitude|thinkpad|elitebook|zbook|precision 5|xps 1') THEN 'laptop'
    WHEN regexp_matches(r.model, '(?i)^(imac|mac ?mini|mac ?pro|mac ?studio|optiplex)') THEN 'desktop'
    WHEN regexp_matches(coalesce(r.model, r.deviceType), '(?i)ipad|tablet') THEN 'tablet'
    WHEN regexp_matches(r.operatingSystem, '(?i)^(ios|android)') THEN 'phone'
  END AS kind,
  blank(concat_ws(' ', blank(r.manufacturer), blank(r.model))) AS model,
  CASE
    WHEN regexp_matches(r.operatingSystem, '(?i)windows') THEN 'windows'
    WHEN regexp_matches(r.operatingSystem, '(?i)^mac') THEN 'macos'
    WHEN regexp_matches(r.operatingSystem, '(?i)^(ios|ipados)') THEN 'ios'
    WHEN regexp_matches(r.operatingSystem, '(?i)android') THEN 'android'
    WHEN regexp_matches(r.operatingSystem, '(?i)chrome') THEN 'chromeos'
    WHEN regexp_matches(r.operatingSystem, '(?i)linux|ubuntu') THEN 'linux'
    ELSE lower(blank(r.operatingSystem))
  END AS os,
  blank(r.osVersion) AS os_version,
  CASE WHEN lower(r.managementState) IN ('retirepending', 'wipepending', 'unhealthy', 'deletepending', 'retireissued', 'wipeissued', 'discovered') THEN false ELSE true END AS managed,
  CASE lower(r.complianceState) WHEN 'compliant' THEN true WHEN 'noncompliant' THEN false WHEN 'ingraceperiod' THEN true WHEN 'conflict' THEN false WHEN 'error' THEN false END AS compliant,
  -- 0001-01-01 is how Graph writes "never".
  CASE WHEN utc(r.enrolledDateTime) > TIMESTAMP '2000-01-01' THEN utc(r.enrolledDateTime) END AS enrolled_at,
  CASE WHEN utc(r.lastSyncDateTime) > TIMESTAMP '2000-01-01' THEN utc(r.lastSyncDateTime) END AS seen_at,
  coalesce(ip(r.hardwareInformation.ipAddressV4), ip(r.hardwareInformation.wiredIPv4Addresses[1])) AS last_ip
FROM records

-- into identifiers
WITH told AS (
  SELECT uid, coalesce(login(r.userPrincipalName), login(r.emailAddress)) AS account,
    coalesce(blank(r.serialNumber), blank(r.hardwareInformation.serialNumber)) AS serial,
    CASE WHEN NOT contains(r.phoneNumber, '*') THEN blank(r.phoneNumber) END AS phone,
    CASE WHEN utc(r.enrolledDateTime) > TIMESTAMP '2000-01-01' THEN utc(r.enrolledDateTime) END AS first_seen,
    CASE WHEN utc(r.lastSyncDateTime) > TIMESTAMP '2000-01-01' THEN utc(r.lastSyncDateTime) END AS last_seen
  FROM records
)
SELECT uid, account, 'device_serial' AS kind, serial AS value, 'assigned' AS context, first_seen, last_seen FROM told WHERE account IS NOT NULL AND serial IS NOT NULL
UNION ALL
SELECT uid, account, 'phone', phone, 'device', first_seen, last_seen FROM told WHERE account IS NOT NULL AND phone IS NOT NULL

-- into events
WITH asked AS (
  SELECT uid, coalesce(blank(r.serialNumber), blank(r.hardwareInformation.serialNumber), blank(r.azureADDeviceId), blank(r.azureActiveDirectoryDeviceId), blank(r.id)) AS device_ref,
    unnest(list_filter(r.deviceActionResults, lambda a: a.deviceLocation.latitude IS NOT NULL AND a.deviceLocation.longitude IS NOT NULL)) AS a
  FROM records
)
SELECT uid || '~located' AS uid, coalesce(utc(a.deviceLocation.lastCollectedDateTime), utc(a.lastUpdatedDateTime)) AS time, blank(a.actionName) AS activity,
  'device.locate' AS action, 'success' AS outcome, device_ref, a.deviceLocation.latitude AS src_lat, a.deviceLocation.longitude AS src_lon,
  -- Intune does not say how; the system's location service goes by satellites and Wi-Fi.
  concat_ws(', ', 'wifi', 'within ' || try_cast(round(a.deviceLocation.horizontalAccuracy) AS BIGINT) || ' m') AS detail
FROM asked
WHERE device_ref IS NOT NULL AND NOT (a.deviceLocation.latitude = 0 AND a.deviceLocation.longitude = 0)
  AND coalesce(utc(a.deviceLocation.lastCollectedDateTime), utc(a.lastUpdatedDateTime)) > TIMESTAMP '2000-01-01'

-- into inventory
WITH told AS (
  SELECT uid, coalesce(blank(r.serialNumber), blank(r.hardwareInformation.serialNumber), blank(r.azureADDeviceId), blank(r.azureActiveDirectoryDeviceId), blank(r.id)) AS device_ref,
    yes(r.isEncrypted) AS encrypted, yes(r.jailBroken) AS jail_broken,
    CASE WHEN utc(r.lastSyncDateTime) > TIMESTAMP '2000-01-01' THEN utc(r.lastSyncDateTime) END AS seen_at
  FROM records
)
SELECT uid, device_ref, 'setting' AS kind, 'disk_encryption' AS key, CASE WHEN encrypted THEN 'on' ELSE 'off' END AS value, true AS present, seen_at
FROM told WHERE encrypted IS NOT NULL AND device_ref IS NOT NULL
UNION ALL
SELECT uid, device_ref, 'setting', 'jail_broken', CASE WHEN jail_broken THEN 'on' ELSE 'off' END, true, seen_at
FROM told WHERE jail_broken IS NOT NULL AND device_ref IS NOT NULL
