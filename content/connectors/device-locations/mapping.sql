-- into events
WITH told AS (
  SELECT
    uid, record, time, r,
    coalesce(blank(r.serial), blank(r.hostname)) AS device_ref,
    try_cast(replace(r.latitude, ',', '.') AS DOUBLE) AS lat,
    try_cast(replace(r.longitude, ',', '.') AS DOUBLE) AS lon,
    lower(blank(r."method")) AS words
  FROM records
)
SELECT
  uid,
  record,
  time,
  'location report' AS activity,
  'device.locate' AS action,
  'success' AS outcome,
  login(r.account) AS account,
  device_ref,
  ip(r.ip) AS src_ip,
  blank(r.country) AS src_country,
  blank(r.region) AS src_region,
  blank(r.city) AS src_city,
  lat AS src_lat,
  lon AS src_lon,
  -- How the place was found decides what it is worth: an internet address gives the place of its exit.
  blank(concat_ws(', ', CASE
      WHEN regexp_matches(words, 'gps|gnss|satellite') THEN 'gps'
      WHEN regexp_matches(words, 'wi-?fi|wlan|bssid|access point|core ?location|hybrid|fused|cell') THEN 'wifi'
      WHEN regexp_matches(words, '\bip\b|geo-?ip|ip address|network') THEN 'ip'
      ELSE coalesce(words, 'unknown')
    END, 'within ' || blank(r.accuracy) || ' m')) AS detail
FROM told
-- 0,0 lies in the sea and is how a device writes that it does not know.
WHERE device_ref IS NOT NULL AND lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 AND NOT (lat = 0 AND lon = 0)
UNION ALL
SELECT
  uid || '~checkin', record, time, 'check-in', 'device.checkin', 'success', login(r.account), device_ref, ip(r.ip),
  NULL, NULL, NULL, NULL, NULL, NULL
FROM told
WHERE device_ref IS NOT NULL AND ip(r.ip) IS NOT NULL
