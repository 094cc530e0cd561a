-- into events
SELECT
  uid,
  reject,
  record,
  time,
  CASE
    WHEN action = 'signin' THEN 3002
    WHEN action LIKE 'account.%' OR action LIKE 'mfa.%' OR action = 'privilege.grant' THEN 3001
    WHEN action LIKE 'file.%' THEN 1001
    ELSE 6003
  END AS class_uid,
  r.Operation AS activity,
  action,
  CASE
    WHEN word = 'userloginfailed' THEN 'failure'
    -- A rule that blocked what was done.
    WHEN word = 'dlprulematch' AND record LIKE '%"BlockAccess"%' THEN 'failure'
    WHEN lower(r.ResultStatus) IN ('failed', 'failure', 'false') OR lower(r.ResultStatus) LIKE 'fail%' THEN 'failure'
    ELSE 'success'
  END AS outcome,
  CASE
    WHEN r.UserId = 'DlpAgent' THEN login(r.ExchangeMetaData."From")
    -- Microsoft's own processes act under names that are no logins.
    WHEN r.UserId IN ('Not Available', 'SecurityComplianceAlerts', 'SecurityComplianceInsights', 'app@sharepoint', 'SHAREPOINT\system', 'ServiceOperator')
      OR r.UserId LIKE 'ServicePrincipal%' OR r.UserId LIKE 'NT AUTHORITY%' OR r.UserId LIKE 'S-1-5-%' THEN NULL
    ELSE login(r.UserId)
  END AS account,
  coalesce(blank(r.DeviceId), blank(list_filter(device, lambda d: d.Name = 'Id')[1]."Value"), blank(r.DeviceName),
    blank(list_filter(device, lambda d: d.Name = 'DisplayName')[1]."Value")) AS device_ref,
  coalesce(blank(r.AppAccessContext.AADSessionId), blank(list_filter(device, lambda d: d.Name = 'SessionId')[1]."Value")) AS session_id,
  coalesce(ip(r.ClientIPAddress), ip(r.ClientIP), ip(r.ActorIpAddress)) AS src_ip,
  coalesce(blank(r.UserAgent), blank(list_filter(extra, lambda e: e.Name = 'UserAgent')[1]."Value"),
    blank(try_cast(list_filter(extra, lambda e: e.Name = 'additionalDetails')[1]."Value" AS JSON) ->> '$."User-Agent"')) AS user_agent,
  coalesce(blank(r.SourceFileName), blank(r.ApplicationDisplayName), blank(r.ObjectId)) AS target,
  CASE
    WHEN action LIKE 'file.%' OR blank(r.SourceFileName) IS NOT NULL THEN 'file'
    WHEN action = 'signin' OR blank(r.ApplicationDisplayName) IS NOT NULL THEN 'app'
    WHEN action LIKE 'account.%' OR action LIKE 'mfa.%' THEN 'account'
    ELSE lower(r.Workload)
  END AS target_kind,
  nullif(concat_ws('; ',
    blank(r.LogonError),
    'to ' || coalesce(blank(r.TargetUserOrGroupName), CASE WHEN word LIKE 'anonymouslink%' THEN 'anyone with the link' END,
      blank(list_filter(settings, lambda p: p.Name IN ('ForwardTo', 'ForwardingSmtpAddress', 'RedirectTo', 'ForwardAsAttachmentTo'))[1]."Value")),
    blank(r.TargetUserOrGroupType),
    'link for ' || blank(r.SharingLinkScope),
    'on ' || blank(r.SiteUrl)), '') AS detail
FROM (
  SELECT *,
    lower(r.Operation) AS word,
    json_transform(r.ExtendedProperties, '[{"Name":"VARCHAR","Value":"VARCHAR"}]') AS extra,
    json_transform(r.DeviceProperties, '[{"Name":"VARCHAR","Value":"VARCHAR"}]') AS device,
    json_transform(CASE WHEN json_type(r.Parameters) = 'ARRAY' THEN r.Parameters END, '[{"Name":"VARCHAR","Value":"VARCHAR"}]') AS settings,
    CASE
      WHEN word IN ('userloggedin', 'userloginfailed', 'teamssessionstarted', 'mailboxlogin') THEN 'signin'
      WHEN word IN ('filedownloaded', 'filesyncdownloadedfull', 'filesyncdownloadedpartial', 'filerecycledownloaded') THEN 'file.download'
      WHEN word IN ('fileuploaded', 'filesyncuploadedfull', 'filesyncuploadedpartial', 'fileuploadedpartial', 'fileuploadedtocloud') THEN 'file.upload'
      WHEN word IN ('fileaccessed', 'fileaccessedextended', 'filepreviewed') THEN 'file.view'
      WHEN word IN ('anonymouslinkcreated', 'anonymouslinkupdated', 'securelinkcreated', 'addedtosecurelink', 'companylinkcreated', 'sharingset',
        'sharinginvitationcreated', 'companysharinglinkcreated', 'sharinglinkcreated') THEN 'file.share'
      WHEN word IN ('add user.', 'add user', 'invite external user.') THEN 'account.create'
      WHEN word IN ('disable account.', 'delete user.', 'delete user', 'hard delete user.') THEN 'account.suspend'
      WHEN word IN ('update user.', 'reset user password.', 'change user password.', 'set force change user password.', 'enable account.', 'change user license.') THEN 'account.change'
      WHEN word IN ('user registered security info.', 'user registered security info', 'enable strong authentication.') THEN 'mfa.enroll'
      WHEN word IN ('user deleted security info.', 'user deleted security info', 'disable strong authentication.') THEN 'mfa.remove'
      WHEN word IN ('add registered owner to device.', 'add registered users to device.', 'add device.', 'register device.') THEN 'device.enroll'
      WHEN word IN ('add member to role.', 'add eligible member to role.', 'add-rolegroupmember', 'add-mailboxpermission', 'sitecollectionadminadded', 'add-managementroleassignment') THEN 'privilege.grant'
      WHEN word IN ('consent to application.', 'add oauth2permissiongrant.', 'add delegated permission grant.', 'add service principal credentials.') THEN 'token.create'
      ELSE coalesce(word, 'unknown')
    END AS action
  FROM records
)
