-- into events
SELECT
  CASE WHEN many THEN uid || '~' || n ELSE uid END AS uid,
  record,
  time,
  CASE
    WHEN app IN ('login', 'saml') THEN 3002
    WHEN app IN ('admin', 'user_accounts', 'groups', 'groups_enterprise') THEN 3001
    WHEN app = 'drive' THEN 1001
    ELSE 6003
  END AS class_uid,
  activity,
  action,
  CASE
    WHEN param['login_challenge_status'] ILIKE '%fail%' OR word LIKE '%\_failure' ESCAPE '\' OR word LIKE '%\_failed' ESCAPE '\' OR word LIKE '%deny%' THEN 'failure'
    WHEN word IN ('login_challenge', 'login_verification') AND param['login_challenge_status'] IS NULL THEN 'unknown'
    WHEN word LIKE 'suspicious%' OR word LIKE '%attack%' THEN 'unknown'
    ELSE 'success'
  END AS outcome,
  coalesce(login(r.actor.email), CASE WHEN app IN ('login', 'saml') THEN lower(param['affected_email_address']) END) AS account,
  coalesce(param['device_id'], param['caa_device_id'], param['resource_id']) AS device_ref,
  ip(r.ipAddress) AS src_ip,
  blank(r.networkInfo.regionCode) AS src_country,
  -- ISO 3166-2 with the country in front.
  blank(regexp_replace(r.networkInfo.subdivisionCode, '^[A-Z]{2}-', '')) AS src_region,
  r.networkInfo.ipAsn[1] AS src_asn,
  coalesce(param['user_agent'], param['user_agent_string']) AS user_agent,
  CASE
    WHEN app = 'drive' THEN coalesce(param['doc_title'], param['doc_id'])
    WHEN app = 'token' THEN coalesce(param['app_name'], param['client_id'])
    WHEN app = 'saml' THEN param['application_name']
    WHEN app IN ('admin', 'mobile', 'device') THEN lower(coalesce(param['user_email'], param['group_email'], param['role_name'],
      param['application_name'], param['setting_name'], param['domain_name']))
    ELSE coalesce(lower(param['affected_email_address']), lower(param['group_email']), param['group_id'], param['caa_application'])
  END AS target,
  CASE
    WHEN app = 'drive' THEN 'file'
    WHEN app IN ('token', 'saml') OR param['caa_application'] IS NOT NULL THEN 'app'
    WHEN coalesce(param['user_email'], param['affected_email_address']) IS NOT NULL THEN 'account'
    WHEN coalesce(param['group_email'], param['group_id']) IS NOT NULL THEN 'group'
    WHEN app = 'admin' THEN 'setting'
  END AS target_kind,
  nullif(CASE app
    WHEN 'drive' THEN concat_ws('; ',
      'to ' || coalesce(param['target_user'], param['target'], param['target_domain'], param['new_owner'], param['recipients']),
      'access ' || coalesce(param['old_value'], 'none') || ' → ' || new_value,
      'visibility ' || coalesce(param['old_visibility'] || ' → ', '') || param['visibility'],
      'owner ' || param['owner'])
    WHEN 'token' THEN concat_ws('; ', 'client ' || param['client_id'], param['scope'])
    WHEN 'login' THEN concat_ws('; ', param['login_failure_type'], param['login_type'], param['login_challenge_method'],
      param['login_challenge_status'], CASE WHEN param['is_suspicious'] = 'true' THEN 'called suspicious by Google' END)
    WHEN 'saml' THEN concat_ws('; ', param['failure_type'], param['initiated_by'])
    WHEN 'admin' THEN concat_ws('; ', param['setting_name'], param['role_name'], param['privilege_name'], param['api_client_name'],
      coalesce(param['old_value'], 'none') || ' → ' || new_value)
    ELSE concat_ws('; ', param['email_forwarding_destination_address'], param['device_model'], param['account_state'], param['caa_device_state'])
  END, '') AS detail,
  try_cast(param['num_response_bytes'] AS BIGINT) AS count
FROM (
  SELECT
    uid, record, time, r, app, n, many, activity, word,
    texts[list_position(names, 'new_value')] AS new_value,
    -- Every parameter by its name; NULL for the ways of writing nothing.
    map(list_distinct(names), list_transform(list_distinct(names), lambda k: blank(texts[list_position(names, k)]))) AS param,
    CASE
      WHEN app IN ('login', 'saml') AND word IN ('login_success', 'login_failure') THEN 'signin'
      WHEN app = 'login' AND word IN ('login_challenge', 'login_verification') THEN 'mfa.challenge'
      WHEN app = 'login' AND word = 'logout' THEN 'session.end'
      WHEN word IN ('2sv_enroll', 'passkey_enrolled', 'titanium_enroll') THEN 'mfa.enroll'
      WHEN word IN ('2sv_disable', 'passkey_removed', 'turn_off_2_step_verification', 'unenroll_user_from_strong_auth', 'unenroll_user_from_titanium',
        'revoke_security_key', 'security_key_removed') THEN 'mfa.remove'
      WHEN word IN ('password_edit', 'recovery_email_edit', 'recovery_phone_edit', 'recovery_secret_qa_edit', 'change_password', 'change_recovery_email',
        'change_recovery_phone', 'rename_user', 'unsuspend_user', 'undelete_user', 'change_first_name', 'change_last_name',
        'change_password_on_next_login', 'add_nickname', 'unblock_user_session') AND app IN ('login', 'user_accounts', 'admin') THEN 'account.change'
      WHEN word LIKE 'account\_disabled%' ESCAPE '\' OR word IN ('suspend_user', 'delete_user', 'archive_user') AND app = 'admin' THEN 'account.suspend'
      WHEN app = 'admin' AND word = 'create_user' THEN 'account.create'
      WHEN app = 'admin' AND word IN ('grant_admin_privilege', 'grant_delegated_admin_privileges', 'assign_role') THEN 'privilege.grant'
      WHEN app = 'token' AND word = 'authorize' OR app = 'admin' AND word = 'authorize_api_client_access' THEN 'token.create'
      WHEN app = 'drive' AND word IN ('view', 'preview') THEN 'file.view'
      WHEN app = 'drive' AND word IN ('download', 'sync_item_content') THEN 'file.download'
      WHEN app = 'drive' AND word IN ('upload', 'create') THEN 'file.upload'
      -- A share that takes access away is none.
      WHEN app = 'drive' AND word IN ('change_user_access', 'change_document_visibility', 'change_acl_editors', 'change_document_access_scope',
        'change_document_access_scope_hierarchy_reconciled', 'change_user_access_hierarchy_reconciled', 'change_document_visibility_hierarchy_reconciled',
        'shared_drive_membership_change', 'team_drive_membership_change', 'email_as_attachment', 'change_owner', 'publish')
        AND coalesce(lower(texts[list_position(names, 'new_value')]), '') NOT IN ('none', 'private')
        AND NOT (word LIKE 'change_document_visibility%' AND coalesce(texts[list_position(names, 'visibility')], '') = 'private')
        AND coalesce(texts[list_position(names, 'membership_change_type')], '') NOT ILIKE 'remove%' THEN 'file.share'
      WHEN word = 'device_register_unregister_event' AND coalesce(texts[list_position(names, 'account_state')], 'REGISTERED') = 'REGISTERED' THEN 'device.enroll'
      ELSE word
    END AS action
  FROM (
    SELECT uid, record, time, r, n, many, lower(coalesce(r.id.applicationName, '')) AS app, e.name AS activity, lower(coalesce(e.name, 'unknown')) AS word,
      CASE WHEN json_type(e.parameters) = 'OBJECT' THEN list_transform(map_keys(json_transform(e.parameters, '"MAP(VARCHAR, VARCHAR)"')), lambda k: lower(k))
        ELSE list_transform(listed, lambda p: lower(coalesce(p.name, ''))) END AS names,
      CASE WHEN json_type(e.parameters) = 'OBJECT' THEN map_values(json_transform(e.parameters, '"MAP(VARCHAR, VARCHAR)"'))
        ELSE list_transform(listed, lambda p: coalesce(p."value", p.intValue, p.boolValue, array_to_string(p.multiValue, ', '), array_to_string(p.multiIntValue, ', '))) END AS texts
    FROM (
      SELECT *, CASE WHEN json_type(e.parameters) = 'ARRAY' THEN json_transform(e.parameters,
        '[{"name":"VARCHAR","value":"VARCHAR","intValue":"VARCHAR","boolValue":"VARCHAR","multiValue":["VARCHAR"],"multiIntValue":["VARCHAR"]}]') END AS listed
      FROM (
        SELECT uid, record, time, r, len(list) > 1 AS many, unnest(list) AS e, generate_subscripts(list, 1) AS n
        FROM (
          SELECT *, CASE
            WHEN json_type(r.events) = 'ARRAY' THEN json_transform(r.events, '[{"name":"VARCHAR","parameters":"JSON"}]')
            WHEN json_type(r.events) = 'OBJECT' THEN [json_transform(r.events, '{"name":"VARCHAR","parameters":"JSON"}')]
            ELSE [{'name': r.name, 'parameters': r.parameters}]
          END AS list
          FROM records
        )
      )
    )
  )
)

-- into devices
SELECT
  uid, device_ref,
  param['serial_number'] AS serial,
  lower(param['user_email']) AS assigned_to,
  param['device_model'] AS model,
  CASE upper(param['device_type']) WHEN 'IOS' THEN 'ios' WHEN 'ANDROID' THEN 'android' WHEN 'MAC' THEN 'macos' WHEN 'WINDOWS' THEN 'windows'
    WHEN 'LINUX' THEN 'linux' WHEN 'CHROME_OS' THEN 'chromeos' END AS os,
  param['os_version'] AS os_version,
  CASE upper(param['device_ownership']) WHEN 'COMPANY_OWNED' THEN true END AS managed,
  CASE upper(param['device_compliance']) WHEN 'COMPLIANT' THEN true WHEN 'NON_COMPLIANT' THEN false END AS compliant,
  CASE WHEN word = 'device_register_unregister_event' AND coalesce(param['account_state'], 'REGISTERED') = 'REGISTERED' THEN time END AS enrolled_at,
  time AS seen_at
FROM (
  SELECT *, coalesce(param['device_id'], param['resource_id']) AS device_ref
  FROM (
    SELECT uid, time, word, map(list_distinct(names), list_transform(list_distinct(names), lambda k: blank(texts[list_position(names, k)]))) AS param
    FROM (
      SELECT uid, time, word,
        CASE WHEN listed IS NULL THEN list_transform(map_keys(named), lambda k: lower(k)) ELSE list_transform(listed, lambda p: lower(coalesce(p.name, ''))) END AS names,
        CASE WHEN listed IS NULL THEN map_values(named) ELSE list_transform(listed, lambda p: p."value") END AS texts
      FROM (
        SELECT uid, time, lower(e.name) AS word,
          CASE WHEN json_type(e.parameters) = 'ARRAY' THEN json_transform(e.parameters, '[{"name":"VARCHAR","value":"VARCHAR"}]') END AS listed,
          CASE WHEN json_type(e.parameters) = 'OBJECT' THEN json_transform(e.parameters, '"MAP(VARCHAR, VARCHAR)"') END AS named
        FROM (
          SELECT uid, time, unnest(CASE
            WHEN json_type(r.events) = 'ARRAY' THEN json_transform(r.events, '[{"name":"VARCHAR","parameters":"JSON"}]')
            WHEN json_type(r.events) = 'OBJECT' THEN [json_transform(r.events, '{"name":"VARCHAR","parameters":"JSON"}')]
            ELSE [{'name': r.name, 'parameters': r.parameters}] END) AS e
          FROM records
          WHERE lower(r.id.applicationName) IN ('mobile', 'device', 'devices', 'chrome')
        )
      )
    )
  )
)
WHERE device_ref IS NOT NULL
