-- into events
-- target: the alert's title; detail: severity, product, and the actor it names; outcome: failure where somebody closed
-- it as a false alarm or as expected.
SELECT
  CASE WHEN n > 1 THEN uid || '~' || n ELSE uid END AS uid,
  record,
  time,
  2004 AS class_uid,
  coalesce(blank(r.serviceSource), 'alert') AS activity,
  'alert' AS action,
  CASE WHEN lower(r.classification) IN ('falsepositive', 'informationalexpectedactivity') THEN 'failure' ELSE 'success' END AS outcome,
  who AS account,
  CASE WHEN len(addresses) = 1 THEN addresses[1] END AS src_ip,
  blank(r.title) AS target,
  'alert' AS target_kind,
  concat_ws('; ', lower(blank(r.severity)), blank(r.serviceSource), 'actor ' || blank(r.actorDisplayName)) AS detail
FROM (
  -- One row for each account, or one for nobody.
  SELECT *, unnest(CASE WHEN len(users) > 0 THEN users ELSE [CAST(NULL AS VARCHAR)] END) AS who,
    generate_subscripts(CASE WHEN len(users) > 0 THEN users ELSE [CAST(NULL AS VARCHAR)] END, 1) AS n
  FROM (
    SELECT *,
      list_sort(list_distinct(list_filter(list_transform(parts, lambda e: login(e.userAccount.userPrincipalName)), lambda u: u IS NOT NULL))) AS users,
      list_distinct(list_filter(list_transform(parts, lambda e: ip(e.ipAddress)), lambda a: a IS NOT NULL)) AS addresses
    FROM (
      SELECT *, json_transform(r.evidence, '[{"ipAddress":"VARCHAR","userAccount":{"userPrincipalName":"VARCHAR"}}]') AS parts
      FROM records
    )
  )
)
