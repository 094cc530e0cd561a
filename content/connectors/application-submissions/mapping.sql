-- into events
SELECT
  uid,
  reject,
  record,
  time,
  'application' AS activity,
  'application.submit' AS action,
  'success' AS outcome,
  coalesce(blank(r.person_ref), 'applicant:' || mail(r.email)) AS person_ref,
  ip(r.src_ip) AS src_ip,
  blank(r.country) AS src_country,
  blank(r.region) AS src_region,
  blank(r.city) AS src_city,
  try_cast(regexp_extract(r.asn, '[0-9]+') AS BIGINT) AS src_asn,
  blank(r.as_org) AS src_as_org,
  CASE
    WHEN regexp_matches(lower(r.network), 'relay') THEN 'relay'
    WHEN regexp_matches(lower(r.network), '\btor\b') THEN 'tor'
    WHEN blank(r.operator) IS NOT NULL THEN 'vpn:' || lower(trim(r.operator))
    WHEN regexp_matches(lower(r.network), 'vpn|proxy|anonym') THEN 'proxy'
    WHEN regexp_matches(lower(r.network), 'host|data.?cent') THEN 'hosting'
    WHEN regexp_matches(lower(r.network), 'mobile|cellular') THEN 'mobile'
  END AS src_network,
  blank(r.user_agent) AS user_agent,
  blank(r.job) AS target,
  'job' AS target_kind,
  try_cast(round(try_cast(regexp_extract(r.seconds, '[0-9.]+') AS DOUBLE)) AS BIGINT) AS count
FROM records
