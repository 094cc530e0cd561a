-- into events
-- detail: port and version of TLS.
SELECT
  uid,
  reject,
  record,
  time,
  4001 AS class_uid,
  'ssl' AS activity,
  'network.tls' AS action,
  CASE yes(r.established) WHEN true THEN 'success' WHEN false THEN 'failure' ELSE 'unknown' END AS outcome,
  blank(r.uid) AS session_id,
  ip(coalesce(r."id.orig_h", r.id_orig_h, r.id.orig_h)) AS src_ip,
  lower(rtrim(coalesce(blank(r.server_name), blank(coalesce(r."id.resp_h", r.id_resp_h, r.id.resp_h))), '.')) AS target,
  'host' AS target_kind,
  blank(concat_ws(' ', 'tcp/' || coalesce(r."id.resp_p", r.id_resp_p, r.id.resp_p), blank(r.version))) AS detail
FROM records
