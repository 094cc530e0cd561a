-- into events
SELECT
  uid,
  reject,
  record,
  time,
  CASE
    WHEN action IN ('signin', 'mfa.challenge', 'session.start', 'session.end') THEN 3002
    WHEN action LIKE 'account.%' OR action LIKE 'mfa.%' OR action = 'privilege.grant' THEN 3001
    ELSE 6003
  END AS class_uid,
  r.action AS activity,
  action,
  CASE
    WHEN word LIKE '%fail%' OR word LIKE '%rejected%' OR word LIKE '%denied%' OR word LIKE '%blocked%' THEN 'failure'
    ELSE 'success'
  END AS outcome,
  login(r.actor) AS account,
  ip(r.actor_ip) AS src_ip,
  coalesce(blank(r.actor_location.country_code), blank(r.data ->> '$.actor_location.country_code')) AS src_country,
  blank(r.user_agent) AS user_agent,
  coalesce(
    CASE WHEN action IN ('account.create', 'account.change', 'account.suspend', 'privilege.grant') THEN login(r."user") END,
    blank(r.repo), blank(r.repository), blank(r.data ->> '$.repo'), blank(r.data ->> '$.repository'),
    login(r."user"), blank(r.data ->> '$.team'), blank(r.oauth_application_name), blank(r.name), blank(r.org)) AS target,
  CASE
    WHEN action IN ('account.create', 'account.change', 'account.suspend', 'privilege.grant') AND blank(r."user") IS NOT NULL THEN 'account'
    WHEN coalesce(blank(r.repo), blank(r.repository), blank(r.data ->> '$.repo'), blank(r.data ->> '$.repository')) IS NOT NULL THEN 'repo'
    WHEN blank(r."user") IS NOT NULL THEN 'account'
    WHEN blank(r.data ->> '$.team') IS NOT NULL THEN 'team'
    WHEN coalesce(blank(r.oauth_application_name), blank(r.name)) IS NOT NULL THEN 'app'
    ELSE 'org'
  END AS target_kind,
  nullif(concat_ws('; ',
    CASE WHEN coalesce(r.visibility, r.data ->> '$.visibility') IS NOT NULL
      THEN coalesce(blank(coalesce(r.previous_visibility, r.data ->> '$.previous_visibility')) || ' → ', '') || coalesce(r.visibility, r.data ->> '$.visibility') END,
    'for ' || coalesce(login(r.invitee), login(r.email), CASE WHEN action = 'repo.invite' THEN login(r."user") END, blank(r.data ->> '$.invitee'), blank(r.data ->> '$.email')),
    'permission ' || blank(coalesce(r.permission, r.data ->> '$.permission')),
    'was ' || coalesce(blank(r.old_user), blank(r.old_login), blank(r.data ->> '$.old_login')),
    'with ' || blank(r.programmatic_access_type),
    'token ' || blank(r.hashed_token),
    'over ' || blank(r.transport_protocol_name),
    blank(r.explanation)), '') AS detail
FROM (
  SELECT uid, reject, record, time, r, lower(r.action) AS word,
    CASE
      WHEN word = 'git.clone' THEN 'repo.clone'
      WHEN word = 'git.push' THEN 'repo.push'
      WHEN word IN ('repo.download_zip', 'repo.download', 'migration.create', 'org.migration_export', 'codespaces.export_environment') THEN 'repo.download'
      WHEN word = 'repo.access' AND coalesce(r.visibility, r.data ->> '$.visibility', 'public') = 'public'
        OR word IN ('repo.transfer', 'repo.transfer_outgoing', 'repo.transfer_start', 'private_repository_forking.enable',
          'repository_visibility_change.enable', 'members_can_create_public_repos.enable') THEN 'repo.publish'
      WHEN word IN ('protected_branch.destroy', 'protected_branch.policy_override',
          'repository_ruleset.destroy', 'repository_branch_protection_evaluation.disable', 'secret_scanning_push_protection.bypass',
          'secret_scanning_alert.public_leak_bypass', 'repo.advanced_security_disabled', 'org.advanced_security_disabled_on_all_repos',
          'org.advanced_security_disabled_for_new_repos', 'business_advanced_security.disabled', 'dependabot_alerts.disable',
          'repository_vulnerability_alerts.disable', 'repository_dependency_graph.disable', 'dependabot_security_updates.disable',
          'org.disable_two_factor_requirement', 'org.disable_saml', 'business.disable_two_factor_requirement', 'business.disable_saml',
          'ip_allow_list.disable', 'ip_allow_list_entry.destroy', 'org.audit_log_streaming_disable', 'audit_log_streaming.destroy')
        OR regexp_full_match(word, '(repository_|org_|organization_|business_)?secret_scanning[a-z_]*\.disabled?[a-z_]*') THEN 'repo.protection_off'
      WHEN word IN ('org.invite_member', 'org.add_member', 'org.add_outside_collaborator', 'repo.add_member', 'repository_invitation.create',
          'org.create_invitation', 'business.invite_member', 'business.add_organization_member') THEN 'repo.invite'
      WHEN word IN ('personal_access_token.access_granted', 'personal_access_token.request_created', 'personal_access_token.create', 'oauth_access.create',
          'oauth_authorization.create', 'public_key.create', 'deploy_key.create', 'org_credential_authorization.grant', 'business_secret_scanning_token.create',
          'integration_installation.create', 'org.oauth_app_access_approved', 'org.oauth_app_access_requested') THEN 'token.create'
      WHEN word IN ('repo.register_self_hosted_runner', 'org.register_self_hosted_runner', 'enterprise.register_self_hosted_runner') THEN 'code.runner'
      WHEN word IN ('user.login', 'user.failed_login', 'org.sso_response', 'business.sso_response', 'user.login_with_passkey') THEN 'signin'
      WHEN word = 'user.logout' THEN 'session.end'
      WHEN word IN ('user.two_factor_requested', 'user.two_factor_challenge_success', 'user.two_factor_challenge_failure', 'two_factor_authentication.sign_in') THEN 'mfa.challenge'
      WHEN word IN ('two_factor_authentication.enabled', 'two_factor_authentication.add_factor',
          'security_key.register', 'passkey.register') THEN 'mfa.enroll'
      WHEN word IN ('two_factor_authentication.disabled', 'two_factor_authentication.remove_factor', 'security_key.remove', 'passkey.remove') THEN 'mfa.remove'
      WHEN word IN ('user.create', 'business.add_user') THEN 'account.create'
      WHEN word IN ('user.rename', 'user.change_password', 'user.forgot_password', 'user.reset_password', 'user.add_email', 'user.remove_email',
          'user_email.add', 'user_email.mark_as_verified', 'account.rename', 'user_license.update') THEN 'account.change'
      WHEN word IN ('user.suspend', 'user.destroy', 'org.remove_member', 'org.suspend_member') THEN 'account.suspend'
      WHEN word IN ('business.add_admin', 'org.add_billing_manager', 'user.promote', 'organization_role.assign')
        OR word IN ('org.update_member', 'repo.update_member') AND coalesce(r.permission, r.data ->> '$.permission') = 'admin' THEN 'privilege.grant'
      ELSE word
    END AS action
  FROM records
)

-- into accounts
SELECT
  min(uid) AS uid,
  account,
  CASE WHEN name_id LIKE '%_@_%' THEN lower(name_id) END AS email,
  name_id AS saml_name_id,
  max(time) AS seen_at
FROM (SELECT uid, account, time, blank(raw ->> '$.external_identity_nameid') AS name_id FROM mapped WHERE raw LIKE '%"external_identity_nameid"%')
WHERE account IS NOT NULL AND name_id IS NOT NULL
GROUP BY account, name_id

-- into identifiers
SELECT min(uid) AS uid, account, 'code_login' AS kind, account AS value, 'code host' AS context, min(time) AS first_seen, max(time) AS last_seen
FROM mapped
WHERE account IS NOT NULL AND NOT account LIKE '%[bot]' AND account NOT IN ('github', 'ghost', 'web-flow', 'deploy_key', 'github-actions')
GROUP BY account
