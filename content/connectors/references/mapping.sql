-- into identifiers
SELECT uid || '~' || c.n AS uid, blank(r.person_ref) AS person_ref, 'reference_contact' AS kind, c.v AS value, 'application' AS context,
  coalesce(loose_utc(r.named_at), loose_utc(r.answered_at)) AS first_seen
FROM (SELECT uid, r, unnest([{'n': 1, 'v': mail(r.email)}, {'n': 2, 'v': blank(r.phone)}]) AS c FROM records)
WHERE c.v IS NOT NULL

-- into events
SELECT
  uid,
  record,
  coalesce(loose_utc(r.answered_at), loose_utc(r.named_at)) AS time,
  'reference' AS activity,
  'check.result' AS action,
  CASE
    WHEN regexp_matches(lower(r.outcome), 'declin|no (answer|reply)|pending|unable|not (asked|reached)') THEN 'unknown'
    WHEN regexp_matches(lower(r.outcome), 'denied|not confirmed|fail|unknown (there|person)|never worked') THEN 'failure'
    WHEN regexp_matches(lower(r.outcome), 'confirm|pass|\bok\b|positive|yes|complete') THEN 'success'
    ELSE 'unknown'
  END AS outcome,
  blank(r.person_ref) AS person_ref,
  'reference' AS target,
  'check' AS target_kind,
  concat_ws(': ', lower(trim(r.outcome)), blank(r.reached_by)) AS detail
FROM records WHERE blank(r.outcome) IS NOT NULL AND coalesce(loose_utc(r.answered_at), loose_utc(r.named_at)) IS NOT NULL
