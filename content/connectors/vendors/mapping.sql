-- into events
SELECT
  uid || '~audit' AS uid,
  record,
  loose_utc(r.audited_at) AS time,
  'vendor audit' AS activity,
  'vendor.audit' AS action,
  CASE
    WHEN regexp_matches(lower(r.outcome), 'pending|open|progress|partial|incomplete|scheduled|inconclusive') THEN 'unknown'
    WHEN regexp_matches(lower(r.outcome), 'fail|gap|not (passed|met|satisf|compliant)|non.?compliant|unsatisf|reject|breach|could not|refus|paused|no evidence') THEN 'failure'
    WHEN regexp_matches(lower(r.outcome), 'pass|\bok\b|clear|compliant|satisf|complete|closed|approved|no findings|verified') THEN 'success'
    ELSE 'unknown'
  END AS outcome,
  blank(r.vendor) AS target,
  'vendor' AS target_kind,
  blank(concat_ws('; ',
    blank(r.outcome), blank(r.sampled) || ' workers sampled', 'identity evidence: ' || blank(r.evidence), 'subcontracting: ' || blank(r.subcontracting),
    'audit clause: ' || blank(r.clause), blank(r.note))) AS detail,
  CAST(try_cast(regexp_replace(r.sampled, '[^0-9]', '', 'g') AS INTEGER) AS BIGINT) AS count
FROM records WHERE loose_utc(r.audited_at) IS NOT NULL
UNION ALL
SELECT
  uid || '~contract', record, loose_utc(r.contract_at), 'vendor contract', 'vendor.contract', 'success', blank(r.vendor), 'vendor',
  blank(concat_ws('; ',
    CASE WHEN loose_utc(r.audited_at) IS NULL THEN 'no audit on record' END, 'subcontracting: ' || blank(r.subcontracting), 'audit clause: ' || blank(r.clause), 'ends ' || blank(r.contract_end))),
  CAST(try_cast(regexp_replace(r.workers, '[^0-9]', '', 'g') AS INTEGER) AS BIGINT)
FROM records WHERE loose_utc(r.contract_at) IS NOT NULL
UNION ALL
SELECT
  uid || '~founded', record, loose_utc(r.founded_at), 'vendor founded', 'vendor.founded', 'success', blank(r.vendor), 'vendor',
  CASE WHEN loose_utc(r.audited_at) IS NULL THEN 'no audit on record' END,
  CAST(try_cast(regexp_replace(r.workers, '[^0-9]', '', 'g') AS INTEGER) AS BIGINT)
FROM records WHERE loose_utc(r.founded_at) >= TIMESTAMP '1970-01-01'
