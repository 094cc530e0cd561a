-- into events
SELECT
  uid,
  reject,
  record,
  time,
  3002 AS class_uid,
  coalesce(blank(r.operationName), 'Sign-in activity') AS activity,
  'signin' AS action,
  CASE
    WHEN coalesce(p.status.errorCode, r.resultType, p.resultType) IS NULL THEN 'unknown'
    WHEN lower(coalesce(p.status.errorCode, r.resultType, p.resultType)) IN ('0', 'success') THEN 'success'
    ELSE 'failure'
  END AS outcome,
  login(p.userPrincipalName) AS account,
  coalesce(blank(p.deviceDetail.deviceId), blank(p.deviceDetail.displayName)) AS device_ref,
  blank(p.sessionId) AS session_id,
  coalesce(ip(p.ipAddress), ip(r.callerIpAddress)) AS src_ip,
  blank(p.location.countryOrRegion) AS src_country,
  blank(p.location.state) AS src_region,
  blank(p.location.city) AS src_city,
  CASE WHEN blank(p.location.countryOrRegion) IS NOT NULL THEN p.location.geoCoordinates.latitude END AS src_lat,
  CASE WHEN blank(p.location.countryOrRegion) IS NOT NULL THEN p.location.geoCoordinates.longitude END AS src_lon,
  nullif(p.autonomousSystemNumber, 0) AS src_asn,
  CASE
    WHEN regexp_matches(concat_ws(' ', p.riskEventTypes_v2, p.riskEventTypes), 'anonymizedIPAddress|anonymousIPAddress|riskyIPAddress|nationStateIP', 'i') THEN 'proxy'
  END AS src_network,
  blank(p.userAgent) AS user_agent,
  coalesce(blank(p.appDisplayName), blank(p.resourceDisplayName)) AS target,
  'app' AS target_kind,
  nullif(concat_ws('; ',
    CASE
      WHEN r.category ILIKE 'ManagedIdentity%' THEN 'managed identity ' || coalesce(blank(p.servicePrincipalName), '')
      WHEN blank(p.userPrincipalName) IS NULL AND blank(p.servicePrincipalName) IS NOT NULL THEN 'service principal ' || p.servicePrincipalName
      WHEN r.category ILIKE 'NonInteractive%' OR p.isInteractive = false THEN 'non-interactive'
    END,
    coalesce(nullif(blank(p.status.failureReason), 'Other.'), blank(r.resultDescription)),
    blank(p.mfaDetail.authMethod)), '') AS detail
FROM (
  SELECT uid, reject, record, time, r, json_transform(body,
    '{"userPrincipalName":"VARCHAR","ipAddress":"VARCHAR","appDisplayName":"VARCHAR","resourceDisplayName":"VARCHAR","servicePrincipalName":"VARCHAR",
      "userAgent":"VARCHAR","sessionId":"VARCHAR","isInteractive":"BOOLEAN","autonomousSystemNumber":"BIGINT","riskEventTypes":"VARCHAR",
      "riskEventTypes_v2":"VARCHAR","resultType":"VARCHAR","status":{"errorCode":"VARCHAR","failureReason":"VARCHAR"},
      "deviceDetail":{"deviceId":"VARCHAR","displayName":"VARCHAR"},"mfaDetail":{"authMethod":"VARCHAR"},
      "location":{"city":"VARCHAR","state":"VARCHAR","countryOrRegion":"VARCHAR","geoCoordinates":{"latitude":"DOUBLE","longitude":"DOUBLE"}}}') AS p
  FROM (
    SELECT *,
      CASE
        WHEN json_type(r.properties) = 'OBJECT' THEN r.properties
        WHEN json_type(r.properties) = 'VARCHAR' THEN try_cast(r.properties ->> '$' AS JSON)
        -- Log Analytics names the same fields with a capital and keeps inner ones as text.
        WHEN r.TimeGenerated IS NOT NULL THEN json_object(
          'userPrincipalName', record ->> '$.UserPrincipalName', 'ipAddress', record ->> '$.IPAddress', 'appDisplayName', record ->> '$.AppDisplayName',
          'resourceDisplayName', record ->> '$.ResourceDisplayName', 'servicePrincipalName', record ->> '$.ServicePrincipalName',
          'userAgent', record ->> '$.UserAgent', 'sessionId', record ->> '$.SessionId', 'isInteractive', record ->> '$.IsInteractive',
          'autonomousSystemNumber', record ->> '$.AutonomousSystemNumber', 'riskEventTypes', record ->> '$.RiskEventTypes',
          'riskEventTypes_v2', record ->> '$.RiskEventTypes_V2', 'resultType', record ->> '$.ResultType',
          'status', try_cast(record ->> '$.Status' AS JSON), 'mfaDetail', try_cast(record ->> '$.MfaDetail' AS JSON),
          'deviceDetail', coalesce(try_cast(record ->> '$.DeviceDetail_dynamic' AS JSON), try_cast(record ->> '$.DeviceDetail' AS JSON), try_cast(record ->> '$.DeviceDetail_string' AS JSON)),
          'location', coalesce(try_cast(record ->> '$.LocationDetails_dynamic' AS JSON), try_cast(record ->> '$.LocationDetails' AS JSON), try_cast(record ->> '$.LocationDetails_string' AS JSON)))
        ELSE try_cast(record AS JSON)
      END AS body
    FROM records
  )
)

-- into devices
SELECT
  uid,
  device_ref,
  blank(d ->> '$.displayName') AS hostname,
  CASE
    WHEN (d ->> '$.operatingSystem') ILIKE 'windows%' THEN 'windows'
    WHEN (d ->> '$.operatingSystem') ILIKE 'mac%' THEN 'macos'
    WHEN (d ->> '$.operatingSystem') ILIKE 'ios%' OR (d ->> '$.operatingSystem') ILIKE 'ipad%' THEN 'ios'
    WHEN (d ->> '$.operatingSystem') ILIKE 'android%' THEN 'android'
    WHEN (d ->> '$.operatingSystem') ILIKE 'linux%' THEN 'linux'
  END AS os,
  yes(d ->> '$.isManaged') AS managed,
  yes(d ->> '$.isCompliant') AS compliant,
  time AS seen_at,
  src_ip AS last_ip
FROM (
  SELECT m.*,
    coalesce(raw -> '$.deviceDetail', raw -> '$.properties.deviceDetail', try_cast(raw ->> '$.properties' AS JSON) -> '$.deviceDetail',
      try_cast(raw ->> '$.DeviceDetail' AS JSON), try_cast(raw ->> '$.DeviceDetail_dynamic' AS JSON), try_cast(raw ->> '$.DeviceDetail_string' AS JSON)) AS d
  FROM mapped AS m
  WHERE uid IN (SELECT arg_max(uid, (time, uid)) FROM mapped WHERE device_ref IS NOT NULL GROUP BY device_ref)
)
WHERE blank(d ->> '$.deviceId') IS NOT NULL
