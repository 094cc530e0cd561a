-- into events
-- A drug test or another medical step is nobody's evidence: such rows are read by nobody.
WITH given AS (
  SELECT uid, record, time, r, lower(coalesce(blank(r.outcome), '')) AS word,
    trim(lower(regexp_replace(r."check", '[^0-9A-Za-z]+', ' ', 'g'))) AS kind,
    regexp_matches(lower(coalesce(r.note, '')), '^accommodat|accommodation (was )?agreed|agreed accommodation') AS agreed
  FROM records
),
-- The words people use for a check, the more particular before the more general.
named AS (
  SELECT *, CASE
    WHEN regexp_matches(replace(kind, ' ', '_'), '^(spot_check|same_person|liveness|camera|name_in_call|shared_screen|own_work|soft_questions|interview_step|identity_document|identity_match|identity_session|reference|employment|education|background|work_authorisation|sanctions|phone|phone_line|contact_known|address|address_kind|open_web|profile|delivery|device_return|device_location|payroll_holder|tax_form|in_person|exit_interview|reachable|vendor_evidence|confirmed_false)$')
      THEN replace(kind, ' ', '_')
    WHEN regexp_matches(kind, 'confirmed (false|fraud|imposter|impostor)|not who they|(inquiry|investigation|case) (outcome|result|closed|conclusion)') THEN 'confirmed_false'
    WHEN regexp_matches(kind, 'spot|unscheduled|unannounced|live call') THEN 'spot_check'
    WHEN regexp_matches(kind, 'camera (on|off)|interview.*(camera|video)|(camera|video).*interview|(video|camera) step|scheduled video') THEN 'camera'
    WHEN regexp_matches(kind, 'name (in|on|at) (the )?(call|meeting|interview)|joined (as|under)|display(ed)? name|meeting name') THEN 'name_in_call'
    WHEN regexp_matches(kind, 'shared? screen|screen ?shar') THEN 'shared_screen'
    WHEN regexp_matches(kind, 'own (work|code)|explain.*(work|code)|(work|code) walk|walk ?through|take home review') THEN 'own_work'
    WHEN regexp_matches(kind, 'soft question|question bank|fixed questions') THEN 'soft_questions'
    WHEN regexp_matches(kind, 'liveness|hand (across|over) (the )?face|head turn|unpredictable') THEN 'liveness'
    WHEN regexp_matches(kind, 'same person|continuity|day (1|one)|photo match|face match') THEN 'same_person'
    WHEN regexp_matches(kind, '(identity|idv|\bid\b|verification|selfie) (session|device|network)|session (risk|device|network)') THEN 'identity_session'
    WHEN regexp_matches(kind, '(identity|name|details?|phone|e ?mail) match|match.*application|application match') THEN 'identity_match'
    WHEN regexp_matches(kind, '(device|laptop|equipment|hardware|computer) (was )?return|return(ed)? (of )?(the )?(device|laptop|equipment|hardware|computer)') THEN 'device_return'
    WHEN regexp_matches(kind, 'deliver|courier|proof of receipt|hand ?over') THEN 'delivery'
    WHEN regexp_matches(kind, 'exit (interview|talk|call)|leaver|leaving (interview|talk)|offboarding (interview|talk|call)') THEN 'exit_interview'
    WHEN regexp_matches(kind, 'sanction|ofac|ofsi|watch ?list|denied part') THEN 'sanctions'
    WHEN regexp_matches(kind, 'work (authori[sz]ation|permit)|right to work|authori[sz]ed to work|employment eligib|e ?verify|\bi ?9\b') THEN 'work_authorisation'
    WHEN regexp_matches(kind, 'vendor.*(evidence|identity|worker)|(evidence|identity).*(vendor|supplier|agency)|(supplier|agency|staffing).*(evidence|identity|worker)') THEN 'vendor_evidence'
    WHEN regexp_matches(kind, '\btax|\bw ?(2|4|8|9)\b|w ?8 ?ben|\b1099\b') THEN 'tax_form'
    WHEN regexp_matches(kind, 'payroll|bank|account holder|payee') THEN 'payroll_holder'
    WHEN regexp_matches(kind, 'phone line|line type|(phone|number) (type|kind|carrier)|(kind|type) of (phone|number|line)|voip|carrier look') THEN 'phone_line'
    WHEN regexp_matches(kind, '(e ?mail|phone|contact|mailbox|number)s? (age|first seen|history|footprint)|age of (the )?(e ?mail|phone|contact|mailbox|number)|known since') THEN 'contact_known'
    WHEN regexp_matches(kind, 'address (kind|type|category|use)|(kind|type) of address|mail ?drop|forwarder|commercial mail|\bcmra\b|property type') THEN 'address_kind'
    WHEN regexp_matches(kind, 'open (web|source)|osint|(web|public|online|internet) search|search of contacts') THEN 'open_web'
    WHEN regexp_matches(kind, 'linked ?in|profile|social') THEN 'profile'
    WHEN regexp_matches(kind, 'reachab|responsive|contactable|answers (calls|messages)') THEN 'reachable'
    WHEN regexp_matches(kind, '(device|laptop|computer|machine).*(location|located|where)|location of') THEN 'device_location'
    WHEN regexp_matches(kind, 'reference') THEN 'reference'
    WHEN regexp_matches(kind, 'employment|employer|work history') THEN 'employment'
    WHEN regexp_matches(kind, 'education|degree|diploma|school|universit|transcript|registrar') THEN 'education'
    WHEN regexp_matches(kind, 'background|criminal') THEN 'background'
    WHEN regexp_matches(kind, 'camera|video') THEN 'spot_check'
    WHEN regexp_matches(kind, 'document|passport|licen[cs]e|identity|\bid\b|\bidv\b') THEN 'identity_document'
    WHEN regexp_matches(kind, 'address|residen|utility bill|postcard') THEN 'address'
    WHEN regexp_matches(kind, 'in person|on ?site|office (visit|day)|face to face|met at') THEN 'in_person'
    WHEN regexp_matches(kind, 'phone|call ?back') THEN 'phone'
    WHEN regexp_matches(kind, 'device|laptop|location') THEN 'device_location'
    WHEN regexp_matches(kind, 'interview') THEN 'interview_step'
    ELSE replace(kind, ' ', '_')
  END AS target
  FROM given
  WHERE NOT regexp_matches(kind, '\bdrugs?\b|medical|\bhealth\b|urine|toxicolog')
)
SELECT
  uid,
  record,
  time,
  blank(r."check") AS activity,
  'check.result' AS action,
  CASE
    WHEN agreed THEN 'unknown'
    -- Of some checks the answer is a thing and not a mark; and finding nothing is what they hope for.
    WHEN target = 'sanctions' AND regexp_matches(word, 'name|possible|potential|partial|similar') THEN 'unknown'
    WHEN target = 'sanctions' AND regexp_matches(word, 'no (match|hit|result)|not found|^none|negative|^(no|n|false)$') THEN 'success'
    WHEN target = 'sanctions' AND regexp_matches(word, 'match|\bhit\b|found|positive|^(yes|y|true)$') THEN 'failure'
    WHEN target = 'phone_line' AND regexp_matches(word, 'non.?fixed|virtual|internet|^voip') THEN 'failure'
    WHEN target = 'phone_line' AND regexp_matches(word, 'mobile|cell|wireless|land.?line|fixed') THEN 'success'
    WHEN target = 'address_kind' AND regexp_matches(word, 'mail ?(drop|box)|forward|\bcmra\b|virtual|vacant|empty|short.?(let|term)|by the day|box') THEN 'failure'
    WHEN target = 'address_kind' AND regexp_matches(word, 'home|residen|house|apartment|flat|dwelling') THEN 'success'
    WHEN target = 'confirmed_false' AND regexp_matches(word, 'pending|open|inconclusive|in progress') THEN 'unknown'
    WHEN target = 'confirmed_false' AND regexp_matches(word, '^not who|^(confirmed|yes|y|true)$|confirmed false|fraud|impost') THEN 'failure'
    WHEN target = 'confirmed_false' AND regexp_matches(word, 'clear|not confirmed|unfounded|no evidence|^(no|n|false)$') THEN 'success'
    WHEN regexp_matches(word, 'declin|refus|no.?show|missed|absent|not attend|re-?schedul|postpon|cancel|accommodat|waive|exempt|pending|in progress|scheduled|incomplete|inconclusive|unable|unclear|unsure|no (answer|reply|response)|not (done|started|completed|verified)|n/a') THEN 'unknown'
    WHEN regexp_matches(word, 'fail|mismatch|not (match|passed|confirmed|same|ok|clear|the same|returned|delivered|reachable)|no match|different person|reject|fraud|suspicious|denied|discrepan|unsuccessful|negative|invalid|unverified') THEN 'failure'
    WHEN regexp_matches(word, 'pass|\bok\b|okay|complete|verified|success|confirmed|\bmatch|same person|clear|positive|valid|approved|satisf|done|returned|delivered|^(yes|true|y)$') THEN 'success'
    WHEN word IN ('no', 'false', 'n') THEN 'failure'
    ELSE 'unknown'
  END AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  target,
  'check' AS target_kind,
  blank(concat_ws(': ',
    CASE
      WHEN agreed OR regexp_matches(word, 'accommodat|waive|exempt') THEN 'accommodated'
      WHEN regexp_matches(word, 'declin|refus') THEN 'declined'
      WHEN regexp_matches(word, 'no.?show|missed|absent|not attend') THEN 'missed'
      WHEN regexp_matches(word, 're-?schedul|postpon') THEN 'rescheduled'
      WHEN regexp_matches(word, 'cancel') THEN 'cancelled'
      ELSE nullif(word, '')
    END,
    blank(concat_ws('; ', blank(r.note), 'by ' || blank(r."by"))))) AS detail
FROM named
