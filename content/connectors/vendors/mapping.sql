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
UNION ALL
-- The right to audit, subcontracting and the payee are terms that hold; they are dated by the contract, else the firm's first date.
SELECT
  uid || '~clause', record, coalesce(loose_utc(r.contract_at), loose_utc(r.audited_at), loose_utc(r.founded_at)), 'vendor clause', 'vendor.clause',
  CASE
    WHEN yes(r.clause) OR regexp_matches(lower(r.clause), '^(signed|agreed|in (the )?contract|included|yes)') THEN 'success'
    WHEN NOT yes(r.clause) OR regexp_matches(lower(r.clause), '^(no|none|not|missing|refused)') THEN 'failure'
    ELSE 'unknown'
  END,
  blank(r.vendor), 'vendor', blank(concat_ws('; ', 'audit clause: ' || trim(r.clause), 'subcontracting: ' || blank(r.subcontracting))), NULL
FROM records WHERE nullif(trim(r.clause), '') IS NOT NULL
UNION ALL
SELECT
  uid || '~payee', record, coalesce(loose_utc(r.contract_at), loose_utc(r.audited_at), loose_utc(r.founded_at)), 'vendor payee', 'vendor.payee',
  CASE
    WHEN strpos(regexp_replace(lower(r.payee), '[^a-z0-9]', '', 'g'), regexp_replace(regexp_replace(lower(r.vendor), '\b(inc|llc|ltd|limited|gmbh|corp|co|company|plc|pllc)\b', '', 'g'), '[^a-z0-9]', '', 'g')) > 0 THEN 'success'
    ELSE 'failure'
  END,
  blank(r.vendor), 'vendor', 'paid to ' || blank(r.payee), NULL
FROM records WHERE blank(r.payee) IS NOT NULL AND blank(r.vendor) IS NOT NULL
UNION ALL
SELECT
  uid || '~screening', record, coalesce(loose_utc(r.screened_at), loose_utc(r.audited_at), loose_utc(r.contract_at), loose_utc(r.founded_at)), 'vendor screening', 'vendor.screening',
  CASE
    WHEN regexp_matches(lower(r.screened), 'no (match|hit|finding)|clear|pass|negative|\bok\b|nothing') THEN 'success'
    WHEN regexp_matches(lower(r.screened), 'possible|potential|review|pending|name only|false') THEN 'unknown'
    WHEN regexp_matches(lower(r.screened), 'match|hit|listed|fail|positive|blocked') THEN 'failure'
    ELSE 'unknown'
  END,
  blank(r.vendor), 'vendor', blank(r.screened), NULL
FROM records WHERE blank(r.screened) IS NOT NULL
