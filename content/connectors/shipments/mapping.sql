-- into events
WITH shipment AS (
  SELECT uid, record, time, r, lower(r.status) AS status,
    subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
    subject_account(r.person_ref, r.person, r.person_email) AS account,
    concat_ws(', ', blank(r.street), blank(r.street_2), blank(r.city), blank(concat_ws(' ', blank(r.region), blank(r.postal_code))), blank(r.country)) AS address,
    blank(r.redirected_to) AS redirected_to,
    concat_ws('; ', blank(r.item), 'addressed to ' || blank(r.ship_to_name), concat_ws(' ', blank(r.carrier), blank(r.tracking)), blank(r.number)) AS parcel,
    coalesce(blank(r.city), place(r.street).city) AS city,
    coalesce(blank(r.region), place(r.street).region) AS region,
    coalesce(blank(r.country), place(r.street).country) AS country
  FROM records
),
step AS (
  SELECT *, 'sent' AS step,
    coalesce(loose_utc(r.shipped_at), CASE WHEN regexp_matches(status, 'shipped|sent|dispatch|transit|label') THEN coalesce(loose_utc(r.noted_at), loose_utc(r.ordered_at)) END) AS happened_at
  FROM shipment
  UNION ALL
  -- Where no time of the change is given, it lies between dispatch and delivery: the later end is taken.
  SELECT *, 'redirected', coalesce(loose_utc(r.redirected_at),
    CASE WHEN redirected_to IS NOT NULL OR regexp_matches(status, 're-?direct|re-?rout|held (at|for)|hold at|ready for pick|for pickup|access point|address change|intercept') THEN coalesce(loose_utc(r.delivered_at), loose_utc(r.noted_at), loose_utc(r.shipped_at), loose_utc(r.ordered_at)) END)
  FROM shipment
  UNION ALL
  SELECT *, 'delivered', coalesce(loose_utc(r.delivered_at), CASE WHEN regexp_matches(status, '^delivered|^received|^complete') THEN loose_utc(r.noted_at) END)
  FROM shipment
  UNION ALL
  SELECT *, 'returned', coalesce(loose_utc(r.returned_at),
    CASE WHEN regexp_matches(status, 'return|undeliver|refused') THEN coalesce(loose_utc(r.noted_at), loose_utc(r.delivered_at), loose_utc(r.shipped_at)) END)
  FROM shipment
),
-- "Front porch" is no town: where a parcel went is only believed of text that ends like an address.
placed AS (
  SELECT *,
    CASE WHEN step IN ('sent', 'returned') THEN address WHEN step = 'delivered' THEN coalesce(blank(r.delivered_location), redirected_to, address) ELSE coalesce(redirected_to, address) END AS target,
    CASE WHEN step = 'delivered' AND full_address(r.delivered_location) THEN blank(r.delivered_location) WHEN step IN ('delivered', 'redirected') THEN redirected_to END AS elsewhere,
    step = 'delivered' AND coalesce(blank(r.delivered_city), blank(r.delivered_region)) IS NOT NULL AS proven
  FROM step WHERE happened_at IS NOT NULL
)
SELECT
  uid || '~' || step AS uid,
  record,
  happened_at AS time,
  coalesce(blank(r.status), step) AS activity,
  'shipment.' || step AS action,
  CASE step WHEN 'returned' THEN 'failure' ELSE 'success' END AS outcome,
  person_ref,
  account,
  blank(r.serial) AS device_ref,
  CASE WHEN proven THEN blank(r.delivered_city) WHEN elsewhere IS NULL THEN city WHEN full_address(elsewhere) THEN place(elsewhere).city END AS src_city,
  CASE WHEN proven THEN blank(r.delivered_region) WHEN elsewhere IS NULL THEN region WHEN full_address(elsewhere) THEN place(elsewhere).region END AS src_region,
  CASE WHEN proven THEN blank(r.delivered_country) WHEN elsewhere IS NULL THEN country WHEN full_address(elsewhere) THEN coalesce(place(elsewhere).country, CASE WHEN place(elsewhere).region IS NOT NULL THEN country END) END AS src_country,
  blank(target) AS target,
  'address' AS target_kind,
  blank(concat_ws('; ', blank(parcel), CASE WHEN step = 'delivered' THEN 'signed for by ' || blank(r.signed_by) END)) AS detail
FROM placed

-- into identifiers
WITH shipment AS (
  SELECT uid, r, time AS first_seen,
    subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
    subject_account(r.person_ref, r.person, r.person_email) AS account
  FROM records
)
SELECT uid, person_ref, account, 'address' AS kind,
  concat_ws(', ', blank(r.street), blank(r.street_2), blank(r.city), blank(r.region), blank(r.postal_code)) AS value, 'shipping' AS context, first_seen
FROM shipment WHERE blank(r.street) IS NOT NULL
UNION ALL
SELECT uid, person_ref, account, 'address', blank(r.redirected_to), 'shipping', first_seen
FROM shipment WHERE blank(r.redirected_to) IS NOT NULL

-- into devices
SELECT
  uid,
  blank(r.serial) AS device_ref,
  blank(r.serial) AS serial,
  coalesce(subject_account(r.person_ref, r.person, r.person_email), subject_ref(r.person_ref, r.person, r.person_email)) AS assigned_to,
  blank(r.item) AS model,
  CASE
    WHEN regexp_matches(lower(r.item), 'macbook|laptop|thinkpad|latitude|notebook|elitebook|xps|surface') THEN 'laptop'
    WHEN regexp_matches(lower(r.item), 'desktop|mac mini|imac|optiplex|workstation') THEN 'desktop'
    WHEN regexp_matches(lower(r.item), 'iphone|pixel|galaxy s|phone') THEN 'phone'
    WHEN regexp_matches(lower(r.item), 'ipad|tablet') THEN 'tablet'
  END AS kind,
  time AS seen_at
FROM records WHERE blank(r.serial) IS NOT NULL
