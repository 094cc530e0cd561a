-- into people
SELECT
  uid,
  blank(r.person_ref) AS person_ref,
  blank(r.other_ref) AS other_ref,
  coalesce(blank(r.name), blank(concat_ws(' ', blank(r.first_name), blank(r.last_name)))) AS name,
  CASE
    WHEN blank(r.vendor) IS NOT NULL OR regexp_matches(lower(r.worker_type), 'vendor|agency|staffing|third.?party') THEN 'vendor'
    WHEN regexp_matches(lower(r.worker_type), 'contract|contingent|freelance|consultant|1099|independent') THEN 'contractor'
    ELSE 'employee'
  END AS engagement,
  login(r.work_email) AS work_email,
  login(r.personal_email) AS personal_email,
  blank(r.title) AS title,
  blank(r.department) AS department,
  blank(r.manager) AS manager,
  blank(r.vendor) AS vendor,
  CASE WHEN regexp_matches(lower(r.remote), 'remote|home|virtual|distributed') THEN true WHEN blank(r.remote) IS NULL THEN NULL ELSE coalesce(yes(r.remote), false) END AS remote,
  blank(r.household) AS household,
  blank(r.country) AS claimed_country,
  blank(r.region) AS claimed_region,
  blank(r.city) AS claimed_city,
  loose_utc(r.started_at) AS started_at,
  loose_utc(r.left_at) AS left_at,
  loose_utc(r.seen_at) AS seen_at
FROM records

-- into identifiers
SELECT uid, blank(r.person_ref) AS person_ref, 'email' AS kind, blank(r.personal_email) AS value, 'home' AS context, loose_utc(r.started_at) AS first_seen
FROM records WHERE blank(r.personal_email) IS NOT NULL
UNION ALL
SELECT uid, blank(r.person_ref), 'phone', blank(r.phone), 'home', loose_utc(r.started_at)
FROM records WHERE blank(r.phone) IS NOT NULL
UNION ALL
SELECT uid, blank(r.person_ref), 'address',
  concat_ws(', ', blank(r.address_line), blank(r.address_line_2), blank(r.city), blank(r.region), blank(r.postal_code)), 'home', loose_utc(r.started_at)
FROM records WHERE blank(r.address_line) IS NOT NULL
