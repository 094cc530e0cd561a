-- into events
SELECT
  uid,
  reject,
  record,
  time,
  CASE
    WHEN action IN ('signin', 'signin.policy', 'mfa.challenge', 'session.start', 'session.end') THEN 3002
    WHEN activity LIKE 'user.%' OR activity LIKE 'group.%' OR action IN ('mfa.enroll', 'mfa.remove') THEN 3001
    ELSE 6003
  END AS class_uid,
  activity,
  action,
  outcome,
  account,
  coalesce(
    blank(r.device.id),
    -- Most records name no device: the lambda runs only for those in which the word stands.
    CASE WHEN contains(record, 'Device"') THEN list_filter(r.target, lambda t: t."type" IN ('Device', 'UDDevice', 'ManagedDevice', 'MobileDevice'))[1].id END
  ) AS device_ref,
  coalesce(blank(r.debugContext.debugData.dtHash), blank(r.debugContext.debugData.deviceFingerprint)) AS device_token,
  -- A factor someone else enrols or resets is not the factor of the one who does it.
  CASE WHEN action IN ('mfa.enroll', 'mfa.challenge') AND (subject IS NULL OR subject = account)
    THEN list_filter(r.target, lambda t: t."type" IN ('MfaFactor', 'Factor', 'AuthenticatorEnrollment', 'PushDevice', 'PhoneNumber'))[1].id
  END AS mfa_device,
  CASE WHEN r.authenticationContext.externalSessionId IN ('unknown', 'trs') THEN NULL ELSE blank(r.authenticationContext.externalSessionId) END AS session_id,
  coalesce(ip(r.client.ipAddress), ip(r.request.ipChain[1].ip)) AS src_ip,
  CASE WHEN own_place THEN r.client.geographicalContext.country ELSE r.request.ipChain[1].geographicalContext.country END AS src_country,
  CASE WHEN own_place THEN r.client.geographicalContext.state ELSE r.request.ipChain[1].geographicalContext.state END AS src_region,
  CASE WHEN own_place THEN r.client.geographicalContext.city ELSE r.request.ipChain[1].geographicalContext.city END AS src_city,
  CASE WHEN own_place THEN r.client.geographicalContext.geolocation.lat ELSE r.request.ipChain[1].geographicalContext.geolocation.lat END AS src_lat,
  CASE WHEN own_place THEN r.client.geographicalContext.geolocation.lon ELSE r.request.ipChain[1].geographicalContext.geolocation.lon END AS src_lon,
  r.securityContext.asNumber AS src_asn,
  coalesce(blank(r.securityContext.asOrg), blank(r.securityContext.isp)) AS src_as_org,
  CASE
    WHEN r.debugContext.debugData.tunnels IS NOT NULL AND regexp_matches(r.debugContext.debugData.tunnels, '"type"\s*:\s*"TOR', 'i') THEN 'tor'
    WHEN regexp_extract(r.debugContext.debugData.tunnels, '"operator"\s*:\s*"([^"]+)"', 1) <> ''
      THEN 'vpn:' || lower(regexp_extract(r.debugContext.debugData.tunnels, '"operator"\s*:\s*"([^"]+)"', 1))
    WHEN lower(r.debugContext.debugData.proxyType) LIKE '%tor%' THEN 'tor'
    WHEN r.securityContext.isProxy OR blank(r.debugContext.debugData.proxyType) IS NOT NULL THEN 'proxy'
  END AS src_network,
  blank(r.client.userAgent.rawUserAgent) AS user_agent,
  CASE WHEN shown."type" IN ('User', 'AppUser') THEN lower(coalesce(blank(shown.alternateId), blank(shown.displayName)))
    ELSE coalesce(blank(shown.displayName), blank(shown.alternateId)) END AS target,
  CASE
    WHEN shown."type" = 'AppInstance' THEN 'app'
    WHEN shown."type" IN ('User', 'AppUser') THEN 'account'
    ELSE lower(shown."type")
  END AS target_kind,
  coalesce(blank(r.outcome.reason), blank(r.displayMessage)) AS detail,
  -- What a device says of itself, for the devices below.
  CASE WHEN device_ref IS NOT NULL THEN json_extract(record, '$.device') END AS _device,
  CASE WHEN device_ref IS NOT NULL AND blank(r.device.id) IS NULL THEN json_extract(record, '$.target') END AS _targets
FROM (
  SELECT
    uid, reject, record, time, r,
    r.eventType AS activity,
    CASE
      WHEN r.eventType IN ('user.session.start', 'user.authentication.sso', 'user.authentication.auth', 'user.authentication.authenticate',
        'user.authentication.verify', 'user.authentication.auth_via_AD_agent', 'user.authentication.auth_via_LDAP_agent',
        'user.authentication.auth_via_IDP', 'user.authentication.auth_via_idp', 'user.authentication.auth_via_inbound_SAML',
        'user.authentication.auth_via_inbound_delauth', 'user.authentication.auth_via_iwa', 'user.authentication.auth_via_radius',
        'user.authentication.auth_via_richclient', 'user.authentication.auth_via_social', 'app.oauth2.signon',
        'user.session.access_admin_app', 'device.platform_sso.authentication',
        'app.rich_client.login_success', 'app.rich_client.login_failure', 'app.kerberos_rich_client.user_authentication_successful') THEN 'signin'
      WHEN r.eventType IN ('policy.evaluate_sign_on', 'policy.auth_reevaluate.enforce', 'policy.auth_reevaluate.fail') THEN 'signin.policy'
      WHEN r.eventType IN ('user.authentication.auth_via_mfa', 'system.push.send_factor_verify_push', 'system.sms.send_factor_verify_message',
        'system.voice.send_mfa_challenge_call', 'system.email.send_factor_verify_message', 'system.email.challenge_factor_redeemed',
        'user.mfa.attempt_bypass', 'user.mfa.okta_verify', 'user.mfa.okta_verify.deny_push', 'user.mfa.okta_verify.deny_push_upgrade_needed') THEN 'mfa.challenge'
      WHEN r.eventType IN ('user.mfa.factor.activate', 'user.mfa.factor.unsuspend', 'user.mfa.factor.update', 'device.desktop_mfa.enrollment.create') THEN 'mfa.enroll'
      WHEN r.eventType IN ('user.mfa.factor.deactivate', 'user.mfa.factor.reset_all', 'user.mfa.factor.suspend') THEN 'mfa.remove'
      WHEN r.eventType IN ('user.session.end', 'user.session.expire', 'user.session.clear', 'user.authentication.slo', 'user.authentication.universal_logout') THEN 'session.end'
      WHEN r.eventType IN ('device.enrollment.create', 'device.user.add', 'device.platform_sso.enrollment.create', 'device.token.enrollment.create',
        'device.password_sync.enrollment.create') THEN 'device.enroll'
      WHEN r.eventType = 'user.lifecycle.create' THEN 'account.create'
      WHEN r.eventType IN ('user.lifecycle.suspend', 'user.lifecycle.deactivate', 'user.lifecycle.delete.initiated') THEN 'account.suspend'
      WHEN r.eventType IN ('user.account.privilege.grant', 'group.privilege.grant', 'iam.resourceset.bindings.add') THEN 'privilege.grant'
      WHEN r.eventType IN ('user.account.update_profile', 'user.account.update_password', 'user.account.reset_password', 'user.account.update_primary_email',
        'user.account.update_secondary_email', 'user.account.update_user_type', 'user.lifecycle.activate', 'user.lifecycle.reactivate',
        'user.lifecycle.unsuspend') THEN 'account.change'
      WHEN r.eventType IN ('system.api_token.create', 'system.api_token.enable') THEN 'token.create'
      ELSE lower(r.eventType)
    END AS action,
    CASE
      WHEN upper(r.outcome.result) IN ('SUCCESS', 'ALLOW') THEN 'success'
      WHEN upper(r.outcome.result) IN ('FAILURE', 'DENY', 'ABANDONED') THEN 'failure'
      ELSE 'unknown'
    END AS outcome,
    CASE WHEN r.actor.alternateId IN ('unknown', 'system@okta.com') THEN NULL ELSE login(r.actor.alternateId) END AS account,
    CASE WHEN r.eventType LIKE 'user.mfa.%' THEN login(list_filter(r.target, lambda t: t."type" = 'User')[1].alternateId) END AS subject,
    CASE
      WHEN len(r.target) < 2 OR r.target[1]."type" IN ('AppInstance', 'User') THEN r.target[1]
      ELSE coalesce(list_filter(r.target, lambda t: t."type" IN ('AppInstance', 'User'))[1], r.target[1])
    END AS shown,
    r.client.geographicalContext IS NOT NULL OR ip(r.client.ipAddress) IS NOT NULL AS own_place
  FROM records
)

-- into devices
SELECT
  uid,
  device_ref,
  coalesce(blank(_device ->> '$.serial_number'), blank(_device ->> '$.serialNumber'), blank(kit ->> '$.serialNumber')) AS serial,
  coalesce(blank(_device ->> '$.name'), blank(named)) AS hostname,
  blank(kit ->> '$.uuid') AS hardware_uuid,
  CASE WHEN kit IS NOT NULL AND action = 'device.enroll' THEN account END AS assigned_to,
  CASE system WHEN 'IOS' THEN 'phone' WHEN 'ANDROID' THEN 'phone' END AS kind,
  CASE system WHEN 'OSX' THEN 'macos' ELSE lower(system) END AS os,
  coalesce(blank(_device ->> '$.os_version'), blank(_device ->> '$.osVersion'), blank(kit ->> '$.osVersion')) AS os_version,
  yes(coalesce(_device ->> '$.managed', kit ->> '$.managed')) AS managed,
  CASE WHEN action = 'device.enroll' THEN time END AS enrolled_at,
  time AS seen_at,
  src_ip AS last_ip
FROM (
  SELECT
    *,
    found -> '$.detailEntry' AS kit,
    found ->> '$.displayName' AS named,
    upper(coalesce(blank(_device ->> '$.os_platform'), blank(_device ->> '$.osPlatform'), blank(found ->> '$.detailEntry.osPlatform'))) AS system
  FROM (
    SELECT
      m.uid, m.device_ref, m.action, m.account, m.time, m.src_ip, m._device,
      list_filter(CAST(json_extract(m._targets, '$[*]') AS JSON[]), lambda t: (t ->> '$.id') = m.device_ref)[1] AS found
    FROM mapped AS m
    -- The latest record of each device tells of it, so that a long log is not opened record by record.
    WHERE m.uid IN (
      SELECT arg_max(uid, (time, uid)) FROM mapped WHERE device_ref IS NOT NULL GROUP BY device_ref
      UNION ALL
      SELECT arg_max(uid, (time, uid)) FROM mapped WHERE device_ref IS NOT NULL AND activity LIKE 'device.%' GROUP BY device_ref
    )
  )
)
