-- into events
-- count: how many seconds it lasted; detail: protocol/port and, where Zeek knew it, the service.
SELECT
  uid,
  reject,
  record,
  time,
  4001 AS class_uid,
  'conn' AS activity,
  'network.connect' AS action,
  -- Whether the connection came about at all: S0, REJ and their like are attempts nobody answered or that were refused.
  CASE
    WHEN r.conn_state IN ('S1', 'S2', 'S3', 'SF', 'RSTO', 'RSTR') THEN 'success'
    WHEN r.conn_state IN ('S0', 'REJ', 'RSTOS0', 'SH') THEN 'failure'
    ELSE 'unknown'
  END AS outcome,
  blank(r.uid) AS session_id,
  ip(coalesce(r."id.orig_h", r.id_orig_h, r.id.orig_h)) AS src_ip,
  lower(blank(coalesce(r."id.resp_h", r.id_resp_h, r.id.resp_h))) AS target,
  'host' AS target_kind,
  concat_ws(' ', lower(blank(r.proto)) || coalesce('/' || coalesce(r."id.resp_p", r.id_resp_p, r.id.resp_p), ''), lower(blank(r.service))) AS detail,
  try_cast(round(r.duration) AS BIGINT) AS count
FROM records
