-- into events
-- The same signature comes in several messages; it is one event, by envelope and recipient.
WITH envelope AS (
  SELECT uid, coalesce(r.envelopeId, r.data.envelopeId) AS id, coalesce(r.emailSubject, r.data.envelopeSummary.emailSubject) AS subject,
    coalesce(r.customFields.textCustomFields, r.data.envelopeSummary.customFields.textCustomFields, []) AS fields,
    coalesce(r.recipients.signers, r.data.envelopeSummary.recipients.signers, []) AS signers,
    coalesce(r.auditEvents, r.data.envelopeSummary.auditEvents, []) AS audit
  FROM records
),
signed AS (
  SELECT uid, id, subject, audit, s,
    CASE WHEN s.recipientId = signers[1].recipientId OR len(signers) = 1
      THEN blank(list_filter(fields, lambda f: regexp_matches(lower(f.name), '^(candidate|applicant|employee|worker|hr)[ _]?(id|number)$'))[1].value) END AS person_ref
  FROM (SELECT *, unnest(signers) AS s FROM envelope)
),
acts AS (
  SELECT uid, id,
    list_filter(e.eventFields, lambda f: f.name = 'UserName')[1].value AS who,
    lower(list_filter(e.eventFields, lambda f: f.name = 'Action')[1].value) AS act,
    any_utc(list_filter(e.eventFields, lambda f: f.name = 'logTime')[1].value) AS happened,
    list_filter(e.eventFields, lambda f: f.name = 'ClientIPAddress')[1].value AS address,
    regexp_extract(list_filter(e.eventFields, lambda f: f.name = 'GeoLocation')[1].value, '^\s*(-?[0-9]{1,2}\.[0-9]+)\s*[,;]\s*(-?[0-9]{1,3}\.[0-9]+)\s*$', ['lat', 'lon']) AS place
  FROM (SELECT uid, id, unnest(audit) AS e FROM envelope)
),
addressed AS (
  SELECT uid, who, arg_max(address, happened) AS address, arg_max(place, happened) AS place FROM acts WHERE regexp_matches(act, '^(signed|declined)') GROUP BY uid, who
)
SELECT
  s.uid || '~' || s.s.recipientId AS uid,
  any_utc(coalesce(blank(s.s.signedDateTime), s.s.declinedDateTime)) AS time,
  lower(s.s.status) AS activity,
  'document.sign' AS action,
  CASE WHEN blank(s.s.signedDateTime) IS NOT NULL THEN 'success' ELSE 'failure' END AS outcome,
  s.person_ref AS person_ref,
  login(s.s.email) AS account,
  ip(a.address) AS src_ip,
  try_cast(a.place.lat AS DOUBLE) AS src_lat,
  try_cast(a.place.lon AS DOUBLE) AS src_lon,
  blank(s.subject) AS target,
  'document' AS target_kind,
  blank(s.s.roleName) AS detail
FROM signed s
LEFT JOIN addressed a ON a.uid = s.uid AND a.who = s.s.name
WHERE any_utc(coalesce(blank(s.s.signedDateTime), s.s.declinedDateTime)) IS NOT NULL
