-- into events
WITH told AS (
  SELECT uid, time, r,
    lower(regexp_replace(trim(r.kind), '[^0-9A-Za-z]+', ' ', 'g')) AS kind,
    lower(coalesce(blank(r.status), '')) AS status
  FROM records
)
SELECT
  uid,
  time,
  blank(r.kind) AS activity,
  'report' AS action,
  CASE
    WHEN regexp_matches(status, 'unfounded|false|not (genuine|verified|confirmed|authentic)|unverified|mistaken|withdrawn|hoax|another person|retracted') THEN
      CASE WHEN regexp_matches(status, 'unverified|not (yet )?(verified|confirmed)') THEN 'unknown' ELSE 'failure' END
    WHEN regexp_matches(status, 'verified|confirmed|genuine|authentic|founded|^(yes|true|y)$') THEN 'success'
    WHEN status IN ('no', 'n') THEN 'unknown'
    ELSE 'unknown'
  END AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  CASE
    WHEN regexp_matches(replace(trim(kind), ' ', '_'), '^(law_enforcement|identity_victim|employment_disputed|extortion|code_in_public|vendor|other)$') THEN replace(trim(kind), ' ', '_')
    WHEN regexp_matches(kind, 'police|law enforcement|federal|prosecut|court|authorit|agency notice') THEN 'law_enforcement'
    WHEN regexp_matches(kind, 'never worked|employment disputed|disputes employment|not employed here') THEN 'employment_disputed'
    WHEN regexp_matches(kind, 'identity (theft|victim)|name (was )?(used|stolen)|victim') THEN 'identity_victim'
    WHEN regexp_matches(kind, 'extort|ransom|blackmail|threat') THEN 'extortion'
    WHEN regexp_matches(kind, 'code.*(public|leak|found)|leaked code|source code') THEN 'code_in_public'
    WHEN regexp_matches(kind, 'vendor|staffing|supplier') OR (blank(r.vendor) IS NOT NULL AND coalesce(blank(r.person_ref), blank(r.person), blank(r.person_email)) IS NULL) THEN 'vendor'
    ELSE 'other'
  END AS target,
  'report' AS target_kind,
  blank(concat_ws('; ', 'told by ' || blank(r.told_by), 'about ' || blank(r.vendor), left(blank(r.words), 200), nullif(status, ''), blank(r.number))) AS detail
FROM told
