-- into events
WITH given AS (
  SELECT uid, record, time, r, lower(coalesce(blank(r.outcome), '')) AS word, lower(regexp_replace(trim(r."check"), '[^0-9A-Za-z]+', ' ', 'g')) AS kind FROM records
)
SELECT
  uid,
  record,
  time,
  blank(r."check") AS activity,
  'check.result' AS action,
  CASE
    WHEN regexp_matches(word, 'declin|refus|no.?show|missed|absent|not attend|re-?schedul|postpon|cancel|accommodat|waive|exempt|pending|in progress|scheduled|incomplete|inconclusive|unable|unclear|unsure|not (done|started|completed|verified)|n/a') THEN 'unknown'
    WHEN regexp_matches(word, 'fail|mismatch|not (match|passed|confirmed|same|ok|clear)|no match|different person|reject|fraud|suspicious|denied|discrepan|unsuccessful|negative|invalid|unverified') THEN 'failure'
    WHEN regexp_matches(word, 'pass|\bok\b|okay|complete|verified|success|confirmed|\bmatch|same person|clear|positive|valid|approved|satisf|done|^(yes|true|y)$') THEN 'success'
    WHEN word IN ('no', 'false', 'n') THEN 'failure'
    ELSE 'unknown'
  END AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  CASE
    WHEN regexp_matches(replace(trim(kind), ' ', '_'), '^(spot_check|same_person|liveness|camera|name_in_call|shared_screen|own_work|soft_questions|interview_step|identity_document|identity_match|identity_session|reference|employment|education|background|work_authorisation|sanctions|phone|phone_line|contact_age|address|address_kind|open_web|profile|delivery|device_return|device_location|payroll_holder|tax_form|in_person|exit_interview|reachable|vendor_evidence|confirmed_false)$')
      THEN replace(trim(kind), ' ', '_')
    WHEN regexp_matches(kind, 'spot|camera|video|live call|unscheduled') THEN 'spot_check'
    WHEN regexp_matches(kind, 'same person|continuity|day (1|one)|photo match|face match') THEN 'same_person'
    WHEN regexp_matches(kind, 'liveness') THEN 'liveness'
    WHEN regexp_matches(kind, 'document|passport|licen[cs]e|identity|\bid\b|\bidv\b|\bi ?9\b|right to work') THEN 'identity_document'
    WHEN regexp_matches(kind, 'reference') THEN 'reference'
    WHEN regexp_matches(kind, 'payroll|bank|account holder|payee') THEN 'payroll_holder'
    WHEN regexp_matches(kind, 'address|residen|utility bill|postcard') THEN 'address'
    WHEN regexp_matches(kind, 'in person|on ?site|office visit|face to face|met at') THEN 'in_person'
    WHEN regexp_matches(kind, 'phone') THEN 'phone'
    WHEN regexp_matches(kind, 'employment|employer|work history') THEN 'employment'
    WHEN regexp_matches(kind, 'education|degree|diploma') THEN 'education'
    WHEN regexp_matches(kind, 'background|criminal') THEN 'background'
    WHEN regexp_matches(kind, 'device|laptop|location') THEN 'device_location'
    ELSE replace(trim(kind), ' ', '_')
  END AS target,
  'check' AS target_kind,
  blank(concat_ws(': ',
    CASE
      WHEN regexp_matches(word, 'accommodat|waive|exempt') THEN 'accommodated'
      WHEN regexp_matches(word, 'declin|refus') THEN 'declined'
      WHEN regexp_matches(word, 'no.?show|missed|absent|not attend') THEN 'missed'
      WHEN regexp_matches(word, 're-?schedul|postpon') THEN 'rescheduled'
      WHEN regexp_matches(word, 'cancel') THEN 'cancelled'
      ELSE nullif(word, '')
    END,
    blank(concat_ws('; ', blank(r.note), 'by ' || blank(r."by"))))) AS detail
FROM given
