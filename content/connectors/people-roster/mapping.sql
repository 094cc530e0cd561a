-- into people
-- Preferred names are not read: a person is compared by the name their contract is in.
SELECT
  uid,
  coalesce(CASE WHEN mail(r.person_ref) IS NULL THEN blank(r.person_ref) END, name_id(r.worker), login(r.work_email), mail(r.person_ref)) AS person_ref,
  blank(r.other_ref) AS other_ref,
  coalesce(person_name(r.name), blank(concat_ws(' ', blank(r.first_name), blank(r.middle_name), blank(r.last_name))), person_name(r.worker)) AS name,
  CASE
    WHEN regexp_matches(lower(r.status), 'terminat|inactive|left|separat|former|resigned|ended|offboarded|deceased|retired') THEN 'left'
    WHEN regexp_matches(lower(r.status), 'pre.?hire|onboard|pre.?boarding|not.?started|pending.*(start|hire)|hired.*not') THEN 'onboarding'
    WHEN regexp_matches(lower(r.status), 'active|employed|leave|working|current|probation') THEN 'employed'
  END AS stage,
  CASE
    WHEN regexp_matches(lower(r.worker_type), 'vendor|agency|staffing|third.?party|outsourc') THEN 'vendor'
    -- A contractor's own firm stands in the vendor column too.
    WHEN regexp_matches(lower(r.worker_type), 'independent|freelance|1099|self.?employed|^contractor') THEN 'contractor'
    WHEN blank(r.vendor) IS NOT NULL THEN 'vendor'
    WHEN regexp_matches(lower(r.worker_type), 'contract|contingent|freelance|consultant|1099|independent') THEN 'contractor'
    ELSE 'employee'
  END AS engagement,
  login(r.work_email) AS work_email,
  login(r.personal_email) AS personal_email,
  blank(r.title) AS title,
  blank(r.department) AS department,
  blank(r.manager) AS manager,
  blank(r.vendor) AS vendor,
  CASE
    WHEN blank(r.remote) IS NULL THEN NULL
    WHEN regexp_matches(lower(r.remote), 'hybrid|on.?site|office|not remote|non.?remote') THEN false
    WHEN regexp_matches(lower(r.remote), 'remote|home|virtual|distributed|anywhere') THEN true
    ELSE coalesce(yes(r.remote), false)
  END AS remote,
  blank(r.household) AS household,
  coalesce(blank(r.country), CASE WHEN blank(r.city) IS NULL THEN place(r.address_line).country END) AS claimed_country,
  coalesce(blank(r.region), CASE WHEN blank(r.city) IS NULL THEN place(r.address_line).region END) AS claimed_region,
  coalesce(blank(r.city), place(r.address_line).city) AS claimed_city,
  loose_utc(r.started_at) AS started_at,
  loose_utc(r.left_at) AS left_at,
  loose_utc(r.seen_at) AS seen_at
FROM records

-- into identifiers
WITH person AS (
  SELECT uid, r, loose_utc(r.started_at) AS first_seen,
    coalesce(CASE WHEN mail(r.person_ref) IS NULL THEN blank(r.person_ref) END, name_id(r.worker), login(r.work_email), mail(r.person_ref)) AS person_ref
  FROM records
)
SELECT uid, person_ref, 'email' AS kind, blank(r.personal_email) AS value, 'home' AS context, first_seen
FROM person WHERE blank(r.personal_email) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'phone', blank(r.phone), 'home', first_seen
FROM person WHERE blank(r.phone) IS NOT NULL
UNION ALL
SELECT uid, person_ref, 'address',
  concat_ws(', ', blank(r.address_line), blank(r.address_line_2), blank(r.city), blank(r.region), blank(r.postal_code)), 'home', first_seen
FROM person WHERE blank(r.address_line) IS NOT NULL
