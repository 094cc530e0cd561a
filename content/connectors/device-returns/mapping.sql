-- into events
SELECT
  uid,
  record,
  time,
  'device sent back' AS activity,
  'shipment.returned' AS action,
  -- Sent back by its holder; a parcel that could not be delivered comes from the shipments, as a failure.
  'success' AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  blank(r.serial) AS device_ref,
  coalesce(blank(r.from_city), place(r.from_street).city) AS src_city,
  coalesce(blank(r.from_region), place(r.from_street).region) AS src_region,
  coalesce(blank(r.from_country), place(r.from_street).country) AS src_country,
  blank(concat_ws(', ', blank(r.from_street), blank(r.from_city), blank(r.from_region), blank(r.from_country))) AS target,
  'address' AS target_kind,
  blank(concat_ws('; ', blank(r.item), 'sent back by ' || blank(r.from_name), blank(concat_ws(' ', blank(r.carrier), blank(r.tracking))), blank(r.condition))) AS detail
FROM records

-- into identifiers
-- Only a street is an address that may belong to somebody; a town or a shop's counter is not.
SELECT
  uid,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  'address' AS kind,
  concat_ws(', ', blank(r.from_street), blank(r.from_city), blank(r.from_region)) AS value,
  'return' AS context,
  time AS first_seen
FROM records
WHERE regexp_matches(r.from_street, '[0-9]') AND NOT regexp_matches(lower(r.from_street), 'store|shop|counter|locker|drop.?off|point|post office|depot')
