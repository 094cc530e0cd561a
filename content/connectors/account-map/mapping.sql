-- into accounts
SELECT
  uid,
  login(regexp_replace(r.account, '^.*\\', '')) AS account,
  coalesce(mail(r.email), mail(r.account)) AS email,
  blank(r.person_ref) AS person_ref,
  person_name(r.display_name) AS display_name,
  blank(r.status) AS status,
  loose_utc(r.created_at) AS created_at
FROM records

-- into identifiers
SELECT uid, blank(r.person_ref) AS person_ref, 'code_login' AS kind, login(r.account) AS value, 'account' AS context, loose_utc(r.created_at) AS first_seen
FROM records WHERE regexp_matches(lower(r.system), 'github')
