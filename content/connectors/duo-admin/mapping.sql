-- into events
SELECT
  uid,
  reject,
  record,
  time,
  CASE WHEN action = 'signin' THEN 3002 ELSE 3001 END AS class_uid,
  activity,
  action,
  CASE
    WHEN lower(r.outcome.result) IN ('failure', 'failed', 'denied', 'error') OR word LIKE '%\_error' ESCAPE '\' OR word LIKE '%\_failed' ESCAPE '\' THEN 'failure'
    ELSE 'success'
  END AS outcome,
  coalesce(login(r.username), login(try_cast(r.actor.details AS JSON) ->> '$.email'), login(r.actor.name)) AS account,
  coalesce(ip(r.access_device.ip.address), ip(note ->> '$.ip_address'), ip(note ->> '$.ip')) AS src_ip,
  coalesce(blank(r.access_device.location.country), blank(note ->> '$.location.country')) AS src_country,
  blank(r.access_device.location.state) AS src_region,
  blank(r.access_device.location.city) AS src_city,
  CASE WHEN word LIKE 'user\_%' ESCAPE '\' OR word LIKE 'admin\_%' ESCAPE '\' THEN lower(coalesce(blank(r.target.name), blank(r.object), blank(note ->> '$.uname')))
    ELSE coalesce(blank(r.target.name), blank(r.object)) END AS target,
  CASE
    WHEN coalesce(blank(r.target.name), blank(r.object), blank(note ->> '$.uname')) IS NULL THEN NULL
    WHEN word LIKE 'user\_%' ESCAPE '\' OR word LIKE 'admin\_%' ESCAPE '\' THEN 'account'
    WHEN word LIKE '%phone%' OR word LIKE '%token%' THEN 'mfa_device'
    WHEN word LIKE 'integration%' OR word LIKE 'application%' THEN 'app'
    ELSE lower(r.target."type")
  END AS target_kind,
  nullif(concat_ws('; ', blank(note ->> '$.factor'), blank(note ->> '$.error'), blank(note ->> '$.status')), '') AS detail
FROM (
  SELECT *, lower(activity) AS word,
    CASE
      WHEN lower(activity) IN ('admin_login', 'admin_login_error', 'admin_single_sign_on', 'admin_login_success') THEN 'signin'
      WHEN regexp_full_match(lower(activity), '(user_)?(phone|u2f|token|hardtoken|webauthn|webauthncredential|bypass_code)_?(create|associate|add|enroll)|user_(create|add)_(phone|token|webauthn).*|phone_activation.*|user_enroll.*|enroll_user') THEN 'mfa.enroll'
      WHEN regexp_full_match(lower(activity), '(user_)?(phone|u2f|token|hardtoken|webauthn|webauthncredential)_?(delete|disassociate|remove)|user_(delete|remove)_(phone|token|webauthn).*') THEN 'mfa.remove'
      WHEN lower(activity) IN ('user_create', 'user_import', 'user_adminapi_create') THEN 'account.create'
      WHEN lower(activity) IN ('user_update', 'user_restore', 'admin_update', 'admin_self_activate', 'admin_reset_password') THEN 'account.change'
      WHEN lower(activity) IN ('user_delete', 'user_pending_delete', 'user_lock_out', 'admin_delete') THEN 'account.suspend'
      WHEN lower(activity) IN ('admin_create', 'admin_role_change') THEN 'privilege.grant'
      ELSE lower(coalesce(activity, 'unknown'))
    END AS action
  FROM (
    SELECT *,
      CASE json_type(r.action) WHEN 'OBJECT' THEN coalesce(r.action ->> '$.name', r.action ->> '$.type') ELSE r.action ->> '$' END AS activity,
      -- What changed stands in the description, as JSON within text.
      CASE json_type(r.description) WHEN 'VARCHAR' THEN try_cast(r.description ->> '$' AS JSON) ELSE r.description END AS note
    FROM records
  )
)
