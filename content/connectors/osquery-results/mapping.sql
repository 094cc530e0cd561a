-- into inventory
WITH lines AS (
  SELECT
    uid, time,
    lower(coalesce(r.name, r.osquery ->> '$.result.name', r.action_id, '')) AS query,
    coalesce(r.action, r.osquery ->> '$.result.action', r.osquery_meta.action, r.osquery_meta."type") AS action,
    coalesce(r.decorations, r.osquery -> '$.result.decorations') AS decorations,
    coalesce(r.hostIdentifier, r.osquery ->> '$.result.host_identifier', r.host.id, r.host.name, r.host.hostname) AS host,
    coalesce(r.columns, r.osquery -> '$.result.columns', CASE WHEN r.osquery_meta."type" IS NOT NULL THEN r.osquery END) AS one,
    coalesce(r.snapshot, r.osquery -> '$.result.snapshot') AS many,
    r.diffResults.added AS added,
    r.diffResults.removed AS removed
  FROM records
),
told AS (
  SELECT *,
    -- A serial number names a device best, wherever a decorator adds one.
    coalesce(blank(decorations ->> '$.hardware_serial'), blank(decorations ->> '$.serial_number'), blank(decorations ->> '$.serial'),
      blank(host), blank(decorations ->> '$.host_uuid'), blank(decorations ->> '$.uuid'), blank(decorations ->> '$.hostname')) AS device_ref
  FROM lines
),
rows AS (
  SELECT uid, time, query, device_ref, present, size, generate_subscripts(cells, 1) AS n, unnest(cells) AS cell
  FROM (
    SELECT uid, time, query, device_ref, coalesce(action, '') <> 'removed' AS present, 1 AS size, [one] AS cells FROM told WHERE json_type(one) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), json_extract(many, '$[*]') FROM told WHERE json_type(many) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), [many] FROM told WHERE json_type(many) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, 0, json_extract(added, '$[*]') FROM told WHERE json_type(added) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, false, 0, json_extract(removed, '$[*]') FROM told WHERE json_type(removed) = 'ARRAY'
  )
),
opened AS (
  SELECT uid, time, query, device_ref, present, size,
    json_transform(cell, '{"vendor_id":"VARCHAR", "model_id":"VARCHAR", "vendor":"VARCHAR", "model":"VARCHAR", "serial":"VARCHAR", "pci_slot":"VARCHAR",
      "display_id":"VARCHAR", "display_type":"VARCHAR", "serial_number":"VARCHAR", "product_id":"VARCHAR", "resolution":"VARCHAR", "pixels":"VARCHAR",
      "connection_type":"VARCHAR", "name":"VARCHAR", "ssid":"VARCHAR", "bssid":"VARCHAR", "network_name":"VARCHAR", "security_type":"VARCHAR",
      "transmit_rate":"VARCHAR", "mode":"VARCHAR", "last_connected":"VARCHAR", "auto_join":"VARCHAR", "address":"VARCHAR", "mac":"VARCHAR",
      "gateway":"VARCHAR", "destination":"VARCHAR", "netmask":"VARCHAR", "interface":"VARCHAR", "mtu":"VARCHAR", "identifier":"VARCHAR",
      "version":"VARCHAR", "browser_type":"VARCHAR", "permissions":"VARCHAR", "update_url":"VARCHAR", "persistent":"VARCHAR", "creator":"VARCHAR",
      "extension_type":"VARCHAR", "sdk":"VARCHAR", "bundle_identifier":"VARCHAR", "bundle_short_version":"VARCHAR", "path":"VARCHAR", "publisher":"VARCHAR",
      "install_location":"VARCHAR", "uninstall_string":"VARCHAR", "identifying_number":"VARCHAR", "arch":"VARCHAR", "package_id":"VARCHAR", "pid":"VARCHAR",
      "cmdline":"VARCHAR", "port":"VARCHAR", "protocol":"VARCHAR", "remote_port":"VARCHAR", "syscall":"VARCHAR", "eid":"VARCHAR", "username":"VARCHAR",
      "groupname":"VARCHAR", "uid":"VARCHAR", "gid":"VARCHAR", "shell":"VARCHAR", "directory":"VARCHAR", "hostname":"VARCHAR", "hardware_model":"VARCHAR",
      "hardware_serial":"VARCHAR", "platform":"VARCHAR", "enabled":"VARCHAR", "grace_period":"VARCHAR", "config_flag":"VARCHAR", "encrypted":"VARCHAR",
      "filevault_status":"VARCHAR", "protection_status":"VARCHAR", "drive_letter":"VARCHAR", "global_state":"VARCHAR", "assessments_enabled":"VARCHAR",
      "screen_sharing":"VARCHAR", "remote_login":"VARCHAR", "remote_management":"VARCHAR", "file_sharing":"VARCHAR", "internet_sharing":"VARCHAR",
      "remote_apple_events":"VARCHAR", "device_id":"VARCHAR", "device_name":"VARCHAR", "manufacturer":"VARCHAR", "domain":"VARCHAR", "value":"VARCHAR",
      "data":"VARCHAR", "key":"VARCHAR", "enrolled":"VARCHAR", "server_url":"VARCHAR", "user":"VARCHAR", "host":"VARCHAR"}') AS d
  FROM rows
),
-- Default routes as the same file tells them: a neighbour in arp_cache is the gateway only if a route says so.
gateways AS (
  SELECT DISTINCT device_ref, lower(d.gateway) AS address
  FROM (SELECT device_ref, json_transform(cell, '{"gateway":"VARCHAR", "mac":"VARCHAR", "destination":"VARCHAR", "netmask":"VARCHAR"}') AS d
    FROM rows WHERE contains(CAST(cell AS VARCHAR), '"gateway"'))
  WHERE blank(d.gateway) IS NOT NULL AND (d.mac IS NOT NULL OR d.destination IN ('0.0.0.0', 'default', '0.0.0.0/0', '::', '::/0') AND coalesce(d.netmask, '0') IN ('0', '0.0.0.0'))
),
sorted AS (
  SELECT *,
    CASE
      WHEN d.screen_sharing IS NOT NULL OR d.remote_login IS NOT NULL THEN 'sharing'
      WHEN d.hardware_serial IS NOT NULL OR d.hardware_model IS NOT NULL THEN 'device'
      WHEN d.bssid IS NOT NULL AND (contains(query, 'survey') OR contains(query, 'scan')) THEN 'nearby wifi'
      WHEN d.bssid IS NOT NULL AND (d.transmit_rate IS NOT NULL OR d.security_type IS NOT NULL OR contains(query, 'wifi_status') OR size = 1) THEN 'wifi'
      WHEN d.ssid IS NOT NULL AND (d.last_connected IS NOT NULL OR d.auto_join IS NOT NULL OR contains(query, 'wifi_networks')) THEN 'known wifi'
      WHEN d.vendor_id IS NOT NULL AND d.model_id IS NOT NULL AND d.pci_slot IS NULL THEN 'usb'
      WHEN d.display_id IS NOT NULL OR d.display_type IS NOT NULL OR (d.serial_number IS NOT NULL AND coalesce(d.resolution, d.pixels) IS NOT NULL)
        OR (contains(query, 'displays') AND d.name IS NOT NULL) THEN 'display'
      WHEN d.path ILIKE '%\DISPLAY\%\Device Parameters\EDID' AND regexp_matches(d.data, '(?i)^00FFFFFFFFFFFF00[0-9A-F]{240}') THEN 'edid'
      WHEN regexp_matches(coalesce(d.device_id, d.key, d.path), '(?i)(^|\\)(USB|USBSTOR|HID)\\VID_[0-9A-F]{4}&PID_[0-9A-F]{4}') THEN 'windows usb'
      WHEN d.device_id ILIKE 'DISPLAY\%' THEN 'windows display'
      WHEN lower(d.name) = 'fdenytsconnections' OR d.path ILIKE '%\fDenyTSConnections' THEN 'remote desktop'
      WHEN coalesce(d.path, d.key) ILIKE '%\ConsentStore\location%' THEN 'windows location'
      WHEN d.platform IS NOT NULL AND d.version IS NOT NULL THEN 'system'
      WHEN d.identifier IS NOT NULL AND (coalesce(d.browser_type, d.permissions, d.update_url, d.persistent, d.creator, d.extension_type, d.sdk) IS NOT NULL
        OR regexp_matches(query, 'extension|addon|plugin')) THEN 'extension'
      WHEN coalesce(d.bundle_identifier, d.bundle_short_version) IS NOT NULL THEN 'app'
      WHEN d.version IS NOT NULL AND coalesce(d.name, d.package_id) IS NOT NULL AND d.pid IS NULL AND (
        coalesce(d.publisher, d.install_location, d.uninstall_string, d.identifying_number, d.arch, d.package_id) IS NOT NULL
        OR regexp_matches(query, 'package|program|app|software|homebrew|receipt')) THEN 'program'
      WHEN d.port IS NOT NULL AND coalesce(d.address, d.protocol) IS NOT NULL AND d.remote_port IS NULL THEN 'port'
      WHEN d.groupname IS NOT NULL AND coalesce(d.username, d.uid) IS NOT NULL
        OR d.gid IS NOT NULL AND d.uid IS NOT NULL AND d.shell IS NULL AND d.directory IS NULL AND d.pid IS NULL
        OR d.username IS NOT NULL AND regexp_matches(query, '(^|[^a-z])(local_?)?admin(istrator)?s?([^a-z]|$)') THEN 'membership'
      WHEN d.username IS NOT NULL AND coalesce(d.shell, d.directory) IS NOT NULL THEN 'user'
      WHEN d.pid IS NOT NULL AND coalesce(d.path, d.cmdline, d.name) IS NOT NULL AND coalesce(d.remote_port, d.syscall, d.eid) IS NULL THEN 'process'
      WHEN d.name IS NOT NULL AND d.path IS NOT NULL AND regexp_matches(query, '(^|[^a-z])process(es)?$') THEN 'process'
      WHEN d.filevault_status IS NOT NULL OR d.encrypted IS NOT NULL OR d.protection_status IS NOT NULL THEN 'disk'
      WHEN d.enabled IS NOT NULL AND d.grace_period IS NOT NULL THEN 'screen lock'
      WHEN d.enabled IS NOT NULL AND contains(query, 'location') THEN 'location'
      WHEN d.config_flag = 'sip' THEN 'sip'
      WHEN d.global_state IS NOT NULL THEN 'firewall'
      WHEN d.assessments_enabled IS NOT NULL THEN 'gatekeeper'
      WHEN d.enrolled IS NOT NULL THEN 'mdm'
      WHEN d.domain IS NOT NULL AND d.name IS NOT NULL THEN 'policy'
      WHEN d.mac IS NOT NULL AND d.address IS NOT NULL AND (lower(d.address) = lower(d.gateway) OR contains(query, 'gateway')
        OR (device_ref, lower(d.address)) IN (SELECT (device_ref, address) FROM gateways)) THEN 'gateway'
      WHEN d.mac IS NOT NULL AND d.address IS NULL AND blank(d.gateway) IS NOT NULL THEN 'gateway'
    END AS sort,
    regexp_extract(coalesce(d.device_id, d.key, d.path), '(?i)VID_([0-9A-F]{4})', 1) AS vid,
    regexp_extract(coalesce(d.device_id, d.key, d.path), '(?i)PID_([0-9A-F]{4})', 1) AS pid,
    CASE WHEN d.data ILIKE '00ffffffffffff00%' THEN list_filter([109, 145, 181, 217], lambda p: upper(substr(d.data, p, 10)) = '000000FC00')[1] END AS named_at,
    CASE WHEN d.data ILIKE '00ffffffffffff00%' THEN list_filter([109, 145, 181, 217], lambda p: upper(substr(d.data, p, 10)) = '000000FF00')[1] END AS serial_at
  FROM opened
),
-- One row may state several things.
stated AS (
  SELECT uid, time, device_ref, present, unnest(CASE sort
    WHEN 'sharing' THEN [
      {'kind': 'setting', 'key': 'screen_sharing', 'value': yes(d.screen_sharing), 'text': NULL, 'detail': NULL},
      {'kind': 'setting', 'key': 'remote_login', 'value': yes(d.remote_login), 'text': NULL, 'detail': NULL},
      {'kind': 'setting', 'key': 'remote_management', 'value': yes(d.remote_management), 'text': NULL, 'detail': NULL},
      {'kind': 'setting', 'key': 'file_sharing', 'value': yes(d.file_sharing), 'text': NULL, 'detail': NULL},
      {'kind': 'setting', 'key': 'internet_sharing', 'value': yes(d.internet_sharing), 'text': NULL, 'detail': NULL},
      {'kind': 'setting', 'key': 'remote_apple_events', 'value': yes(d.remote_apple_events), 'text': NULL, 'detail': NULL}]
    WHEN 'wifi' THEN [{'kind': 'wifi', 'key': coalesce(blank(d.ssid), blank(d.network_name), '(hidden)'), 'value': NULL, 'text': lower(blank(d.bssid)), 'detail': blank(d.security_type)}]
    WHEN 'known wifi' THEN [{'kind': 'setting', 'key': 'known_wifi', 'value': NULL, 'text': coalesce(blank(d.ssid), blank(d.network_name)), 'detail': blank(d.security_type)}]
    WHEN 'usb' THEN [{'kind': 'usb_device', 'key': lower(replace(d.vendor_id, '0x', '') || ':' || replace(d.model_id, '0x', '')), 'value': NULL, 'text': blank(d.serial),
      'detail': blank(concat_ws(' ', blank(d.vendor), blank(d.model)))}]
    WHEN 'windows usb' THEN [{'kind': 'usb_device', 'key': lower(vid || ':' || pid), 'value': NULL,
      'text': nullif(regexp_extract(coalesce(d.device_id, d.key, d.path), '(?i)USB\\VID_[^\\&]*&PID_[^\\&]*\\([^&\\]+)', 1), ''),
      'detail': blank(concat_ws(' ', blank(d.manufacturer), blank(d.device_name)))}]
    WHEN 'display' THEN [{'kind': 'display', 'key': coalesce(blank(d.name), 'display'), 'value': NULL, 'text': nullif(blank(d.serial_number), '0'),
      'detail': blank(concat_ws(' ', lower(blank(d.vendor_id)) || coalesce(':' || lower(blank(d.product_id)), ''), blank(d.connection_type)))}]
    -- What a display says of itself: its name and serial in four places of eighteen bytes, else the number before them.
    WHEN 'edid' THEN [{'kind': 'display', 'key': coalesce(blank(trim(split_part(CAST(unhex(substr(d.data, named_at + 10, 26)) AS VARCHAR), '\x0A', 1))), 'display'), 'value': NULL,
      'text': coalesce(blank(trim(split_part(CAST(unhex(substr(d.data, serial_at + 10, 26)) AS VARCHAR), '\x0A', 1))),
        nullif(lower(substr(d.data, 31, 2) || substr(d.data, 29, 2) || substr(d.data, 27, 2) || substr(d.data, 25, 2)), '00000000')),
      'detail': lower(substr(d.data, 17, 4) || ':' || substr(d.data, 23, 2) || substr(d.data, 21, 2))}]
    WHEN 'windows display' THEN [{'kind': 'display', 'key': coalesce(blank(d.device_name), d.device_id), 'value': NULL, 'text': NULL, 'detail': split_part(d.device_id, '\', 2)}]
    WHEN 'remote desktop' THEN [{'kind': 'setting', 'key': 'remote_desktop', 'value': CASE d.data WHEN '0' THEN true WHEN '1' THEN false END, 'text': NULL, 'detail': NULL}]
    WHEN 'windows location' THEN [{'kind': 'setting', 'key': 'location_services', 'value': CASE lower(d.data) WHEN 'allow' THEN true WHEN 'deny' THEN false END, 'text': NULL, 'detail': NULL}]
    WHEN 'extension' THEN [{'kind': 'browser_extension', 'key': blank(d.identifier), 'value': NULL, 'text': blank(d.version), 'detail': blank(concat_ws(', ', blank(d.name), blank(d.browser_type)))}]
    WHEN 'app' THEN [{'kind': 'program', 'key': regexp_replace(coalesce(blank(d.name), regexp_extract(d.path, '[^/]+/?$'), d.bundle_identifier), '\.app/?$', ''), 'value': NULL,
      'text': coalesce(blank(d.bundle_short_version), blank(d.version)), 'detail': blank(concat_ws(' ', blank(d.bundle_identifier), blank(d.path)))}]
    WHEN 'program' THEN [{'kind': 'program', 'key': coalesce(blank(d.name), blank(d.package_id)), 'value': NULL, 'text': blank(d.version),
      'detail': blank(concat_ws(' ', blank(d.publisher), coalesce(blank(d.install_location), blank(d.path))))}]
    WHEN 'port' THEN [{'kind': 'listening_port', 'key': d.port, 'value': NULL, 'text': coalesce(blank(d.address), '*'),
      'detail': blank(concat_ws(' ', CASE d.protocol WHEN '6' THEN 'tcp' WHEN '17' THEN 'udp' ELSE lower(blank(d.protocol)) END, coalesce(blank(d.name), blank(d.path), blank(d.cmdline))))}]
    WHEN 'membership' THEN [{'kind': 'local_admin', 'key': coalesce(lower(blank(d.username)), 'uid ' || d.uid), 'value': NULL, 'text': coalesce(blank(d.groupname), 'gid ' || d.gid), 'detail': NULL}]
    WHEN 'user' THEN [{'kind': 'local_user', 'key': lower(blank(d.username)), 'value': NULL, 'text': blank(d.uid), 'detail': blank(d.directory)}]
    WHEN 'process' THEN [{'kind': 'process', 'key': coalesce(blank(d.name), nullif(regexp_extract(coalesce(d.path, split_part(d.cmdline, ' ', 1)), '[^/\\]+$'), '')), 'value': NULL, 'text': NULL,
      'detail': coalesce(blank(d.path), blank(d.cmdline))}]
    -- A partition that is not encrypted says little: every disk has one to start from.
    WHEN 'disk' THEN [{'kind': 'setting', 'key': 'disk_encryption', 'value': CASE lower(d.filevault_status) WHEN 'on' THEN true WHEN 'off' THEN false
      ELSE coalesce(yes(d.protection_status), CASE WHEN yes(d.encrypted) THEN true END) END, 'text': NULL, 'detail': coalesce(blank(d.drive_letter), blank(d.name), blank(d.device_id))}]
    WHEN 'screen lock' THEN [{'kind': 'setting', 'key': 'screen_lock', 'value': yes(d.enabled), 'text': NULL, 'detail': NULL}]
    WHEN 'location' THEN [{'kind': 'setting', 'key': 'location_services', 'value': yes(d.enabled), 'text': NULL, 'detail': NULL}]
    WHEN 'sip' THEN [{'kind': 'setting', 'key': 'system_integrity_protection', 'value': yes(d.enabled), 'text': NULL, 'detail': NULL}]
    WHEN 'firewall' THEN [{'kind': 'setting', 'key': 'firewall', 'value': d.global_state <> '0', 'text': NULL, 'detail': NULL}]
    WHEN 'gatekeeper' THEN [{'kind': 'setting', 'key': 'gatekeeper', 'value': yes(d.assessments_enabled), 'text': NULL, 'detail': NULL}]
    WHEN 'mdm' THEN [{'kind': 'setting', 'key': 'mdm', 'value': yes(d.enrolled), 'text': NULL, 'detail': blank(d.server_url)}]
    WHEN 'policy' THEN [{'kind': 'setting', 'key': 'policy ' || d.domain || ' ' || d.name, 'value': NULL, 'text': blank(d.value), 'detail': NULL}]
    WHEN 'gateway' THEN [{'kind': 'gateway', 'key': coalesce(blank(d.gateway), d.address), 'value': NULL, 'text': lower(d.mac), 'detail': blank(d.interface)}]
  END) AS s
  FROM sorted
  WHERE
    (sort <> 'membership' OR (
      -- The groups that make an administrator; root and the built-in account are members everywhere and say nothing.
      (lower(d.groupname) IN ('admin', 'administrators', 'wheel', 'sudo') OR d.groupname IS NULL AND (d.gid IN ('80', '544') OR d.gid IS NULL))
      AND coalesce(d.uid, '') NOT IN ('0', '500') AND coalesce(lower(d.username), '') NOT IN ('root', 'administrator', '_mbsetupuser')))
    AND (sort <> 'user' OR NOT (starts_with(d.username, '_') OR regexp_matches(coalesce(d.shell, ''), '(nologin|false|sync|shutdown|halt)$')))
)
SELECT DISTINCT uid, device_ref, s.kind AS kind, s.key AS key, CASE s.value WHEN true THEN 'on' WHEN false THEN 'off' ELSE s.text END AS value, s.detail AS detail,
  present, time AS seen_at
FROM stated
WHERE device_ref IS NOT NULL AND s.key IS NOT NULL AND (s.kind <> 'setting' OR s.value IS NOT NULL OR s.text IS NOT NULL)

-- into identifiers
WITH lines AS (
  SELECT
    uid, time,
    lower(coalesce(r.name, r.osquery ->> '$.result.name', r.action_id, '')) AS query,
    coalesce(r.action, r.osquery ->> '$.result.action', r.osquery_meta.action, r.osquery_meta."type") AS action,
    coalesce(r.decorations, r.osquery -> '$.result.decorations') AS decorations,
    coalesce(r.hostIdentifier, r.osquery ->> '$.result.host_identifier', r.host.id, r.host.name, r.host.hostname) AS host,
    coalesce(r.columns, r.osquery -> '$.result.columns', CASE WHEN r.osquery_meta."type" IS NOT NULL THEN r.osquery END) AS one,
    coalesce(r.snapshot, r.osquery -> '$.result.snapshot') AS many,
    r.diffResults.added AS added,
    r.diffResults.removed AS removed,
    record
  FROM records
),
told AS (
  SELECT *,
    -- A serial number names a device best, wherever a decorator adds one.
    coalesce(blank(decorations ->> '$.hardware_serial'), blank(decorations ->> '$.serial_number'), blank(decorations ->> '$.serial'),
      blank(host), blank(decorations ->> '$.host_uuid'), blank(decorations ->> '$.uuid'), blank(decorations ->> '$.hostname')) AS device_ref
  FROM lines
),
-- Most lines of a log are of no use here: they are put aside before their rows are opened.
wanted AS (
  SELECT * FROM told WHERE regexp_matches(record, '"(serial|serial_number|bssid|mac|gateway)"|VID_|EDID')
),
rows AS (
  SELECT uid, time, query, device_ref, present, size, generate_subscripts(cells, 1) AS n, unnest(cells) AS cell
  FROM (
    SELECT uid, time, query, device_ref, coalesce(action, '') <> 'removed' AS present, 1 AS size, [one] AS cells FROM wanted WHERE json_type(one) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), json_extract(many, '$[*]') FROM wanted WHERE json_type(many) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), [many] FROM wanted WHERE json_type(many) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, 0, json_extract(added, '$[*]') FROM wanted WHERE json_type(added) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, false, 0, json_extract(removed, '$[*]') FROM wanted WHERE json_type(removed) = 'ARRAY'
  )
),
opened AS (
  SELECT uid, time, query, device_ref, size,
    json_transform(cell, '{"vendor_id":"VARCHAR", "model_id":"VARCHAR", "serial":"VARCHAR", "pci_slot":"VARCHAR", "display_id":"VARCHAR",
      "display_type":"VARCHAR", "serial_number":"VARCHAR", "resolution":"VARCHAR", "pixels":"VARCHAR", "bssid":"VARCHAR", "transmit_rate":"VARCHAR",
      "security_type":"VARCHAR", "address":"VARCHAR", "mac":"VARCHAR", "gateway":"VARCHAR", "destination":"VARCHAR", "netmask":"VARCHAR",
      "device_id":"VARCHAR", "key":"VARCHAR", "path":"VARCHAR", "data":"VARCHAR"}') AS d
  FROM rows
  WHERE present
),
gateways AS (
  SELECT DISTINCT device_ref, lower(d.gateway) AS address FROM opened
  WHERE blank(d.gateway) IS NOT NULL AND (d.mac IS NOT NULL OR d.destination IN ('0.0.0.0', 'default', '0.0.0.0/0', '::', '::/0') AND coalesce(d.netmask, '0') IN ('0', '0.0.0.0'))
),
found AS (
  SELECT uid, time, device_ref, 'usb_serial' AS kind, coalesce(
      CASE WHEN d.vendor_id IS NOT NULL AND d.model_id IS NOT NULL AND d.pci_slot IS NULL THEN blank(d.serial) END,
      nullif(regexp_extract(coalesce(d.device_id, d.key, d.path), '(?i)(?:^|\\)USB\\VID_[^\\&]*&PID_[^\\&]*\\([^&\\]+)', 1), '')) AS value
  FROM opened
  UNION ALL
  SELECT uid, time, device_ref, 'display_serial', blank(d.serial_number)
  FROM opened
  WHERE coalesce(d.display_id, d.display_type, d.resolution, d.pixels) IS NOT NULL OR contains(query, 'displays')
  UNION ALL
  SELECT uid, time, device_ref, 'display_serial', coalesce(
      blank(trim(split_part(CAST(unhex(substr(d.data, list_filter([109, 145, 181, 217], lambda p: upper(substr(d.data, p, 10)) = '000000FF00')[1] + 10, 26)) AS VARCHAR), '\x0A', 1))),
      nullif(lower(substr(d.data, 31, 2) || substr(d.data, 29, 2) || substr(d.data, 27, 2) || substr(d.data, 25, 2)), '00000000'))
  FROM opened
  WHERE d.path ILIKE '%\DISPLAY\%\Device Parameters\EDID' AND regexp_matches(d.data, '(?i)^00FFFFFFFFFFFF00[0-9A-F]{240}')
  UNION ALL
  -- Only the station the device is joined to: a survey of stations in reach says who the neighbours are.
  SELECT uid, time, device_ref, 'wifi_bssid', blank(d.bssid)
  FROM opened
  WHERE NOT (contains(query, 'survey') OR contains(query, 'scan'))
    AND (d.transmit_rate IS NOT NULL OR d.security_type IS NOT NULL OR contains(query, 'wifi_status') OR size = 1)
  UNION ALL
  SELECT uid, time, device_ref, 'gateway_mac', blank(d.mac)
  FROM opened
  WHERE lower(d.address) = lower(d.gateway) OR (contains(query, 'gateway') AND d.address IS NOT NULL) OR (d.address IS NULL AND blank(d.gateway) IS NOT NULL)
    OR (device_ref, lower(d.address)) IN (SELECT (device_ref, address) FROM gateways)
)
SELECT DISTINCT uid, device_ref, kind, value, 'device' AS context, time AS first_seen, time AS last_seen
FROM found
WHERE device_ref IS NOT NULL AND value IS NOT NULL

-- into devices
WITH lines AS (
  SELECT
    uid, time,
    lower(coalesce(r.name, r.osquery ->> '$.result.name', r.action_id, '')) AS query,
    coalesce(r.action, r.osquery ->> '$.result.action', r.osquery_meta.action, r.osquery_meta."type") AS action,
    coalesce(r.decorations, r.osquery -> '$.result.decorations') AS decorations,
    coalesce(r.hostIdentifier, r.osquery ->> '$.result.host_identifier', r.host.id, r.host.name, r.host.hostname) AS host,
    coalesce(r.columns, r.osquery -> '$.result.columns', CASE WHEN r.osquery_meta."type" IS NOT NULL THEN r.osquery END) AS one,
    coalesce(r.snapshot, r.osquery -> '$.result.snapshot') AS many,
    r.diffResults.added AS added,
    r.diffResults.removed AS removed,
    record
  FROM records
),
told AS (
  SELECT *,
    -- A serial number names a device best, wherever a decorator adds one.
    coalesce(blank(decorations ->> '$.hardware_serial'), blank(decorations ->> '$.serial_number'), blank(decorations ->> '$.serial'),
      blank(host), blank(decorations ->> '$.host_uuid'), blank(decorations ->> '$.uuid'), blank(decorations ->> '$.hostname')) AS device_ref
  FROM lines
),
-- Most lines of a log are of no use here: they are put aside before their rows are opened.
wanted AS (
  SELECT * FROM told WHERE regexp_matches(record, '"(hardware_serial|hardware_model|cpu_brand|chassis_types|enrolled|platform)"')
),
rows AS (
  SELECT uid, time, query, device_ref, present, size, generate_subscripts(cells, 1) AS n, unnest(cells) AS cell
  FROM (
    SELECT uid, time, query, device_ref, coalesce(action, '') <> 'removed' AS present, 1 AS size, [one] AS cells FROM wanted WHERE json_type(one) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), json_extract(many, '$[*]') FROM wanted WHERE json_type(many) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), [many] FROM wanted WHERE json_type(many) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, 0, json_extract(added, '$[*]') FROM wanted WHERE json_type(added) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, false, 0, json_extract(removed, '$[*]') FROM wanted WHERE json_type(removed) = 'ARRAY'
  )
),
opened AS (
  SELECT uid, time, device_ref,
    json_transform(cell, '{"hostname":"VARCHAR", "computer_name":"VARCHAR", "hardware_serial":"VARCHAR", "hardware_model":"VARCHAR", "uuid":"VARCHAR",
      "cpu_brand":"VARCHAR", "platform":"VARCHAR", "name":"VARCHAR", "version":"VARCHAR", "chassis_types":"VARCHAR", "enrolled":"VARCHAR"}') AS d
  FROM rows
  WHERE present
)
SELECT
  uid,
  device_ref,
  blank(d.hardware_serial) AS serial,
  coalesce(blank(d.hostname), blank(d.computer_name)) AS hostname,
  CASE WHEN coalesce(d.hardware_serial, d.hardware_model, d.cpu_brand) IS NOT NULL THEN blank(d.uuid) END AS hardware_uuid,
  NULL AS assigned_to,
  CASE
    WHEN regexp_matches(d.hardware_model, '(?i)book') OR regexp_matches(d.chassis_types, '(?i)laptop|notebook|portable|convertible') THEN 'laptop'
    WHEN regexp_matches(d.hardware_model, '(?i)^(imac|mac ?mini|mac ?pro|mac ?studio)') OR regexp_matches(d.chassis_types, '(?i)desktop|tower|all.in.one') THEN 'desktop'
  END AS kind,
  blank(d.hardware_model) AS model,
  CASE WHEN d.version IS NULL THEN NULL WHEN lower(d.platform) = 'darwin' THEN 'macos' WHEN lower(d.platform) IN ('windows', 'linux') THEN lower(d.platform)
    WHEN blank(d.platform) IS NOT NULL THEN 'linux' END AS os,
  CASE WHEN d.platform IS NOT NULL THEN blank(d.version) END AS os_version,
  yes(d.enrolled) AS managed,
  time AS seen_at
FROM opened
WHERE device_ref IS NOT NULL AND (coalesce(d.hardware_serial, d.hardware_model, d.cpu_brand, d.chassis_types, d.enrolled) IS NOT NULL OR (d.platform IS NOT NULL AND d.version IS NOT NULL))
UNION ALL
-- What the lines themselves say of each device, once for a device and file.
SELECT
  min(uid),
  device_ref,
  max(coalesce(blank(decorations ->> '$.hardware_serial'), blank(decorations ->> '$.serial_number'), blank(decorations ->> '$.serial'))),
  max(coalesce(blank(decorations ->> '$.hostname'), blank(decorations ->> '$.computer_name'), CASE WHEN NOT regexp_matches(host, '^[0-9A-Fa-f-]{36}$') THEN blank(host) END)),
  max(coalesce(blank(decorations ->> '$.host_uuid'), blank(decorations ->> '$.uuid'), CASE WHEN regexp_matches(host, '^[0-9A-Fa-f-]{36}$') THEN host END)),
  -- A local user name is nobody's account; an address is.
  max(coalesce(mail(decorations ->> '$.email'), mail(decorations ->> '$.user_email'), mail(decorations ->> '$.username'))),
  NULL, NULL, NULL, NULL, NULL,
  max(time)
FROM told
WHERE device_ref IS NOT NULL
GROUP BY device_ref

-- into events
WITH lines AS (
  SELECT
    uid, time,
    lower(coalesce(r.name, r.osquery ->> '$.result.name', r.action_id, '')) AS query,
    coalesce(r.action, r.osquery ->> '$.result.action', r.osquery_meta.action, r.osquery_meta."type") AS action,
    coalesce(r.decorations, r.osquery -> '$.result.decorations') AS decorations,
    coalesce(r.hostIdentifier, r.osquery ->> '$.result.host_identifier', r.host.id, r.host.name, r.host.hostname) AS host,
    coalesce(r.columns, r.osquery -> '$.result.columns', CASE WHEN r.osquery_meta."type" IS NOT NULL THEN r.osquery END) AS one,
    coalesce(r.snapshot, r.osquery -> '$.result.snapshot') AS many,
    r.diffResults.added AS added,
    r.diffResults.removed AS removed,
    record
  FROM records
),
told AS (
  SELECT *,
    -- A serial number names a device best, wherever a decorator adds one.
    coalesce(blank(decorations ->> '$.hardware_serial'), blank(decorations ->> '$.serial_number'), blank(decorations ->> '$.serial'),
      blank(host), blank(decorations ->> '$.host_uuid'), blank(decorations ->> '$.uuid'), blank(decorations ->> '$.hostname')) AS device_ref
  FROM lines
),
-- Most lines of a log are of no use here: they are put aside before their rows are opened.
wanted AS (
  SELECT * FROM told WHERE (regexp_matches(record, '"(syscall|eid|auid|remote_address|driver|tty|user)"') OR contains(query, 'process_events'))
),
rows AS (
  SELECT uid, time, query, device_ref, present, size, generate_subscripts(cells, 1) AS n, unnest(cells) AS cell
  FROM (
    SELECT uid, time, query, device_ref, coalesce(action, '') <> 'removed' AS present, 1 AS size, [one] AS cells FROM wanted WHERE json_type(one) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), json_extract(many, '$[*]') FROM wanted WHERE json_type(many) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, true, json_array_length(many), [many] FROM wanted WHERE json_type(many) = 'OBJECT'
    UNION ALL
    SELECT uid, time, query, device_ref, true, 0, json_extract(added, '$[*]') FROM wanted WHERE json_type(added) = 'ARRAY'
    UNION ALL
    SELECT uid, time, query, device_ref, false, 0, json_extract(removed, '$[*]') FROM wanted WHERE json_type(removed) = 'ARRAY'
  )
),
opened AS (
  SELECT uid, time, query, device_ref, size, n,
    json_transform(cell, '{"pid":"VARCHAR", "path":"VARCHAR", "cmdline":"VARCHAR", "time":"VARCHAR", "syscall":"VARCHAR", "eid":"VARCHAR",
      "uid":"VARCHAR", "username":"VARCHAR", "user":"VARCHAR", "host":"VARCHAR", "tty":"VARCHAR", "type":"VARCHAR", "remote_address":"VARCHAR",
      "remote_port":"VARCHAR", "protocol":"VARCHAR", "action":"VARCHAR", "driver":"VARCHAR", "vendor_id":"VARCHAR", "model_id":"VARCHAR",
      "vendor":"VARCHAR", "model":"VARCHAR", "serial":"VARCHAR"}') AS d
  FROM rows
  WHERE present
),
sorted AS (
  SELECT *,
    CASE
      WHEN (contains(query, 'process_events') OR coalesce(d.syscall, d.eid) IS NOT NULL) AND d.remote_address IS NULL AND coalesce(d.path, d.cmdline) IS NOT NULL THEN 'process.start'
      WHEN contains(query, 'socket_events') AND blank(d.remote_address) IS NOT NULL AND coalesce(d.action, 'connect') = 'connect' THEN 'network.connect'
      WHEN d.driver IS NOT NULL AND d.vendor_id IS NOT NULL AND d.action IN ('add', 'attach', 'attached', 'added', 'bind') THEN 'device.connect'
      -- A snapshot says again who is still logged in; only the row that was added is a logon.
      WHEN size = 1 AND coalesce(blank(d."user"), blank(d.username)) IS NOT NULL AND d.tty IS NOT NULL AND coalesce(d."type", 'user') IN ('user', '7', 'user-process', 'active') THEN 'logon'
      WHEN size = 1 AND blank(d."user") IS NOT NULL AND blank(d.host) IS NOT NULL THEN 'logon'
    END AS action
  FROM opened
)
SELECT
  s.uid || '~' || n AS uid,
  s.record,
  coalesce(epoch_utc(nullif(d.time, '0')), s.time) AS time,
  CASE s.action WHEN 'process.start' THEN 1007 WHEN 'network.connect' THEN 4001 WHEN 'logon' THEN 3002 ELSE 0 END AS class_uid,
  query AS activity,
  s.action AS action,
  'success' AS outcome,
  lower(coalesce(blank(d.username), blank(d."user"))) AS account,
  device_ref,
  CASE WHEN s.action = 'logon' THEN ip(d.host) END AS src_ip,
  CASE s.action
    WHEN 'process.start' THEN lower(nullif(regexp_extract(coalesce(blank(d.path), split_part(d.cmdline, ' ', 1)), '[^/\\]+$'), ''))
    WHEN 'network.connect' THEN lower(d.remote_address)
    WHEN 'device.connect' THEN blank(concat_ws(' ', blank(d.vendor), blank(d.model)))
  END AS target,
  CASE s.action WHEN 'process.start' THEN 'process' WHEN 'network.connect' THEN 'host' WHEN 'device.connect' THEN 'device' END AS target_kind,
  CASE s.action
    WHEN 'process.start' THEN blank(d.cmdline)
    WHEN 'network.connect' THEN blank(concat_ws(' ', CASE d.protocol WHEN '17' THEN 'udp' ELSE 'tcp' END || coalesce('/' || blank(d.remote_port), ''), nullif(lower(regexp_extract(d.path, '[^/\\]+$')), '')))
    WHEN 'device.connect' THEN lower(replace(d.vendor_id, '0x', '') || ':' || replace(d.model_id, '0x', '')) || coalesce(' ' || blank(d.serial), '')
    WHEN 'logon' THEN blank(d.tty)
  END AS detail
FROM (SELECT sorted.*, records.record FROM sorted JOIN records ON records.uid = sorted.uid WHERE sorted.action IS NOT NULL) AS s
