-- into identifiers
SELECT uid, blank(r.person_ref) AS person_ref, 'tax_id' AS kind, r.tax_id AS value, 'hr' AS context, loose_utc(r.recorded_at) AS first_seen
FROM records WHERE blank(r.tax_id) IS NOT NULL
UNION ALL
SELECT uid || '~2', blank(r.person_ref), 'document_id', r.document_id, 'hr', loose_utc(r.recorded_at)
FROM records WHERE blank(r.document_id) IS NOT NULL
