-- into events
-- target: the number under which the other side is known to the program; detail: the program, how they got in, and the
-- name they showed; count: seconds.
WITH lines AS (
  SELECT
    uid, record, time,
    coalesce(blank(r.host.hostname), blank(r.host.name), blank(r.agent.hostname), blank(r.agent.name)) AS device_ref,
    r.message AS line,
    CASE WHEN regexp_matches(r.log.file.path, '(?i)connection_trace') THEN 'AnyDesk' ELSE 'TeamViewer' END AS tool,
    string_split_regex(trim(r.message), CASE WHEN regexp_matches(r.log.file.path, '(?i)connection_trace') THEN '\t+|\s{2,}' ELSE '\t' END) AS parts
  FROM records
),
read AS (
  SELECT *,
    CASE tool WHEN 'AnyDesk' THEN regexp_extract(line, '([0-9]{6,12})\s*$', 1) ELSE regexp_extract(line, '^\s*([0-9]{6,12})\s', 1) END AS visitor,
    CASE tool WHEN 'AnyDesk' THEN parts[3] ELSE parts[6] END AS way,
    CASE tool WHEN 'AnyDesk' THEN parts[4] ELSE parts[2] END AS shown,
    utc(regexp_replace(parts[4], '^([0-9]{2})-([0-9]{2})-([0-9]{4})\s+(.*)$', '\3-\2-\1T\4Z')) AS ended
  FROM lines
)
SELECT
  uid,
  record,
  time,
  tool || ' ' || lower(coalesce(way, 'session')) AS activity,
  'remote.session' AS action,
  CASE WHEN upper(way) = 'REJECTED' THEN 'failure' ELSE 'success' END AS outcome,
  device_ref,
  visitor AS target,
  'remote id' AS target_kind,
  concat_ws(', ', tool, CASE upper(way)
      WHEN 'USER' THEN 'let in at the laptop'
      WHEN 'PASSWD' THEN 'by password, with nobody asked'
      WHEN 'TOKEN' THEN 'by a saved password, with nobody asked'
      WHEN 'REJECTED' THEN 'turned away'
      ELSE lower(way)
    END, CASE WHEN shown <> visitor THEN blank(shown) END) AS detail,
  CASE WHEN tool = 'TeamViewer' AND ended >= time THEN date_diff('second', time, ended) END AS count,
  CASE WHEN tool = 'TeamViewer' THEN nullif(regexp_extract(line, '\{[0-9A-Fa-f-]{36}\}'), '') END AS session_id
FROM read
WHERE device_ref IS NOT NULL AND nullif(visitor, '') IS NOT NULL
  AND (tool = 'TeamViewer' OR regexp_matches(line, '(?i)^\s*incoming\s'))
