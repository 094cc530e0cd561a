-- into events
SELECT
  uid,
  reject,
  record,
  time,
  CASE
    WHEN r.eventType LIKE 'user.authentication.auth_via_mfa%' OR r.eventType LIKE 'system.push.%' THEN 3002
    WHEN r.eventType LIKE 'user.session.%' OR r.eventType LIKE 'user.authentication.%' OR r.eventType LIKE 'policy.evaluate_sign_on' THEN 3002
    WHEN r.eventType LIKE 'user.%' OR r.eventType LIKE 'group.%' THEN 3001
    ELSE 6003
  END AS class_uid,
  r.eventType AS activity,
  CASE
    WHEN r.eventType IN ('user.session.start', 'user.authentication.sso', 'user.authentication.authenticate', 'user.authentication.auth_via_IDP',
      'user.authentication.auth_via_idp', 'user.authentication.auth_via_social', 'user.authentication.verify', 'app.oauth2.signon') THEN 'signin'
    WHEN r.eventType = 'policy.evaluate_sign_on' THEN 'signin.policy'
    WHEN r.eventType IN ('user.authentication.auth_via_mfa', 'system.push.send_factor_verify_push', 'user.mfa.okta_verify', 'user.mfa.attempt_bypass')
      OR r.eventType LIKE 'user.mfa.okta_verify.%' THEN 'mfa.challenge'
    WHEN r.eventType IN ('user.mfa.factor.activate', 'user.mfa.factor.update') THEN 'mfa.enroll'
    WHEN r.eventType IN ('user.mfa.factor.deactivate', 'user.mfa.factor.reset_all', 'user.mfa.factor.suspend') THEN 'mfa.remove'
    WHEN r.eventType IN ('user.session.end', 'user.session.expire', 'user.session.clear') THEN 'session.end'
    WHEN r.eventType IN ('device.enrollment.create', 'device.user.add', 'device.lifecycle.activate') THEN 'device.enroll'
    WHEN r.eventType IN ('user.lifecycle.create', 'user.lifecycle.activate') THEN 'account.create'
    WHEN r.eventType IN ('user.lifecycle.suspend', 'user.lifecycle.deactivate', 'user.account.lock') THEN 'account.suspend'
    WHEN r.eventType IN ('user.account.privilege.grant', 'group.privilege.grant') THEN 'privilege.grant'
    WHEN r.eventType IN ('user.account.update_profile', 'user.account.update_password', 'user.account.reset_password', 'user.account.update_primary_email',
      'user.account.update_secondary_email') THEN 'account.change'
    WHEN r.eventType IN ('system.api_token.create', 'app.oauth2.as.token.grant') THEN 'token.create'
    ELSE lower(r.eventType)
  END AS action,
  CASE upper(r.outcome.result)
    WHEN 'SUCCESS' THEN 'success'
    WHEN 'ALLOW' THEN 'success'
    WHEN 'FAILURE' THEN 'failure'
    WHEN 'DENY' THEN 'failure'
    WHEN 'ABANDONED' THEN 'failure'
    ELSE 'unknown'
  END AS outcome,
  CASE WHEN r.actor.alternateId IN ('unknown', 'system@okta.com') THEN NULL ELSE login(r.actor.alternateId) END AS account,
  coalesce(blank(r.device.id), list_filter(r.target, lambda t: t."type" IN ('Device', 'ManagedDevice', 'MobileDevice'))[1].id) AS device_ref,
  coalesce(blank(r.debugContext.debugData.dtHash), blank(r.debugContext.debugData.deviceFingerprint)) AS device_token,
  CASE
    WHEN r.eventType IN ('user.mfa.factor.activate', 'user.mfa.factor.update', 'user.authentication.auth_via_mfa', 'system.push.send_factor_verify_push')
      THEN list_filter(r.target, lambda t: t."type" IN ('MfaFactor', 'AuthenticatorEnrollment', 'PushDevice', 'PhoneNumber'))[1].id
  END AS mfa_device,
  CASE WHEN r.authenticationContext.externalSessionId IN ('unknown', 'trs') THEN NULL ELSE blank(r.authenticationContext.externalSessionId) END AS session_id,
  ip(r.client.ipAddress) AS src_ip,
  r.client.geographicalContext.country AS src_country,
  r.client.geographicalContext.state AS src_region,
  r.client.geographicalContext.city AS src_city,
  r.client.geographicalContext.geolocation.lat AS src_lat,
  r.client.geographicalContext.geolocation.lon AS src_lon,
  r.securityContext.asNumber AS src_asn,
  coalesce(blank(r.securityContext.asOrg), blank(r.securityContext.isp)) AS src_as_org,
  CASE
    WHEN regexp_extract(r.debugContext.debugData.tunnels, '"operator"\s*:\s*"([^"]+)"', 1) <> ''
      THEN 'vpn:' || lower(regexp_extract(r.debugContext.debugData.tunnels, '"operator"\s*:\s*"([^"]+)"', 1))
    WHEN r.securityContext.isProxy THEN 'proxy'
  END AS src_network,
  blank(r.client.userAgent.rawUserAgent) AS user_agent,
  coalesce(r.target[1].displayName, r.target[1].alternateId) AS target,
  CASE
    WHEN r.target[1]."type" IN ('AppInstance', 'AppUser') THEN 'app'
    WHEN r.target[1]."type" = 'User' THEN 'account'
    ELSE lower(r.target[1]."type")
  END AS target_kind,
  coalesce(blank(r.outcome.reason), r.displayMessage) AS detail
FROM records
