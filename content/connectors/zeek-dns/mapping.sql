-- into events
-- detail: type of the query and code of the answer.
SELECT
  uid,
  reject,
  record,
  time,
  4003 AS class_uid,
  'dns' AS activity,
  'network.dns' AS action,
  CASE
    WHEN upper(r.rcode_name) = 'NOERROR' AND coalesce(yes(r.rejected), false) = false THEN 'success'
    WHEN blank(r.rcode_name) IS NOT NULL OR yes(r.rejected) THEN 'failure'
    ELSE 'unknown'
  END AS outcome,
  blank(r.uid) AS session_id,
  ip(coalesce(r."id.orig_h", r.id_orig_h, r.id.orig_h)) AS src_ip,
  lower(rtrim(blank(r.query), '.')) AS target,
  'host' AS target_kind,
  blank(concat_ws(' ', blank(r.qtype_name), blank(r.rcode_name))) AS detail
FROM records
