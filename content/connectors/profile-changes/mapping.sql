-- into events
-- Two sorts of field are kept from view: those holding bank, tax or identity numbers keep only their name, and those
-- nobody may be judged by are left out altogether.
WITH change AS (
  SELECT uid, time, r, lower(regexp_replace(regexp_replace(trim(r.field), '([a-z])([A-Z])', '\1 \2', 'g'), '[_.:/ -]+', ' ', 'g')) AS field FROM records
)
SELECT
  uid,
  time,
  blank(r.field) AS activity,
  'profile.change' AS action,
  'success' AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  field AS target,
  'field' AS target_kind,
  blank(concat_ws('; ',
    CASE
      WHEN regexp_matches(field, 'bank|account n|routing|iban|sort code|\bbsb\b|swift|payment|deposit|\btax|\bssn\b|social (security|insurance)|national (id|insurance)|passport|licen[cs]e|document|salary|compensation|\bpay\b|password|secret|\bpin\b|token|\bsin\b|\btin\b|\bitin\b') THEN NULL
      ELSE coalesce(blank(r.old_value), '(empty)') || ' → ' || coalesce(blank(r.new_value), '(empty)')
    END,
    'changed by ' || blank(r.changed_by))) AS detail
FROM change
WHERE NOT regexp_matches(field, 'gender|\bsex\b|pronoun|birth|\bdob\b|\bage\b|ethnic|\brace\b|nationality|citizen|religio|marital|disab|veteran|orientation|language|pregnan|medical|health')

-- into identifiers
WITH change AS (
  SELECT uid, time, lower(regexp_replace(r.field, '([a-z])([A-Z])', '\1 \2', 'g')) AS field,
    subject_ref(r.person_ref, r.person, r.person_email) AS person_ref, subject_account(r.person_ref, r.person, r.person_email) AS account,
    unnest([{'v': blank(r.new_value), 'old': false}, {'v': blank(r.old_value), 'old': true}]) AS given
  FROM records
),
kinds AS (
  SELECT *,
    CASE
      WHEN regexp_matches(field, 'work|business|company|corporate|office|manager|emergency|spouse|partner|dependent|beneficiary|next of kin') THEN NULL
      WHEN mail(given.v) IS NOT NULL AND regexp_matches(field, 'mail') THEN 'email'
      WHEN regexp_matches(field, 'phone|mobile|cell|telephone') AND regexp_full_match(given.v, '[^0-9]{0,6}[0-9][0-9() .+x-]{6,20}') THEN 'phone'
      WHEN regexp_matches(field, 'address|street') AND NOT regexp_matches(field, 'mail') AND regexp_matches(given.v, '[0-9]') AND regexp_matches(given.v, '\pL.*\s') THEN 'address'
      WHEN regexp_matches(field, 'mailing address') AND regexp_matches(given.v, '[0-9]') AND regexp_matches(given.v, '\pL.*\s') THEN 'address'
    END AS kind
  FROM change
)
SELECT
  uid, person_ref, account, kind,
  given.v AS value,
  'changed' AS context,
  CASE WHEN NOT given.old THEN time END AS first_seen,
  CASE WHEN given.old THEN time END AS last_seen
FROM kinds WHERE kind IS NOT NULL
