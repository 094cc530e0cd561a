-- into events
-- What a request is about is told by its category, and where that says nothing, by its words.
WITH asked AS (
  SELECT uid, time, r,
    lower(regexp_replace(trim(r.category), '[^0-9A-Za-z]+', ' ', 'g')) AS category,
    lower(coalesce(blank(r.words), '')) AS words
  FROM records
), sorted AS (
  SELECT *,
    CASE
      WHEN regexp_matches(replace(trim(category), ' ', '_'), '^(own_device|delivery|pay_method|access|software|other)$') THEN replace(trim(category), ' ', '_')
      WHEN regexp_matches(category, 'own (device|computer|laptop|machine)|personal (device|computer|laptop)|\bbyod\b|virtual (machine|desktop)|\bvdi\b') THEN 'own_device'
      WHEN regexp_matches(category, 'deliver|shipping|shipment|ship to|address for equipment') THEN 'delivery'
      WHEN regexp_matches(category, 'payroll|pay method|payment|direct deposit|bank|payee') THEN 'pay_method'
      WHEN regexp_matches(words, '\b(my|own|personal) (own )?(device|computer|laptop|machine|pc|mac)\b|\bbyod\b|\b(computer|laptop|machine|pc|mac) at home\b|\b(virtual (machine|desktop)|vdi|vm)\b') AND regexp_matches(words, 'instead|\bown\b|\bmy\b|personal|rather|work (on|from)|use an?|use the') THEN 'own_device'
      WHEN regexp_matches(words, '(send|ship|deliver|redirect|forward).*(laptop|computer|equipment|parcel|package|to (another|a different|my|an?) )|(another|different|new|other) (delivery|shipping) address') THEN 'delivery'
      WHEN regexp_matches(words, 'crypto|bitcoin|stable ?coin|\busdt\b|\bwallet\b|(pay|paid|salary|wages|deposit).*(account|card|through|via|to (my|another|a))') THEN 'pay_method'
      WHEN regexp_matches(category, 'access|permission|privilege|role') THEN 'access'
      WHEN regexp_matches(category, 'software|application|install|program') THEN 'software'
      ELSE 'other'
    END AS kind
  FROM asked
)
SELECT
  uid,
  time,
  blank(r.category) AS activity,
  'request' AS action,
  CASE
    WHEN regexp_matches(lower(coalesce(r.answer, '')), 'reject|refus|declin|denied|not approved|withdrawn|cancel') THEN 'failure'
    WHEN regexp_matches(lower(coalesce(r.answer, '')), 'approv|grant|agreed|accommodat|fulfilled') THEN 'success'
    ELSE 'unknown'
  END AS outcome,
  subject_ref(r.person_ref, r.person, r.person_email) AS person_ref,
  subject_account(r.person_ref, r.person, r.person_email) AS account,
  kind AS target,
  'request' AS target_kind,
  -- Sorts of pay are told apart here, since they weigh differently: a payment service is ordinary, somebody else's account is not.
  blank(concat_ws('; ',
    concat_ws(': ',
      CASE
        WHEN regexp_matches(lower(coalesce(r.answer, '')), 'accommodat') THEN 'accommodated'
        WHEN kind <> 'pay_method' THEN NULL
        WHEN regexp_matches(words, 'crypto|bitcoin|stable ?coin|\busdt\b|\busdc\b|\bwallet\b') THEN 'cryptocurrency'
        WHEN regexp_matches(words, '(friend|cousin|uncle|aunt|brother|sister|wife|husband|partner|spouse|mother|father|parent|relative|agent|colleague|third party|somebody else|someone else|another person|other person)') THEN 'somebody else'
        WHEN regexp_matches(words, 'pre-?paid|gift card') THEN 'prepaid card'
        ELSE 'another way'
      END,
      left(blank(r.words), 200)),
    'answer: ' || blank(r.answer), blank(r.number))) AS detail
FROM sorted
