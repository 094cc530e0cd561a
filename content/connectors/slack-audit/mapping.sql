-- into events
SELECT
  uid,
  reject,
  record,
  time,
  CASE WHEN action IN ('signin', 'session.end') THEN 3002 WHEN action LIKE 'account.%' OR action = 'privilege.grant' THEN 3001 ELSE 6003 END AS class_uid,
  r.action AS activity,
  action,
  CASE WHEN r.action LIKE '%fail%' OR r.action LIKE '%denied%' OR r.action LIKE '%blocked%' THEN 'failure' WHEN r.action = 'anomaly' THEN 'unknown' ELSE 'success' END AS outcome,
  coalesce(login(r.actor."user".email), login(r.actor."user".name), login(r.actor."user".id)) AS account,
  blank(r.context.session_id) AS session_id,
  ip(r.context.ip_address) AS src_ip,
  CASE WHEN r.action = 'anomaly' AND (r.details ->> '$.reason') LIKE '%"tor"%' THEN 'tor' END AS src_network,
  blank(r.context.ua) AS user_agent,
  CASE (r.entity ->> '$.type')
    WHEN 'user' THEN lower(coalesce(blank(r.entity ->> '$.user.email'), blank(r.entity ->> '$.user.name'), r.entity ->> '$.user.id'))
    WHEN 'file' THEN coalesce(blank(r.entity ->> '$.file.title'), blank(r.entity ->> '$.file.name'), r.entity ->> '$.file.id')
    WHEN 'app' THEN coalesce(blank(r.entity ->> '$.app.name'), r.entity ->> '$.app.id')
    WHEN 'channel' THEN coalesce(blank(r.entity ->> '$.channel.name'), r.entity ->> '$.channel.id')
    WHEN 'workspace' THEN coalesce(blank(r.entity ->> '$.workspace.name'), r.entity ->> '$.workspace.id')
    WHEN 'enterprise' THEN coalesce(blank(r.entity ->> '$.enterprise.name'), r.entity ->> '$.enterprise.id')
  END AS target,
  CASE (r.entity ->> '$.type') WHEN 'user' THEN 'account' ELSE lower(r.entity ->> '$.type') END AS target_kind,
  nullif(concat_ws('; ',
    CASE WHEN json_type(r.details -> '$.reason') = 'ARRAY' THEN array_to_string(try_cast(r.details -> '$.reason' AS VARCHAR[]), ', ') ELSE blank(r.details ->> '$.reason') END,
    'to ' || coalesce(blank(r.details ->> '$.external_organization_name'), blank(r.details ->> '$.shared_to'), blank(r.details ->> '$.url_private'), blank(r.details ->> '$.new_value')),
    'in ' || coalesce(blank(r.details ->> '$.channel_name'), blank(r.context.location.name))), '') AS detail
FROM (
  SELECT *,
    CASE
      WHEN r.action IN ('user_login', 'user_login_failed') THEN 'signin'
      WHEN r.action IN ('user_logout', 'user_session_invalidated', 'user_session_reset_by_admin', 'user_logout_non_compliant_mobile_app_version', 'user_logout_compromised') THEN 'session.end'
      WHEN r.action IN ('user_created', 'guest_created') THEN 'account.create'
      WHEN r.action IN ('user_deactivated', 'guest_deactivated', 'guest_expired', 'user_removed_from_enterprise') THEN 'account.suspend'
      WHEN r.action IN ('user_email_updated', 'user_reactivated', 'guest_reactivated', 'user_password_reset_by_admin', 'user_profile_updated', 'user_profile_deleted', 'guest_expiration_set') THEN 'account.change'
      WHEN r.action IN ('role_change_to_admin', 'role_change_to_owner', 'role_change_to_primary_owner', 'owner_transferred', 'permissions_assigned', 'role_assigned', 'role_modified') THEN 'privilege.grant'
      WHEN r.action IN ('file_downloaded', 'file_downloaded_blocked', 'canvas_downloaded', 'export_downloaded') THEN 'file.download'
      WHEN r.action IN ('file_uploaded', 'canvas_created') THEN 'file.upload'
      WHEN r.action IN ('file_shared', 'file_public_link_created', 'external_file_shared', 'canvas_shared', 'external_shared_channel_connected',
        'external_shared_channel_invite_created', 'external_shared_channel_invite_sent') THEN 'file.share'
      WHEN r.action IN ('file_opened', 'canvas_opened', 'file_viewed') THEN 'file.view'
      WHEN r.action IN ('legacy_token_created', 'user_api_token_created', 'app_token_created', 'app_installed', 'workflow_app_token_credentials_registered',
        'app_token_preserved') THEN 'token.create'
      WHEN r.action IN ('user_force_mfa_enabled', 'pref.two_factor_auth_enabled', 'user_mfa_enrolled') THEN 'mfa.enroll'
      WHEN r.action IN ('user_mfa_reset', 'user_two_factor_auth_reset') THEN 'mfa.remove'
      ELSE lower(coalesce(r.action, 'unknown'))
    END AS action
  FROM records
)
