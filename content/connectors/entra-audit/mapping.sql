-- into events
SELECT
  uid,
  reject,
  record,
  time,
  3001 AS class_uid,
  activity,
  CASE
    WHEN regexp_full_match(word, '(user|admin) (registered|changed|updated) (all required |default )?security info|enable strong authentication|.*registered security info.*') THEN 'mfa.enroll'
    WHEN regexp_full_match(word, '(user|admin) deleted security info|disable strong authentication|.*deleted security info.*') THEN 'mfa.remove'
    WHEN word IN ('register device', 'add device', 'add registered owner to device', 'add registered users to device') THEN 'device.enroll'
    WHEN word IN ('add user', 'invite external user', 'create user') THEN 'account.create'
    WHEN word IN ('disable account', 'delete user', 'hard delete user', 'block sign-in') THEN 'account.suspend'
    WHEN word IN ('update user', 'enable account', 'restore user', 'change user password', 'reset user password', 'change password (self-service)',
      'reset password (self-service)', 'reset password (by admin)', 'redeem external user invite', 'update external secrets', 'change user license') THEN 'account.change'
    WHEN regexp_full_match(word, 'add (scoped |eligible )?member to role.*') THEN 'privilege.grant'
    WHEN word IN ('consent to application', 'add service principal credentials', 'add oauth2permissiongrant', 'add delegated permission grant')
      OR word LIKE 'update application%certificates and secrets management%' THEN 'token.create'
    ELSE word
  END AS action,
  CASE lower(p.result) WHEN 'success' THEN 'success' WHEN 'failure' THEN 'failure' WHEN 'timeout' THEN 'failure' ELSE 'unknown' END AS outcome,
  login(p.initiatedBy."user".userPrincipalName) AS account,
  coalesce(
    list_filter(p.additionalDetails, lambda a: regexp_full_match(lower(a.key), 'device ?id'))[1]."value",
    device.displayName) AS device_ref,
  coalesce(ip(p.initiatedBy."user".ipAddress), ip(p.initiatedBy.app.ipAddress), ip(r.callerIpAddress),
    ip(list_filter(p.additionalDetails, lambda a: lower(a.key) IN ('ipaddr', 'ipaddress', 'ip address', 'client ip'))[1]."value")) AS src_ip,
  coalesce(blank(p.userAgent), blank(list_filter(p.additionalDetails, lambda a: lower(a.key) = 'user-agent')[1]."value")) AS user_agent,
  CASE WHEN shown."type" = 'User' OR blank(shown.userPrincipalName) IS NOT NULL THEN lower(coalesce(blank(shown.userPrincipalName), blank(shown.displayName), shown.id))
    ELSE coalesce(blank(shown.displayName), shown.id) END AS target,
  CASE
    WHEN shown."type" = 'User' OR blank(shown.userPrincipalName) IS NOT NULL THEN 'account'
    WHEN shown."type" IN ('ServicePrincipal', 'Application', 'App') THEN 'app'
    ELSE lower(shown."type")
  END AS target_kind,
  nullif(concat_ws('; ',
    CASE WHEN p.initiatedBy."user".userPrincipalName IS NULL THEN 'by ' || blank(p.initiatedBy.app.displayName) END,
    blank(p.resultReason),
    -- The role that was granted stands in the changed properties, quoted.
    'role ' || blank(trim(list_filter(shown.modifiedProperties, lambda c: c.displayName = 'Role.DisplayName')[1].newValue, '"'))), '') AS detail
FROM (
  SELECT *,
    lower(activity) AS word,
    list_filter(p.targetResources, lambda t: t."type" = 'Device')[1] AS device,
    coalesce(list_filter(p.targetResources, lambda t: t."type" = 'User')[1], p.targetResources[1]) AS shown
  FROM (
    SELECT uid, reject, record, time, r, p, coalesce(blank(p.activityDisplayName), blank(r.operationName)) AS activity
    FROM (
      SELECT uid, reject, record, time, r, json_transform(
        CASE
          WHEN json_type(r.properties) = 'OBJECT' THEN r.properties
          WHEN json_type(r.properties) = 'VARCHAR' THEN try_cast(r.properties ->> '$' AS JSON)
          -- Log Analytics: the same fields with a capital, and inner ones as text.
          WHEN r.TimeGenerated IS NOT NULL THEN json_object(
            'activityDisplayName', coalesce(record ->> '$.ActivityDisplayName', record ->> '$.OperationName'), 'result', record ->> '$.Result',
            'resultReason', record ->> '$.ResultReason', 'userAgent', record ->> '$.UserAgent',
            'initiatedBy', try_cast(record ->> '$.InitiatedBy' AS JSON),
            'targetResources', try_cast(record ->> '$.TargetResources' AS JSON), 'additionalDetails', try_cast(record ->> '$.AdditionalDetails' AS JSON))
          ELSE try_cast(record AS JSON)
        END,
        '{"activityDisplayName":"VARCHAR","result":"VARCHAR","resultReason":"VARCHAR","userAgent":"VARCHAR",
          "initiatedBy":{"user":{"userPrincipalName":"VARCHAR","ipAddress":"VARCHAR"},"app":{"displayName":"VARCHAR","ipAddress":"VARCHAR"}},
          "targetResources":[{"id":"VARCHAR","displayName":"VARCHAR","type":"VARCHAR","userPrincipalName":"VARCHAR",
            "modifiedProperties":[{"displayName":"VARCHAR","newValue":"VARCHAR"}]}],
          "additionalDetails":[{"key":"VARCHAR","value":"VARCHAR"}]}') AS p
      FROM records
    )
  )
)

-- into identifiers
SELECT uid, target AS account, 'phone' AS kind, phone AS value, 'second factor' AS context, time AS first_seen
FROM (
  SELECT uid, target, time, regexp_extract(raw, 'StrongAuthenticationUserDetails.{0,400}?newValue.{0,40}?PhoneNumber[\\": ]{1,12}(\+?[0-9][0-9 ()-]{6,24})', 1) AS phone
  FROM mapped
  WHERE target_kind = 'account' AND raw LIKE '%StrongAuthenticationUserDetails%'
)
WHERE phone <> ''
