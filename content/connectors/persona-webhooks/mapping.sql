-- into events
WITH told AS (
  SELECT uid, record, time, r.data.attributes.name AS event, r.data.attributes.payload.data AS d, coalesce(r.data.attributes.payload.included, []) AS included
  FROM records
),
whose AS (
  SELECT *,
    coalesce(blank(d.attributes."reference-id"), list_filter(included, lambda i: i."type" = 'inquiry' AND blank(i.attributes."reference-id") IS NOT NULL)[1].attributes."reference-id") AS person_ref,
    login(coalesce(blank(d.attributes.fields."email-address".value), d.attributes."email-address")) AS account,
    split_part(event, '.', 2) AS verb,
    array_to_string(list_transform(list_filter(coalesce(d.attributes.checks, []), lambda c: c.status = 'failed'), lambda c: c.name), ', ') AS failed
  FROM told
),
verdicts AS (
  SELECT *,
    CASE
      WHEN event LIKE 'inquiry.%' THEN 'identity_document'
      WHEN event LIKE 'report%watchlist%' OR d."type" LIKE 'report/watchlist%' THEN 'sanctions'
      WHEN d."type" LIKE '%selfie%' THEN 'liveness'
      WHEN d."type" LIKE '%phone%' THEN 'phone'
      WHEN d."type" LIKE '%database%' OR d."type" LIKE '%email%' THEN 'identity_match'
      WHEN d."type" LIKE '%government-id%' OR d."type" LIKE '%document%' THEN 'identity_document'
      ELSE replace(d."type", 'verification/', '')
    END AS target,
    CASE
      WHEN d."type" LIKE '%selfie%' THEN 'unknown'
      WHEN event LIKE 'report%' OR d."type" LIKE 'report/%' THEN CASE WHEN d.attributes."has-match" IS FALSE THEN 'success' ELSE 'unknown' END
      WHEN verb IN ('approved', 'passed', 'completed') THEN 'success'
      WHEN verb = 'declined' THEN 'failure'
      WHEN verb = 'failed' AND event LIKE 'verification.%' AND d."type" LIKE '%government-id%' THEN 'failure'
      ELSE 'unknown'
    END AS outcome
  FROM whose
  WHERE regexp_matches(event, '^(inquiry\.(approved|declined|completed|failed|marked-for-review)|verification\.(passed|failed)|report[a-z/-]*\.(ready|matched))$')
),
found AS (
  SELECT uid || '~1' AS uid, record, time, event, target, outcome, person_ref, account,
    blank(concat_ws(': ', CASE WHEN d."type" LIKE '%selfie%' THEN 'selfie looked at by a machine, ' || verb WHEN target = 'sanctions' AND outcome = 'unknown' THEN 'name only' ELSE verb END, blank(failed))) AS detail,
    NULL AS src_ip, NULL AS src_country, NULL AS src_region, NULL AS src_network
  FROM verdicts
  UNION ALL
  -- The document's own details against those of the application.
  SELECT uid || '~2', record, time, event, 'identity_match', CASE WHEN c.status = 'passed' THEN 'success' ELSE 'failure' END, person_ref, account,
    CASE WHEN c.status = 'passed' THEN 'passed' ELSE 'mismatch: document and application' END, NULL, NULL, NULL, NULL
  FROM (SELECT *, unnest(coalesce(d.attributes.checks, [])) AS c FROM whose WHERE event IN ('verification.passed', 'verification.failed'))
  WHERE c.name = 'id_inquiry_comparison' AND c.status IN ('passed', 'failed')
  UNION ALL
  -- A VPN alone is no finding: only what the vendor itself holds to be a threat is one.
  SELECT uid || '~' || s.id, record, coalesce(any_utc(s.attributes."started-at"), time), event, 'identity_session',
    CASE
      WHEN s.attributes."is-tor" OR lower(s.attributes."threat-level") = 'high' THEN 'failure'
      WHEN s.attributes."is-vpn" OR s.attributes."is-proxy" OR s.attributes."is-datacenter" THEN 'unknown'
      ELSE 'success'
    END,
    person_ref, account,
    blank(concat_ws(', ', CASE WHEN s.attributes."is-tor" THEN 'Tor' END, CASE WHEN s.attributes."is-vpn" THEN 'VPN' END, CASE WHEN s.attributes."is-proxy" THEN 'proxy' END,
      CASE WHEN s.attributes."is-datacenter" THEN 'data centre' END, 'threat level ' || blank(s.attributes."threat-level"))),
    ip(s.attributes."ip-address"), blank(s.attributes."country-code"), blank(s.attributes."region-code"),
    CASE WHEN s.attributes."is-tor" THEN 'tor' WHEN s.attributes."is-vpn" OR s.attributes."is-proxy" THEN 'proxy' WHEN s.attributes."is-datacenter" THEN 'hosting' END
  FROM (SELECT *, unnest(list_filter(included, lambda i: i."type" = 'inquiry-session')) AS s FROM whose WHERE event LIKE 'inquiry.%' AND verb IN ('approved', 'declined', 'completed', 'marked-for-review'))
)
SELECT
  uid, time, event AS activity, 'check.result' AS action, outcome, person_ref, account, target, 'check' AS target_kind, detail, src_ip, src_country, src_region, src_network
FROM found
