/**
 * The tables of the lake, in two forms.
 *
 * *Stored* tables hold what connectors give: rows name their subject as the source did (an account, a person
 * reference, a device reference). *Resolved* tables are built from them for each run, once who is who is known,
 * and carry `person_id` and `device_id`; detections read only those.
 *
 * Types are DuckDB's. Times are UTC (`TIMESTAMP`), never local; a source's own time and the time of ingest are
 * separate columns and are never mixed.
 */
export type ColumnType = 'VARCHAR' | 'TIMESTAMP' | 'DOUBLE' | 'BIGINT' | 'BOOLEAN' | 'DATE';
export type Columns = Readonly<Record<string, ColumnType>>;

/** What each connector's mapping may select into, by table. `uid` (the record's identity) always comes first. */
export const storedTables = {
  /** One row per statement of a source about a person. `person_ref` is that source's own id (HR id, candidate id). */
  people: {
    uid: 'VARCHAR',
    person_ref: 'VARCHAR', // as the source numbers them
    other_ref: 'VARCHAR', // the same person's id in another system, where the source states it (candidate id in HRIS)
    name: 'VARCHAR',
    stage: 'VARCHAR', // vocabulary.stages
    engagement: 'VARCHAR', // vocabulary.engagements
    work_email: 'VARCHAR',
    personal_email: 'VARCHAR',
    title: 'VARCHAR',
    department: 'VARCHAR',
    manager: 'VARCHAR',
    vendor: 'VARCHAR', // staffing firm the person comes through
    remote: 'BOOLEAN',
    household: 'VARCHAR', // a household the company itself has on record, where it has one
    claimed_country: 'VARCHAR', // ISO 3166-1 alpha-2
    claimed_region: 'VARCHAR', // ISO 3166-2 subdivision without the country (CA, ON, ENG); else the source's word
    claimed_city: 'VARCHAR',
    claimed_lat: 'DOUBLE',
    claimed_lon: 'DOUBLE',
    applied_at: 'TIMESTAMP',
    started_at: 'TIMESTAMP',
    left_at: 'TIMESTAMP',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  /** A value that another person may also have. Exactly one of `account`, `person_ref`, `device_ref` names the subject. */
  identifiers: {
    uid: 'VARCHAR',
    account: 'VARCHAR',
    person_ref: 'VARCHAR',
    device_ref: 'VARCHAR',
    kind: 'VARCHAR', // vocabulary.identifierKinds
    value: 'VARCHAR', // as the source wrote it; the engine makes it canonical, and hashes sensitive kinds
    context: 'VARCHAR', // where it was seen: home, shipping, payroll, application, signin, recovery …
    first_seen: 'TIMESTAMP',
    last_seen: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  /** A login and what the source says of its owner. */
  accounts: {
    uid: 'VARCHAR',
    account: 'VARCHAR', // lower case
    email: 'VARCHAR',
    saml_name_id: 'VARCHAR',
    person_ref: 'VARCHAR', // HR id, where the source carries it
    display_name: 'VARCHAR',
    status: 'VARCHAR',
    created_at: 'TIMESTAMP',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  /** A device as an inventory or a log describes it. `device_ref` is that source's id for it. */
  devices: {
    uid: 'VARCHAR',
    device_ref: 'VARCHAR',
    serial: 'VARCHAR',
    hostname: 'VARCHAR',
    hardware_uuid: 'VARCHAR',
    assigned_to: 'VARCHAR', // account or person reference
    kind: 'VARCHAR', // laptop, desktop, phone, tablet, server
    model: 'VARCHAR',
    os: 'VARCHAR', // windows, macos, linux, ios, android, chromeos
    os_version: 'VARCHAR',
    managed: 'BOOLEAN',
    compliant: 'BOOLEAN',
    enrolled_at: 'TIMESTAMP',
    seen_at: 'TIMESTAMP',
    last_ip: 'VARCHAR',
    source: 'VARCHAR',
  },
  /** Something that happened, once, at a time. Field names follow OCSF where it has them. */
  events: {
    uid: 'VARCHAR',
    time: 'TIMESTAMP',
    source: 'VARCHAR',
    class_uid: 'BIGINT', // OCSF class
    activity: 'VARCHAR', // the vendor's own name for it, unchanged
    action: 'VARCHAR', // vocabulary.actions, or the vendor's name
    outcome: 'VARCHAR', // vocabulary.outcomes
    account: 'VARCHAR', // login as the source names it, lower case
    person_ref: 'VARCHAR', // set instead of account by HR, shipping and payroll sources
    device_ref: 'VARCHAR', // a device id, serial or hostname as the source knows it
    device_token: 'VARCHAR', // an opaque browser or device fingerprint issued by the source
    mfa_device: 'VARCHAR', // the second-factor device used or enrolled
    session_id: 'VARCHAR',
    src_ip: 'VARCHAR', // canonical text form, IPv4 or IPv6
    src_country: 'VARCHAR', // ISO 3166-1 alpha-2 where the source allows, else its word
    src_region: 'VARCHAR',
    src_city: 'VARCHAR',
    src_lat: 'DOUBLE',
    src_lon: 'DOUBLE',
    src_asn: 'BIGINT',
    src_as_org: 'VARCHAR',
    src_network: 'VARCHAR', // what the source itself says of the address: proxy, vpn:<operator>, tor, hosting, relay, mobile
    user_agent: 'VARCHAR',
    target: 'VARCHAR', // the object acted upon: app, repository, file, address label, account changed …
    target_kind: 'VARCHAR', // app, repo, file, account, address, bank_account, process, host …
    detail: 'VARCHAR', // one further fact in words: reason, command line, old → new (never a secret)
    count: 'BIGINT', // how many things, seconds, or milliseconds: the action says which; see docs/architecture.md
    raw: 'VARCHAR', // the record as received
  },
  /** Something that was so when looked at. */
  inventory: {
    uid: 'VARCHAR',
    device_ref: 'VARCHAR',
    kind: 'VARCHAR', // vocabulary.inventoryKinds
    key: 'VARCHAR', // what it is called: program name, `vid:pid`, setting name
    value: 'VARCHAR', // version, serial, state
    detail: 'VARCHAR', // vendor, path, description
    present: 'BOOLEAN', // false: this record says it went away
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  /** A résumé or letter someone handed in. */
  documents: {
    uid: 'VARCHAR',
    person_ref: 'VARCHAR',
    document: 'VARCHAR', // SHA-256 of the file
    file: 'VARCHAR', // its name
    format: 'VARCHAR', // pdf, docx, odt, rtf, html, text, json-resume
    pages: 'BIGINT',
    text: 'VARCHAR', // what a reader sees, in reading order; paragraphs parted by an empty line
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  /** Something a person says of themselves, as they say it. Nothing here is verified. */
  claims: {
    uid: 'VARCHAR',
    person_ref: 'VARCHAR',
    kind: 'VARCHAR', // vocabulary.claimKinds
    subject: 'VARCHAR', // employer, school, technology, the name itself, the place itself
    detail: 'VARCHAR', // title held, degree, words as written
    text: 'VARCHAR', // what is written under it
    years: 'DOUBLE', // "8 years of X"
    since: 'DATE', // first day of the stated day, month or year
    until: 'DATE', // last day of it; empty where it goes on
    current: 'BOOLEAN', // "to present"
    precision: 'VARCHAR', // of the coarser of the two dates: day, month, year
    document: 'VARCHAR', // SHA-256 of the file it stands in; empty for forms
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  /** What a file shows beside what it says. */
  traces: {
    uid: 'VARCHAR',
    person_ref: 'VARCHAR',
    document: 'VARCHAR',
    kind: 'VARCHAR', // vocabulary.traceKinds
    value: 'VARCHAR',
    detail: 'VARCHAR',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
} as const satisfies Record<string, Columns>;

export type TableName = keyof typeof storedTables;
export const tableNames = Object.keys(storedTables) as TableName[];

/** What detections read: the stored tables resolved to persons and devices, and a few small companions. */
export const resolvedTables = {
  people: {
    person_id: 'VARCHAR',
    name: 'VARCHAR', // for display and for equality of two names only; never a signal by itself
    stage: 'VARCHAR',
    engagement: 'VARCHAR',
    work_email: 'VARCHAR',
    personal_email: 'VARCHAR',
    title: 'VARCHAR',
    department: 'VARCHAR',
    manager: 'VARCHAR',
    vendor: 'VARCHAR',
    remote: 'BOOLEAN',
    household: 'VARCHAR',
    claimed_country: 'VARCHAR',
    claimed_region: 'VARCHAR',
    claimed_city: 'VARCHAR',
    claimed_lat: 'DOUBLE',
    claimed_lon: 'DOUBLE',
    applied_at: 'TIMESTAMP',
    started_at: 'TIMESTAMP',
    left_at: 'TIMESTAMP',
  },
  identifiers: {
    person_id: 'VARCHAR',
    kind: 'VARCHAR',
    value: 'VARCHAR', // canonical; a keyed hash for sensitive kinds
    label: 'VARCHAR', // safe to show: the canonical value, or a mask such as "account ending 21"
    context: 'VARCHAR',
    source: 'VARCHAR',
    first_seen: 'TIMESTAMP',
    last_seen: 'TIMESTAMP',
  },
  accounts: {
    account: 'VARCHAR',
    person_id: 'VARCHAR',
    basis: 'VARCHAR', // how it was tied: work email, SAML name id, HR id, explicit map
    source: 'VARCHAR',
  },
  devices: {
    device_id: 'VARCHAR',
    person_id: 'VARCHAR',
    serial: 'VARCHAR',
    hostname: 'VARCHAR',
    kind: 'VARCHAR',
    model: 'VARCHAR',
    os: 'VARCHAR',
    os_version: 'VARCHAR',
    managed: 'BOOLEAN',
    compliant: 'BOOLEAN',
    enrolled_at: 'TIMESTAMP',
    seen_at: 'TIMESTAMP',
    last_ip: 'VARCHAR',
    source: 'VARCHAR',
  },
  events: {
    event_uid: 'VARCHAR',
    time: 'TIMESTAMP',
    source: 'VARCHAR',
    class_uid: 'BIGINT',
    activity: 'VARCHAR',
    action: 'VARCHAR',
    outcome: 'VARCHAR',
    account: 'VARCHAR',
    person_id: 'VARCHAR',
    device_id: 'VARCHAR',
    device_token: 'VARCHAR',
    mfa_device: 'VARCHAR',
    session_id: 'VARCHAR',
    src_ip: 'VARCHAR',
    src_country: 'VARCHAR',
    src_region: 'VARCHAR',
    src_city: 'VARCHAR',
    src_lat: 'DOUBLE',
    src_lon: 'DOUBLE',
    src_asn: 'BIGINT',
    src_as_org: 'VARCHAR',
    src_network: 'VARCHAR', // enriched: vpn:<operator>, relay:<operator>, mobile, satellite, office, hosting, tor, proxy, or null
    user_agent: 'VARCHAR',
    target: 'VARCHAR',
    target_kind: 'VARCHAR',
    detail: 'VARCHAR',
    count: 'BIGINT',
  },
  inventory: {
    device_id: 'VARCHAR',
    person_id: 'VARCHAR',
    kind: 'VARCHAR',
    key: 'VARCHAR',
    value: 'VARCHAR',
    detail: 'VARCHAR',
    present: 'BOOLEAN',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  documents: {
    person_id: 'VARCHAR',
    document: 'VARCHAR',
    file: 'VARCHAR',
    format: 'VARCHAR',
    pages: 'BIGINT',
    text: 'VARCHAR',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  claims: {
    person_id: 'VARCHAR',
    kind: 'VARCHAR',
    subject: 'VARCHAR',
    detail: 'VARCHAR',
    text: 'VARCHAR',
    years: 'DOUBLE',
    since: 'DATE',
    until: 'DATE',
    current: 'BOOLEAN',
    precision: 'VARCHAR',
    document: 'VARCHAR',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
  traces: {
    person_id: 'VARCHAR',
    document: 'VARCHAR',
    kind: 'VARCHAR',
    value: 'VARCHAR',
    detail: 'VARCHAR',
    seen_at: 'TIMESTAMP',
    source: 'VARCHAR',
  },
} as const satisfies Record<TableName, Columns>;

/** Tables the engine derives from the resolved ones; detections read them as well. */
export const derivedTables = {
  /** Wording that résumés of two persons share and hardly anyone else's has; both directions, the longest first. */
  passages: {
    person_id: 'VARCHAR',
    other: 'VARCHAR',
    passage: 'VARCHAR', // its identifier (kind `passage`)
    document: 'VARCHAR',
    other_document: 'VARCHAR',
    text: 'VARCHAR', // as it stands in this person's
    other_text: 'VARCHAR', // as it stands in the other's
    similarity: 'DOUBLE', // 0–1: share of its words that agree
    words: 'BIGINT', // words of meaning that agree
    people: 'BIGINT', // persons whose résumés have it
    bits: 'DOUBLE', // how surprising it is that two honest people share it
  },
} as const satisfies Record<string, Columns>;

/** `name TYPE, name TYPE …`, for CREATE TABLE and casts. */
export function columnList(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ');
}
