-- into events
-- target: the kind of risk in Microsoft's word; detail: level, and who or what settled it; outcome: failure where an
-- administrator called it safe or it was dismissed.
SELECT
  uid,
  reject,
  record,
  time,
  2004 AS class_uid,
  'risk detection' AS activity,
  'alert' AS action,
  CASE WHEN lower(p.riskState) IN ('confirmedsafe', 'dismissed') THEN 'failure' ELSE 'success' END AS outcome,
  login(p.userPrincipalName) AS account,
  ip(p.ipAddress) AS src_ip,
  blank(p.location.countryOrRegion) AS src_country,
  blank(p.location.state) AS src_region,
  blank(p.location.city) AS src_city,
  CASE WHEN regexp_matches(p.riskEventType, 'anonymi[sz]edIPAddress|riskyIPAddress', 'i') THEN 'proxy' END AS src_network,
  blank(p.riskEventType) AS target,
  'alert' AS target_kind,
  concat_ws('; ', lower(blank(p.riskLevel)), 'Entra ID Protection', blank(p.riskState)) AS detail
FROM (
  SELECT *, json_transform(
    CASE json_type(r.properties) WHEN 'OBJECT' THEN r.properties WHEN 'VARCHAR' THEN try_cast(r.properties ->> '$' AS JSON) ELSE try_cast(record AS JSON) END,
    '{"userPrincipalName":"VARCHAR","ipAddress":"VARCHAR","riskEventType":"VARCHAR","riskLevel":"VARCHAR","riskState":"VARCHAR",
      "location":{"city":"VARCHAR","state":"VARCHAR","countryOrRegion":"VARCHAR"}}') AS p
  FROM records
)
