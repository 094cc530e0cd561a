-- into devices
WITH asset AS (
  SELECT *, lower(concat_ws(' ', r.kind, r.maker, r.model)) AS words, lower(concat_ws(' ', r.os, r.maker, r.model)) AS system FROM records
)
SELECT
  uid,
  coalesce(CASE WHEN length(blank(r.serial)) >= 4 THEN blank(r.serial) END, blank(r.asset_tag), blank(r.hostname)) AS device_ref,
  blank(r.serial) AS serial,
  blank(r.hostname) AS hostname,
  blank(r.hardware_uuid) AS hardware_uuid,
  coalesce(subject_account(r.assigned_ref, r.assigned_to, r.assigned_email), subject_ref(r.assigned_ref, r.assigned_to, r.assigned_email)) AS assigned_to,
  CASE
    WHEN regexp_matches(words, 'macbook|laptop|notebook|thinkpad|latitude|elitebook|chromebook|surface (laptop|pro|book)|xps|portable') THEN 'laptop'
    WHEN regexp_matches(words, 'iphone|smartphone|\bphone|pixel|galaxy s') THEN 'phone'
    WHEN regexp_matches(words, 'ipad|tablet') THEN 'tablet'
    WHEN regexp_matches(words, 'server') THEN 'server'
    WHEN regexp_matches(words, 'desktop|imac|mac ?mini|mac ?studio|optiplex|workstation|tower') THEN 'desktop'
  END AS kind,
  blank(concat_ws(' ', blank(r.maker), blank(r.model))) AS model,
  CASE
    WHEN regexp_matches(system, 'ipados|iphone|ipad|\bios\b') THEN 'ios'
    WHEN regexp_matches(system, 'mac ?os|macos|os x|darwin|macbook|imac|\bmac\b') THEN 'macos'
    WHEN regexp_matches(system, 'windows') THEN 'windows'
    WHEN regexp_matches(system, 'chrome ?os|chromebook') THEN 'chromeos'
    WHEN regexp_matches(system, 'android') THEN 'android'
    WHEN regexp_matches(system, 'linux|ubuntu|debian|fedora|red hat') THEN 'linux'
  END AS os,
  blank(r.os_version) AS os_version,
  CASE WHEN regexp_matches(lower(r.managed), '^(un|not )') THEN false WHEN regexp_matches(lower(r.managed), 'managed|enrolled|mdm|intune|jamf') THEN true ELSE yes(r.managed) END AS managed,
  CASE WHEN regexp_matches(lower(r.compliant), '^(non|not|in)[ -]?') THEN false WHEN regexp_matches(lower(r.compliant), '^compliant') THEN true ELSE yes(r.compliant) END AS compliant,
  loose_utc(r.enrolled_at) AS enrolled_at,
  loose_utc(r.seen_at) AS seen_at,
  ip(r.last_ip) AS last_ip
FROM asset
