-- into events
-- One row of the form holds several observations. An empty field, "first meeting" and "not asked" are none. A drug test or
-- another medical step is nobody's evidence, and its row is not read.
WITH form AS (
  SELECT uid, record, time, r,
    subject_ref(r.person_ref, r.person, r.person_email) AS person_ref, subject_account(r.person_ref, r.person, r.person_email) AS account,
    regexp_matches(lower(coalesce(blank(r.accommodation), '')), '^(y|yes|true|agreed|accommodat)|agreed|accommodat') AND NOT regexp_matches(lower(coalesce(r.accommodation, '')), '^no\b|not agreed') AS agreed
  FROM records
  WHERE NOT regexp_matches(lower(r.step), '\bdrugs?\b|medical|\bhealth check|toxicolog')
),
answers AS (
  SELECT *, unnest([
    {'kind': 'interview_step', 'answer': lower(trim(r.took_place)), 'may': true},
    {'kind': 'camera', 'answer': lower(trim(r.camera)), 'may': true},
    {'kind': 'name_in_call', 'answer': lower(trim(r.own_name)), 'may': false},
    {'kind': 'same_person', 'answer': lower(trim(r.same_person)), 'may': false},
    {'kind': 'liveness', 'answer': lower(trim(r.live_request)), 'may': true},
    {'kind': 'shared_screen', 'answer': lower(trim(r.shared_screen)), 'may': false},
    {'kind': 'own_work', 'answer': lower(trim(r.own_work)), 'may': true},
    {'kind': 'soft_questions', 'answer': lower(trim(r.fixed_questions)), 'may': true}]) AS a
  FROM form
),
judged AS (
  SELECT *,
    CASE
      WHEN a.may AND regexp_matches(a.answer, 'accommodat|agreed|waive|another way|exempt') THEN 'accommodated'
      -- Only what would be held against somebody is taken back: what went well still went well.
      WHEN a.may AND agreed AND NOT regexp_matches(a.answer, '^(on|yes|y|true|passed|pass|held|done|completed|ok|[23])\b') THEN 'accommodated'
      WHEN regexp_matches(a.answer, '^declin|^refus') THEN 'declined'
      WHEN regexp_matches(a.answer, 'no.?show|^missed|did not join') THEN 'missed'
      WHEN regexp_matches(a.answer, 're-?schedul|postpon|moved|cancel') THEN 'rescheduled'
      ELSE a.answer
    END AS word
  FROM answers
  WHERE blank(a.answer) IS NOT NULL AND NOT regexp_matches(a.answer, '^(first|not asked|not shared|none|no screen|not needed)')
),
ended AS (
  SELECT *,
    CASE
      WHEN word IN ('accommodated', 'declined', 'missed', 'rescheduled') OR regexp_matches(word, 'unsure|unclear|not sure|partly|maybe') THEN 'unknown'
      WHEN a.kind = 'soft_questions' AND try_cast(word AS DOUBLE) IS NOT NULL THEN CASE WHEN try_cast(word AS DOUBLE) >= 2 THEN 'success' WHEN try_cast(word AS DOUBLE) < 1 THEN 'failure' ELSE 'unknown' END
      WHEN regexp_matches(word, '^(no|n|false|off|fail|failed|not)\b|different|another|other (name|identity|person)|mismatch') THEN CASE WHEN a.kind = 'interview_step' THEN 'unknown' ELSE 'failure' END
      WHEN regexp_matches(word, '^(yes|y|true|on|pass|passed|ok|okay|same|held|done|completed|clean|own|nothing|met)\b') THEN 'success'
      ELSE 'unknown'
    END AS outcome
  FROM judged
)
SELECT
  uid || '~' || a.kind AS uid,
  record,
  time,
  blank(r.step) AS activity,
  'check.result' AS action,
  outcome,
  person_ref,
  account,
  a.kind AS target,
  'check' AS target_kind,
  concat_ws(': ', word, blank(concat_ws('; ', blank(r.step), blank(r.note), 'by ' || blank(r.interviewer)))) AS detail,
  NULL AS src_ip,
  NULL AS src_city,
  NULL AS src_region,
  NULL AS src_country
FROM ended
UNION ALL
SELECT
  uid || '~join', record, time, blank(r.step), 'meeting.join', 'success', person_ref, account, blank(r.step), 'meeting', 'camera: ' || blank(r.join_device), ip(r.join_ip),
  place(r.join_place).city, place(r.join_place).region, place(r.join_place).country
FROM form
WHERE ip(r.join_ip) IS NOT NULL OR blank(r.join_place) IS NOT NULL OR blank(r.join_device) IS NOT NULL

-- into accounts
-- The address somebody is invited under is theirs; so meetings and signatures under it are known to be theirs, too.
SELECT uid, login(r.person_email) AS account, blank(r.person_ref) AS person_ref, time AS seen_at
FROM records WHERE login(r.person_email) IS NOT NULL AND blank(r.person_ref) IS NOT NULL
