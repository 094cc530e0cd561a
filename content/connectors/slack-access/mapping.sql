-- into events
SELECT
  uid, record, time, 3002 AS class_uid, 'access' AS activity, 'signin' AS action, 'success' AS outcome, login(r.username) AS account,
  ip(r.ip) AS src_ip, blank(r.country) AS src_country, blank(r.region) AS src_region, blank(r.isp) AS src_as_org, blank(r.user_agent) AS user_agent,
  'Slack' AS target, 'app' AS target_kind, CASE WHEN r."count" > 1 THEN 'last of ' || r."count" || ' times' END AS detail, r."count" AS count
FROM records
UNION ALL BY NAME
SELECT
  uid || '~2' AS uid, record, epoch_utc(r.date_first) AS time, 3002 AS class_uid, 'access' AS activity, 'signin' AS action, 'success' AS outcome,
  login(r.username) AS account, ip(r.ip) AS src_ip, blank(r.country) AS src_country, blank(r.region) AS src_region, blank(r.isp) AS src_as_org,
  blank(r.user_agent) AS user_agent, 'Slack' AS target, 'app' AS target_kind, 'first of ' || r."count" || ' times' AS detail
FROM records
WHERE epoch_utc(r.date_first) < epoch_utc(r.date_last)
