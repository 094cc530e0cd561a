-- into events
-- detail by action: process.start the command line; logon and session.end the kind of logon; network.connect
-- protocol/port and program; network.dns the program that asked; device.connect the device's id.
WITH headed AS (
  SELECT
    uid, reject, record, time,
    -- The event's own data, wherever the format keeps it; a flat record is its own data.
    coalesce(
      r.winlog.event_data,
      json_extract(r.winlog.user_data, '$'),
      r.Event.EventData,
      json_extract(r.Event.UserData, '$.*')[1],
      CASE WHEN json_type(r.EventData) = 'OBJECT' THEN r.EventData END,
      json_extract(CASE WHEN json_type(r.UserData) = 'OBJECT' THEN r.UserData END, '$.*')[1],
      r.event_data
    ) AS own,
    r.Properties AS properties,
    coalesce(
      r.winlog.event_id,
      CASE json_type(r.Event.System.EventID) WHEN 'OBJECT' THEN r.Event.System.EventID ->> '$."#text"' ELSE r.Event.System.EventID ->> '$' END,
      CASE json_type(r.System.EventID) WHEN 'OBJECT' THEN r.System.EventID ->> '$."#text"' ELSE r.System.EventID ->> '$' END,
      r.EventID, r.event_id, r.Id
    ) AS id,
    coalesce(r.winlog.channel, r.Event.System.Channel, r.System.Channel, r.Channel, r.log_name, r.LogName) AS channel,
    coalesce(
      r.winlog.provider_name, r.SourceName, r.source_name, r.ProviderName, r.EventSourceName, r.Provider,
      r.Event.System.Provider ->> '$."#attributes".Name', r.Event.System.Provider ->> '$."@Name"', r.Event.System.Provider ->> '$.Name',
      r.System.Provider ->> '$."#attributes".Name', r.System.Provider ->> '$."@Name"', r.System.Provider ->> '$.Name'
    ) AS provider,
    blank(coalesce(r.winlog.computer_name, r.Event.System.Computer, r.System.Computer, r.Computer, r.Hostname, r.ComputerName, r.computer_name,
      r.MachineName, r.host.name, r.host.hostname)) AS computer,
    lower(coalesce(r.winlog.outcome, CAST(r.winlog.keywords AS VARCHAR), r.Event.System.Keywords, r.System.Keywords, r.Keywords, r.EventType)) AS audit,
    r.winlog.user.name AS writer,
    r.Message AS message
  FROM records
),
opened AS (
  SELECT * EXCLUDE (own),
    CASE
      -- Converters of XML keep the data as a list of named values.
      WHEN json_type(own, '$.Data') = 'ARRAY' THEN
        '{' || array_to_string(list_transform(
          list_filter(json_extract(own, '$.Data[*]'), lambda x: coalesce(x ->> '$."@Name"', x ->> '$.Name', x ->> '$."#attributes".Name') IS NOT NULL),
          lambda x: CAST(to_json(coalesce(x ->> '$."@Name"', x ->> '$.Name', x ->> '$."#attributes".Name')) AS VARCHAR) || ':' ||
            coalesce(CAST(to_json(coalesce(x ->> '$."#text"', x ->> '$.Value', x ->> '$.content')) AS VARCHAR), 'null')), ',') || '}'
      WHEN json_type(own) = 'OBJECT' THEN CAST(own AS VARCHAR)
      -- Get-WinEvent gives Sysmon's fields as lines of the message, and Security's by place.
      WHEN json_type(properties) = 'ARRAY' AND channel ILIKE '%sysmon%' THEN
        '{' || array_to_string(list_transform(regexp_extract_all(message, '(?m)^[A-Z][A-Za-z0-9]+: [^\r\n]*'),
          lambda x: CAST(to_json(split_part(x, ': ', 1)) AS VARCHAR) || ':' || CAST(to_json(substr(x, strpos(x, ': ') + 2)) AS VARCHAR)), ',') || '}'
      WHEN json_type(properties) = 'ARRAY' AND id = '4624' THEN CAST(json_object('TargetUserName', properties ->> '$[5].Value',
        'LogonType', properties ->> '$[8].Value', 'IpAddress', properties ->> '$[18].Value') AS VARCHAR)
      WHEN json_type(properties) = 'ARRAY' AND id = '4625' THEN CAST(json_object('TargetUserName', properties ->> '$[5].Value',
        'LogonType', properties ->> '$[10].Value', 'IpAddress', properties ->> '$[19].Value') AS VARCHAR)
      WHEN json_type(properties) = 'ARRAY' AND id = '4688' THEN CAST(json_object('SubjectUserName', properties ->> '$[1].Value',
        'NewProcessName', properties ->> '$[5].Value', 'CommandLine', properties ->> '$[8].Value') AS VARCHAR)
      ELSE record
    END AS data
  FROM headed
),
named AS (
  SELECT * EXCLUDE (data),
    -- Windows writes a lone dash for nothing.
    json_transform(regexp_replace(data, ':\s*"-?"', ':null', 'g'), '{"User":"VARCHAR","Image":"VARCHAR","CommandLine":"VARCHAR","ProcessCommandLine":"VARCHAR","NewProcessName":"VARCHAR",
      "ProcessName":"VARCHAR","SubjectUserName":"VARCHAR","TargetUserName":"VARCHAR","OldTargetUserName":"VARCHAR","AccountName":"VARCHAR","Account":"VARCHAR","Param1":"VARCHAR",
      "Param3":"VARCHAR","IpAddress":"VARCHAR","Address":"VARCHAR","ClientAddress":"VARCHAR","SourceIp":"VARCHAR","DestinationIp":"VARCHAR",
      "DestinationHostname":"VARCHAR","DestinationPort":"VARCHAR","Protocol":"VARCHAR","QueryName":"VARCHAR","QueryStatus":"VARCHAR","LogonType":"VARCHAR",
      "TargetLogonId":"VARCHAR","LogonId":"VARCHAR","LogonID":"VARCHAR","MemberName":"VARCHAR","MemberSid":"VARCHAR","TargetSid":"VARCHAR",
      "ServiceName":"VARCHAR","ServiceFileName":"VARCHAR","ImagePath":"VARCHAR","DeviceId":"VARCHAR","DeviceDescription":"VARCHAR","ClassName":"VARCHAR",
      "DeviceInstanceId":"VARCHAR","TargetFilename":"VARCHAR","ScriptBlockText":"VARCHAR","ContextInfo":"VARCHAR","param2":"VARCHAR","param3":"VARCHAR","Path":"VARCHAR","TargetObject":"VARCHAR","Status":"VARCHAR"}') AS d,
    CASE
      WHEN concat_ws(' ', channel, provider) ILIKE '%sysmon%' OR (channel IS NULL AND provider IS NULL AND data LIKE '%"UtcTime"%') THEN 'Sysmon'
      WHEN channel ILIKE 'security' OR provider ILIKE '%security-auditing%' OR (channel IS NULL AND provider IS NULL) THEN 'Security'
      ELSE regexp_replace(regexp_replace(coalesce(channel, provider), '^(Microsoft-Windows-|Linux-)', ''), '/.*$', '')
    END AS log
  FROM opened
),
told AS (
  SELECT *, log || ' ' || id AS event FROM named
),
read AS (
  SELECT *,
    CASE
      WHEN event = 'Sysmon 3' THEN d.SourceIp
      WHEN event = 'TerminalServices-RemoteConnectionManager 1149' THEN d.Param3
      ELSE coalesce(d.IpAddress, d.ClientAddress, d.Address)
    END AS address,
    nullif(lower(regexp_extract(coalesce(d.Image, d.NewProcessName, d.ProcessName), '[^\\/]+$')), '') AS program
  FROM told
)
SELECT
  uid, reject, record, time,
  CASE
    WHEN event IN ('Sysmon 1', 'Sysmon 5', 'Sysmon 8', 'Sysmon 10', 'Sysmon 25', 'Security 4688', 'Security 4689') THEN 1007
    WHEN event IN ('Sysmon 2', 'Sysmon 11', 'Sysmon 15', 'Sysmon 23', 'Sysmon 26', 'Sysmon 27') THEN 1001
    WHEN event = 'Sysmon 3' THEN 4001
    WHEN event = 'Sysmon 22' THEN 4003
    WHEN event IN ('Security 4624', 'Security 4625', 'Security 4634', 'Security 4647', 'Security 4648', 'Security 4768', 'Security 4769', 'Security 4770',
      'Security 4771', 'Security 4776', 'Security 4778', 'Security 4779', 'TerminalServices-LocalSessionManager 21',
      'TerminalServices-LocalSessionManager 25', 'TerminalServices-RemoteConnectionManager 1149') THEN 3002
    WHEN log = 'Security' AND (id BETWEEN '4720' AND '4726' OR id IN ('4738', '4740', '4767', '4781')) THEN 3001
    WHEN log = 'Security' AND id BETWEEN '4727' AND '4764' THEN 3006
    ELSE 0
  END AS class_uid,
  event AS activity,
  CASE
    WHEN event IN ('Sysmon 1', 'Security 4688') THEN 'process.start'
    WHEN event = 'Sysmon 3' THEN 'network.connect'
    WHEN event IN ('Sysmon 22', 'DNS-Client 3006', 'DNS-Client 3008') THEN 'network.dns'
    WHEN event IN ('Security 4624', 'Security 4625', 'Security 4778', 'TerminalServices-LocalSessionManager 21', 'TerminalServices-LocalSessionManager 25',
      'TerminalServices-RemoteConnectionManager 1149') THEN 'logon'
    WHEN event IN ('Security 4634', 'Security 4647', 'Security 4779', 'TerminalServices-LocalSessionManager 23', 'TerminalServices-LocalSessionManager 24') THEN 'session.end'
    WHEN event = 'Security 4720' THEN 'account.create'
    WHEN event IN ('Security 4722', 'Security 4723', 'Security 4724', 'Security 4738', 'Security 4767', 'Security 4781') THEN 'account.change'
    WHEN event IN ('Security 4725', 'Security 4726', 'Security 4740') THEN 'account.suspend'
    -- Only groups that give power over a computer or the domain: administrators, remote desktop users, and their domain kin.
    WHEN event IN ('Security 4728', 'Security 4732', 'Security 4756') AND (
      regexp_matches(d.TargetSid, '^S-1-5-32-(544|547|551|555|580)$') OR regexp_matches(d.TargetSid, '-(512|518|519|520)$')
      OR lower(d.TargetUserName) IN ('administrators', 'domain admins', 'enterprise admins', 'schema admins', 'remote desktop users')) THEN 'privilege.grant'
    WHEN event IN ('Security 6416') OR (log LIKE 'Kernel-PnP%' AND id IN ('400', '410')) THEN 'device.connect'
    ELSE lower(event)
  END AS action,
  CASE
    WHEN event IN ('Security 4625', 'Security 4771') THEN 'failure'
    WHEN event = 'Security 4776' AND d.Status IS NOT NULL THEN CASE WHEN regexp_matches(lower(d.Status), '^(0x)?0+$') THEN 'success' ELSE 'failure' END
    WHEN audit LIKE '%failure%' OR audit LIKE '0x%80100000%' THEN 'failure'
    WHEN audit LIKE '%success%' OR audit LIKE '0x%80200000%' THEN 'success'
    WHEN event = 'Sysmon 22' THEN CASE WHEN d.QueryStatus = '0' THEN 'success' WHEN d.QueryStatus IS NULL THEN 'unknown' ELSE 'failure' END
    WHEN event IN ('Sysmon 1', 'Security 4624', 'Security 4688', 'Security 6416') THEN 'success'
    ELSE 'unknown'
  END AS outcome,
  -- Who did it; for logons and Kerberos, who it was done as.
  lower(regexp_replace(CASE
    WHEN log = 'Sysmon' THEN d.User
    WHEN event IN ('Security 4624', 'Security 4625', 'Security 4634', 'Security 4647', 'Security 4768', 'Security 4769', 'Security 4770', 'Security 4771', 'Security 4776')
      THEN coalesce(d.TargetUserName, d.Account, d.SubjectUserName)
    WHEN event IN ('Security 4778', 'Security 4779') THEN d.AccountName
    WHEN event = 'TerminalServices-RemoteConnectionManager 1149' THEN d.Param1
    WHEN log LIKE '%PowerShell' THEN coalesce(blank(trim(regexp_extract(concat_ws(chr(10), d.ContextInfo, d.param2, d.param3), '(?m)^\s*User(?:Id)? ?= ?(.*)$', 1))), blank(writer))
    ELSE coalesce(d.SubjectUserName, d.User, d.AccountName, d.Account, d.TargetUserName, blank(writer))
  END, '^[^\\]*\\', '')) AS account,
  computer AS device_ref,
  computer || ':' || lower(blank(coalesce(d.TargetLogonId, d.LogonId, d.LogonID))) AS session_id,
  ip(address) AS src_ip,
  CASE
    WHEN event = 'Sysmon 3' THEN lower(coalesce(d.DestinationHostname, d.DestinationIp))
    WHEN log IN ('Sysmon', 'DNS-Client') AND d.QueryName IS NOT NULL THEN lower(rtrim(d.QueryName, '.'))
    WHEN event = 'Sysmon 11' THEN d.TargetFilename
    WHEN event IN ('Sysmon 12', 'Sysmon 13', 'Sysmon 14') THEN d.TargetObject
    WHEN log = 'Sysmon' OR event IN ('Security 4688', 'Security 4689')
      THEN program
    WHEN event IN ('Security 4728', 'Security 4729', 'Security 4732', 'Security 4733', 'Security 4756', 'Security 4757')
      THEN lower(coalesce(nullif(regexp_extract(d.MemberName, '^CN=((?:[^,\\]|\\.)+)', 1), ''), d.MemberName, d.MemberSid))
    WHEN log = 'Security' AND id BETWEEN '4720' AND '4767' OR event IN ('Security 4648', 'Security 4781') THEN lower(d.TargetUserName)
    WHEN event IN ('Security 4697', 'System 7045') THEN d.ServiceName
    WHEN event = 'Security 6416' OR log LIKE 'Kernel-PnP%' THEN coalesce(d.DeviceDescription, d.DeviceId, d.DeviceInstanceId)
    WHEN log = 'PowerShell' THEN d.Path
  END AS target,
  CASE
    WHEN event IN ('Sysmon 3', 'Sysmon 22') OR log = 'DNS-Client' THEN 'host'
    WHEN event = 'Sysmon 11' OR log = 'PowerShell' THEN 'file'
    WHEN event IN ('Sysmon 12', 'Sysmon 13', 'Sysmon 14') THEN 'registry'
    WHEN log = 'Sysmon' OR event IN ('Security 4688', 'Security 4689') THEN 'process'
    WHEN log = 'Security' AND id BETWEEN '4720' AND '4767' OR event IN ('Security 4648', 'Security 4781') THEN 'account'
    WHEN event IN ('Security 4697', 'System 7045') THEN 'service'
    WHEN event = 'Security 6416' OR log LIKE 'Kernel-PnP%' THEN 'device'
  END AS target_kind,
  CASE
    WHEN event IN ('Sysmon 1', 'Security 4688') THEN coalesce(d.CommandLine, d.ProcessCommandLine)
    WHEN event = 'Sysmon 3' THEN concat_ws(' ', lower(d.Protocol) || coalesce('/' || d.DestinationPort, ''), program)
    WHEN event = 'Sysmon 22' THEN program
    WHEN event = 'Security 4778' OR log LIKE 'TerminalServices-%' THEN 'remote desktop'
    WHEN event IN ('Security 4624', 'Security 4625', 'Security 4634', 'Security 4647') AND d.LogonType IS NOT NULL THEN
      'type ' || d.LogonType || coalesce(', ' || CASE d.LogonType WHEN '2' THEN 'interactive' WHEN '3' THEN 'network' WHEN '4' THEN 'batch'
        WHEN '5' THEN 'service' WHEN '7' THEN 'unlock' WHEN '8' THEN 'network, clear text' WHEN '9' THEN 'new credentials'
        WHEN '10' THEN 'remote interactive' WHEN '11' THEN 'cached interactive' WHEN '12' THEN 'cached remote interactive' WHEN '13' THEN 'cached unlock' END, '')
    WHEN event IN ('Security 4728', 'Security 4729', 'Security 4732', 'Security 4733', 'Security 4756', 'Security 4757') THEN d.TargetUserName
    WHEN event = 'Security 4781' THEN d.OldTargetUserName
    WHEN event = 'Security 4697' THEN d.ServiceFileName
    WHEN event = 'System 7045' THEN d.ImagePath
    WHEN event = 'Security 6416' OR log LIKE 'Kernel-PnP%' THEN coalesce(d.DeviceId, d.DeviceInstanceId)
    WHEN event = 'PowerShell 4104' THEN left(d.ScriptBlockText, 500)
    WHEN event = 'Sysmon 11' THEN program
  END AS detail,
  -- What kind of device it is, in words that do not change with the language of the system.
  CASE WHEN event = 'Security 6416' THEN d.ClassName END AS _class
FROM read

-- into inventory
SELECT
  uid,
  device_ref,
  'usb_device' AS kind,
  lower(regexp_extract(detail, 'VID_([0-9A-Fa-f]{4})', 1) || ':' || regexp_extract(detail, 'PID_([0-9A-Fa-f]{4})', 1)) AS key,
  -- Windows writes its own numbering, with ampersands, where a device has no serial.
  nullif(regexp_extract(detail, '^USB\\VID_[^\\&]*&PID_[^\\&]*\\([^&\\]+)$', 1), '') AS value,
  blank(concat_ws(' ', CASE WHEN target <> detail THEN target END, '(' || _class || ')')) AS detail,
  true AS present,
  time AS seen_at
FROM mapped
WHERE action = 'device.connect' AND device_ref IS NOT NULL AND regexp_matches(detail, 'VID_[0-9A-Fa-f]{4}&PID_[0-9A-Fa-f]{4}')

-- into identifiers
SELECT
  uid,
  device_ref,
  'usb_serial' AS kind,
  regexp_extract(detail, '^USB\\VID_[^\\&]*&PID_[^\\&]*\\([^&\\]+)$', 1) AS value,
  target AS context,
  time AS first_seen,
  time AS last_seen
FROM mapped
WHERE action = 'device.connect' AND device_ref IS NOT NULL AND regexp_extract(detail, '^USB\\VID_[^\\&]*&PID_[^\\&]*\\([^&\\]+)$', 1) <> ''
