-- into events
SELECT
  uid,
  record,
  time,
  'test handed in' AS activity,
  'test.submit' AS action,
  'success' AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  -- Some give every address a test was open on; the last is the one it was handed in from.
  ip(trim(list_last(regexp_split_to_array(trim(r.ip), '[,;|\s]+')))) AS src_ip,
  place(r.place).city AS src_city,
  place(r.place).region AS src_region,
  place(r.place).country AS src_country,
  blank(r.test) AS target,
  'test' AS target_kind,
  blank(concat_ws('; ', 'started ' || strftime(loose_utc(r.started_at), '%Y-%m-%d %H:%M UTC'), blank(r.pastes) || ' pastes')) AS detail
FROM records

-- into accounts
SELECT uid, login(r.person_email) AS account, blank(r.person_ref) AS person_ref, time AS seen_at
FROM records WHERE login(r.person_email) IS NOT NULL AND blank(r.person_ref) IS NOT NULL
