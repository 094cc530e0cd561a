-- into events
WITH told AS (
  SELECT *,
    lower(coalesce(r.category_type, '')) AS category,
    lower(coalesce(r.action, '')) AS verb,
    lower(regexp_extract(r.operation_detail, '[^\s:,<>(]+@[^\s:,<>)]+\.[A-Za-z]+')) AS named
  FROM records
)
SELECT
  uid,
  reject,
  record,
  time,
  CASE WHEN r.operation_detail IS NULL AND r.category_type IS NULL THEN 3002 WHEN category = 'user' THEN 3001 ELSE 6003 END AS class_uid,
  coalesce(blank(r."type"), concat_ws(': ', blank(r.category_type), blank(r.action))) AS activity,
  CASE
    WHEN category = '' AND regexp_matches(r."type", '(?i)in$') THEN 'signin'
    WHEN category = '' AND regexp_matches(r."type", '(?i)out$') THEN 'session.end'
    -- "Change Role - bo@example.com: from Member to Admin"
    WHEN regexp_matches(r.operation_detail, '(?i)change role') AND regexp_matches(r.operation_detail, '(?i)\bto [^:]*(admin|owner)')
      AND NOT regexp_matches(r.operation_detail, '(?i)\bfrom [^:]*(admin|owner)[^:]* to ') THEN 'privilege.grant'
    WHEN category = 'user' AND regexp_matches(verb, 'add|create|invite') THEN 'account.create'
    WHEN category = 'user' AND regexp_matches(verb, 'delete|deactivate|disassociate|unlink') THEN 'account.suspend'
    WHEN category = 'user' AND regexp_matches(verb, 'update|edit|change|activate') THEN 'account.change'
    ELSE lower('zoom ' || coalesce(blank(r.category_type), '') || ' ' || coalesce(blank(r.action), ''))
  END AS action,
  'success' AS outcome,
  coalesce(login(r.operator), login(r.email)) AS account,
  ip(r.ip_address) AS src_ip,
  blank(concat_ws(' ', blank(r.client_type), blank(r.version))) AS user_agent,
  CASE WHEN category = '' THEN 'Zoom' ELSE coalesce(nullif(named, ''), blank(r.category_type)) END AS target,
  CASE WHEN category = '' THEN 'app' WHEN nullif(named, '') IS NOT NULL THEN 'account' ELSE 'setting' END AS target_kind,
  -- A changed passcode or token stands here in clear: what it was and became is left out.
  CASE WHEN regexp_matches(r.operation_detail, '(?i)(passcode|password|secret|token)[^:]*:\s*(from|set|change)') AND NOT regexp_matches(r.operation_detail, '(?i)to (on|off|enabled|disabled)\s*$')
    THEN regexp_extract(r.operation_detail, '^[^:]*') ELSE blank(r.operation_detail) END AS detail
FROM told
