-- into devices
SELECT
  uid,
  coalesce(blank(r.hardware.serialNumber), blank(r.general.serial_number), blank(r.serial_number), blank(r.udid), blank(r.general.udid), 'jamf ' || coalesce(r.id, r.general.id)) AS device_ref,
  coalesce(blank(r.hardware.serialNumber), blank(r.general.serial_number), blank(r.serial_number)) AS serial,
  coalesce(blank(r.general.name), blank(r.name)) AS hostname,
  coalesce(blank(r.udid), blank(r.general.udid)) AS hardware_uuid,
  coalesce(login(r.userAndLocation.email), login(r.location.email_address), login(r.userAndLocation.username), login(r.location.username), login(r.username)) AS assigned_to,
  CASE
    WHEN regexp_matches(coalesce(r.hardware.model, r.hardware.model_identifier, r.hardware.modelIdentifier, r.model), '(?i)book') THEN 'laptop'
    WHEN regexp_matches(coalesce(r.hardware.model, r.hardware.model_identifier, r.hardware.modelIdentifier, r.model), '(?i)^(imac|mac ?mini|mac ?pro|mac ?studio)') THEN 'desktop'
    WHEN regexp_matches(coalesce(r.hardware.model, r.model), '(?i)^iphone') THEN 'phone'
    WHEN regexp_matches(coalesce(r.hardware.model, r.model), '(?i)^ipad') THEN 'tablet'
  END AS kind,
  coalesce(blank(r.hardware.model), blank(r.hardware.modelIdentifier), blank(r.model)) AS model,
  CASE WHEN regexp_matches(coalesce(r.hardware.model, r.model), '(?i)^(iphone|ipad)') THEN 'ios' ELSE 'macos' END AS os,
  coalesce(blank(r.operatingSystem.version), blank(r.hardware.os_version)) AS os_version,
  yes(coalesce(r.general.remoteManagement.managed, r.general.remote_management.managed, r.managed)) AS managed,
  coalesce(any_utc(r.general.lastEnrolledDate), any_utc(r.general.last_enrolled_date_utc), epoch_utc(nullif(r.general.last_enrolled_date_epoch, '0')),
    any_utc(r.general.initialEntryDate), any_utc(r.general.initial_entry_date_utc), any_utc(r.general.initial_entry_date)) AS enrolled_at,
  coalesce(any_utc(r.general.lastContactTime), any_utc(r.general.reportDate), any_utc(r.general.last_contact_time_utc), epoch_utc(nullif(r.general.last_contact_time_epoch, '0')),
    any_utc(r.general.report_date_utc), epoch_utc(nullif(r.general.report_date_epoch, '0')), any_utc(r.report_date_utc), epoch_utc(nullif(r.report_date_epoch, '0'))) AS seen_at,
  -- The address the server saw it come from; what the Mac itself reported is often a private one.
  coalesce(ip(r.general.lastIpAddress), ip(r.general.ip_address), ip(r.general.lastReportedIp), ip(r.general.last_reported_ip)) AS last_ip
FROM records

-- into identifiers
SELECT
  uid,
  coalesce(login(r.userAndLocation.email), login(r.location.email_address), login(r.userAndLocation.username), login(r.location.username), login(r.username)) AS account,
  'device_serial' AS kind,
  coalesce(blank(r.hardware.serialNumber), blank(r.general.serial_number), blank(r.serial_number)) AS value,
  'assigned' AS context,
  coalesce(any_utc(r.general.lastEnrolledDate), any_utc(r.general.last_enrolled_date_utc), any_utc(r.general.reportDate), any_utc(r.general.report_date_utc), any_utc(r.report_date_utc)) AS first_seen,
  coalesce(any_utc(r.general.lastContactTime), any_utc(r.general.reportDate), any_utc(r.general.last_contact_time_utc), any_utc(r.general.report_date_utc), any_utc(r.report_date_utc)) AS last_seen
FROM records
WHERE coalesce(login(r.userAndLocation.email), login(r.location.email_address), login(r.userAndLocation.username), login(r.location.username), login(r.username)) IS NOT NULL
  AND coalesce(blank(r.hardware.serialNumber), blank(r.general.serial_number), blank(r.serial_number)) IS NOT NULL

-- into events
WITH told AS (
  SELECT
    uid,
    coalesce(blank(r.hardware.serialNumber), blank(r.general.serial_number), blank(r.serial_number), blank(r.udid), blank(r.general.udid), 'jamf ' || coalesce(r.id, r.general.id)) AS device_ref,
    coalesce(any_utc(r.general.lastContactTime), any_utc(r.general.reportDate), any_utc(r.general.last_contact_time_utc), epoch_utc(nullif(r.general.last_contact_time_epoch, '0')),
      any_utc(r.general.report_date_utc), epoch_utc(nullif(r.general.report_date_epoch, '0'))) AS time,
    -- Only the address the server saw: the Mac's own is one of the home's.
    coalesce(ip(r.general.lastIpAddress), ip(r.general.ip_address)) AS src_ip
  FROM records
)
SELECT uid, time, 'last contact' AS activity, 'device.checkin' AS action, 'success' AS outcome, device_ref, src_ip
FROM told
WHERE time IS NOT NULL AND src_ip IS NOT NULL

-- into inventory
WITH told AS (
  SELECT
    uid,
    coalesce(blank(r.hardware.serialNumber), blank(r.general.serial_number), blank(r.serial_number), blank(r.udid), blank(r.general.udid), 'jamf ' || coalesce(r.id, r.general.id)) AS device_ref,
    coalesce(any_utc(r.general.reportDate), any_utc(r.general.report_date_utc), epoch_utc(nullif(r.general.report_date_epoch, '0')), any_utc(r.general.lastContactTime)) AS seen_at,
    r
  FROM records
),
stated AS (
  SELECT uid, device_ref, seen_at, unnest(list_concat(
    list_transform(coalesce(r.applications, []),
      lambda a: {'kind': 'program', 'key': regexp_replace(blank(a.name), '\.app$', ''), 'value': blank(a.version), 'detail': blank(concat_ws(' ', blank(a.bundleId), blank(a.path)))}),
    list_transform(coalesce(r.software.applications, []),
      lambda a: {'kind': 'program', 'key': regexp_replace(blank(a.name), '\.app$', ''), 'value': blank(a.version), 'detail': blank(concat_ws(' ', blank(a.bundle_id), blank(a.path)))}),
    list_transform(list_filter(coalesce(r.localUserAccounts, []), lambda u: NOT starts_with(coalesce(u.username, '_'), '_')),
      lambda u: {'kind': 'local_user', 'key': lower(blank(u.username)), 'value': blank(u.uid), 'detail': blank(u.homeDirectory)}),
    list_transform(list_filter(coalesce(r.groups_accounts.local_accounts, []), lambda u: NOT starts_with(coalesce(u.name, '_'), '_')),
      lambda u: {'kind': 'local_user', 'key': lower(blank(u.name)), 'value': blank(u.uid), 'detail': blank(u.home)}),
    -- root and setup's own account are administrators everywhere and say nothing.
    list_transform(list_filter(coalesce(r.localUserAccounts, []), lambda u: yes(u.admin) AND NOT starts_with(coalesce(u.username, '_'), '_') AND lower(u.username) <> 'root'),
      lambda u: {'kind': 'local_admin', 'key': lower(blank(u.username)), 'value': 'admin', 'detail': NULL}),
    list_transform(list_filter(coalesce(r.groups_accounts.local_accounts, []), lambda u: yes(u.administrator) AND NOT starts_with(coalesce(u.name, '_'), '_') AND lower(u.name) <> 'root'),
      lambda u: {'kind': 'local_admin', 'key': lower(blank(u.name)), 'value': 'admin', 'detail': NULL}),
    list_filter([
      {'kind': 'setting', 'key': 'disk_encryption', 'value': CASE
        WHEN upper(r.diskEncryption.bootPartitionEncryptionDetails.partitionFileVault2State) IN ('ENCRYPTED', 'VALID', 'ENCRYPTING') THEN 'on'
        WHEN upper(r.diskEncryption.bootPartitionEncryptionDetails.partitionFileVault2State) IN ('NOT_ENCRYPTED', 'UNENCRYPTED', 'DECRYPTED', 'DECRYPTING') THEN 'off'
        WHEN yes(r.diskEncryption.fileVault2Enabled) THEN 'on' END, 'detail': NULL},
      {'kind': 'setting', 'key': 'remote_management', 'value': CASE yes(r.security.remoteDesktopEnabled) WHEN true THEN 'on' WHEN false THEN 'off' END, 'detail': NULL},
      {'kind': 'setting', 'key': 'firewall', 'value': CASE yes(r.security.firewallEnabled) WHEN true THEN 'on' WHEN false THEN 'off' END, 'detail': NULL},
      {'kind': 'setting', 'key': 'system_integrity_protection', 'value': CASE lower(coalesce(r.security.sipStatus, r.hardware.sip_status)) WHEN 'enabled' THEN 'on' WHEN 'disabled' THEN 'off' END, 'detail': NULL},
      {'kind': 'setting', 'key': 'gatekeeper', 'value': CASE WHEN upper(coalesce(r.security.gatekeeperStatus, r.hardware.gatekeeper_status)) IN ('DISABLED') THEN 'off'
        WHEN blank(coalesce(r.security.gatekeeperStatus, r.hardware.gatekeeper_status)) IS NOT NULL AND upper(coalesce(r.security.gatekeeperStatus, r.hardware.gatekeeper_status)) <> 'NOT_COLLECTED'
        THEN 'on' END, 'detail': coalesce(blank(r.security.gatekeeperStatus), blank(r.hardware.gatekeeper_status))}],
      lambda s: s.value IS NOT NULL))) AS s
  FROM told
)
SELECT uid, device_ref, s.kind AS kind, s.key AS key, s.value AS value, s.detail AS detail, true AS present, seen_at
FROM stated
WHERE device_ref IS NOT NULL AND s.key IS NOT NULL
