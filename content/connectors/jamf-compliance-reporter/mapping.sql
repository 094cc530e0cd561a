-- into events
SELECT
  uid,
  reject,
  -- The product reports its own settings, with the keys of the cloud it writes to: those are left out of what is kept.
  CASE WHEN r.header.event_name = 'PREFERENCE_LIST_EVENT'
    THEN regexp_replace(record, '("[A-Za-z]*(?:Secret|Key|Token|Password)[A-Za-z]*"\s*:\s*)"(?:[^"\\]|\\.)*"', '\1"left out"', 'g') ELSE record END AS record,
  time,
  CASE
    WHEN r.header.event_name IN ('AUE_EXECVE', 'AUE_POSIX_SPAWN', 'AUE_EXIT', 'AUE_KILL', 'AUE_FORK', 'AUE_PTRACE') THEN 1007
    WHEN r.header.event_name IN ('AUE_CONNECT', 'AUE_ACCEPT', 'AUE_BIND', 'AUE_LISTEN') THEN 4001
    WHEN regexp_matches(r.header.event_name, '(?i)^AUE_(lw_)?(login|logout)|^AUE_(openssh|auth_user|ssauth)') THEN 3002
    WHEN r.header.event_name = 'FILE_EVENT' THEN 1001
    ELSE 0
  END AS class_uid,
  r.header.event_name AS activity,
  CASE
    WHEN r.header.event_name IN ('AUE_EXECVE', 'AUE_POSIX_SPAWN', 'AUE_EXEC') THEN 'process.start'
    WHEN r.header.event_name = 'AUE_CONNECT' AND r.socket_inet.ip_address IS NOT NULL THEN 'network.connect'
    WHEN lower(r.header.event_name) IN ('aue_lw_login', 'aue_login', 'aue_openssh') THEN 'logon'
    WHEN lower(r.header.event_name) IN ('aue_lw_logout', 'aue_logout') THEN 'session.end'
    ELSE lower(r.header.event_name)
  END AS action,
  CASE WHEN r."return".description ILIKE 'success%' THEN 'success' WHEN r."return".description ILIKE 'fail%' THEN 'failure' ELSE 'unknown' END AS outcome,
  -- Whose session it is outlasts sudo; -1 is nobody's.
  lower(coalesce(CASE WHEN NOT regexp_matches(r.subject.audit_user_name, '^-?[0-9]+$') THEN blank(r.subject.audit_user_name) END, blank(r.subject.user_name),
    blank(r.subject.effective_user_name), blank(r.event_attributes.job_user))) AS account,
  coalesce(blank(r.host_info.serial_number), blank(r.host_info.host_uuid), blank(r.host_info.host_name)) AS device_ref,
  coalesce(blank(r.host_info.serial_number), blank(r.host_info.host_uuid)) || ':' || blank(r.subject.session_id) AS session_id,
  CASE WHEN r.subject.terminal_id.ip_address <> '0.0.0.0' THEN ip(r.subject.terminal_id.ip_address) END AS src_ip,
  CASE
    WHEN r.header.event_name = 'AUE_EXECVE' THEN lower(nullif(regexp_extract(coalesce(blank(r.path[1]), r.subject.process_name), '[^/]+$'), ''))
    WHEN r.header.event_name = 'AUE_POSIX_SPAWN' THEN lower(nullif(regexp_extract(split_part(r.exec_args.args_compiled, ',', 1), '[^/]+$'), ''))
    WHEN r.header.event_name = 'AUE_CONNECT' THEN ip(r.socket_inet.ip_address)
    ELSE coalesce(blank(r.path[1]), blank(r.file_event_info.path), blank(r.event_attributes.path), blank(r.event_attributes.job_title))
  END AS target,
  CASE WHEN r.header.event_name IN ('AUE_EXECVE', 'AUE_POSIX_SPAWN') THEN 'process' WHEN r.header.event_name = 'AUE_CONNECT' THEN 'host'
    WHEN coalesce(r.path[1], r.file_event_info.path) IS NOT NULL THEN 'file' END AS target_kind,
  CASE
    WHEN r.header.event_name IN ('AUE_EXECVE', 'AUE_POSIX_SPAWN') THEN blank(replace(r.exec_args.args_compiled, ',', ' '))
    WHEN r.header.event_name = 'AUE_CONNECT' THEN blank(concat_ws(' ', 'port ' || r.socket_inet.port, nullif(lower(regexp_extract(r.subject.process_name, '[^/]+$')), '')))
    ELSE blank(array_to_string(r.texts, '; '))
  END AS detail
FROM records

-- into devices
SELECT
  min(uid) AS uid,
  device_ref,
  max(blank(json_extract_string(raw, '$.host_info.serial_number'))) AS serial,
  max(blank(json_extract_string(raw, '$.host_info.host_name'))) AS hostname,
  max(blank(json_extract_string(raw, '$.host_info.host_uuid'))) AS hardware_uuid,
  'macos' AS os,
  max_by(nullif(regexp_extract(json_extract_string(raw, '$.host_info.osversion'), '[0-9]+(\.[0-9]+)+'), ''), time) AS os_version,
  max(time) AS seen_at
FROM mapped
WHERE device_ref IS NOT NULL
GROUP BY device_ref
