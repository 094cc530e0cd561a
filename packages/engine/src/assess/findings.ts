import type { PersonResult, ScanResult, SignalResult } from '../model/result.js';
import type { Band } from '../model/vocabulary.js';

/** OCSF severity_id by band: Informational, Low, Medium, High. Never Critical or Fatal: a finding is a reason to look. */
const severities: Record<Band, [id: number, name: string]> = {
  clear: [1, 'Informational'],
  watch: [2, 'Low'],
  review: [3, 'Medium'],
  urgent: [4, 'High'],
};

/** OCSF schema version the findings are written to. */
const ocsfVersion = '1.5.0';

/**
 * The signals of everybody above `clear` as OCSF Detection Findings (class 2004), one a signal. Findings say what was
 * seen and carry the innocent readings with them; the person's band is their severity.
 */
export function* findings(result: ScanResult): Generator<Record<string, unknown>> {
  for (const person of result.people) {
    if (person.band === 'clear') continue;
    for (const signal of person.signals)
      if (!signal.explained && signal.bits > 0) yield finding(result, person, signal);
  }
}

function finding(result: ScanResult, person: PersonResult, signal: SignalResult): Record<string, unknown> {
  const [severityId, severity] = severities[person.band];
  const seen = signal.last || result.asOf;
  return {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200401,
    type_name: 'Detection Finding: Create',
    time: Date.parse(seen),
    severity_id: severityId,
    severity,
    status_id: 1,
    status: 'New',
    is_alert: person.band === 'review' || person.band === 'urgent',
    message: signal.says,
    metadata: {
      version: ocsfVersion,
      product: { name: 'Rollcall', vendor_name: 'Rollcall', version: result.rollcall.version },
      uid: `${signal.detection}:${person.id}`,
    },
    finding_info: {
      uid: `${signal.detection}:${person.id}`,
      title: signal.title,
      desc: `${signal.says} ${signal.why} A reason to look, not a finding of guilt.`,
      ...(signal.first ? { first_seen_time: Date.parse(signal.first) } : {}),
      ...(signal.last ? { last_seen_time: Date.parse(signal.last) } : {}),
      analytic: {
        uid: signal.detection,
        name: signal.title,
        type_id: 1,
        type: 'Rule',
        version: signal.version,
        category: signal.facet,
      },
      attacks: signal.attack.map((technique) => ({ version: '16.0', technique: { uid: technique } })),
      tags: [{ name: 'stage', value: signal.stage }],
    },
    evidences: signal.evidence.rows.slice(0, 20).map((row) => ({
      user: userOf(person),
      data: Object.fromEntries(signal.evidence.columns.map((column, i) => [column, row[i] ?? null])),
    })),
    observables: [
      { name: 'evidences.user.uid', type: 'User', type_id: 21, value: person.id },
      ...(person.workEmail
        ? [{ name: 'evidences.user.email_addr', type: 'Email Address', type_id: 5, value: person.workEmail }]
        : []),
    ],
    remediation: { desc: signal.next.join(' ') },
    risk_details: person.bandReason,
    unmapped: {
      band: person.band,
      bits: signal.bits,
      person_bits: person.bits,
      innocent: signal.innocent,
      others: signal.others,
      ring: person.ring ?? null,
      ...(signal.rule ? { rule: signal.rule } : {}),
    },
  };
}

function userOf(person: PersonResult): Record<string, unknown> {
  return { uid: person.id, name: person.name, ...(person.workEmail ? { email_addr: person.workEmail } : {}) };
}
