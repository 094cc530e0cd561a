import { type Database, type Row, textList } from '../lake/duckdb.js';
import type { Place, TimelineEntry } from '../model/result.js';
import { show } from '../signals/sentence.js';

const kinds: Record<string, TimelineEntry['kind']> = {
  signin: 'signin',
  'signin.policy': 'signin',
  'mfa.challenge': 'signin',
  'mfa.answer': 'signin',
  'mfa.enroll': 'signin',
  'mfa.remove': 'signin',
  'device.enroll': 'device',
  'device.connect': 'device',
  'session.start': 'signin',
  'shipment.sent': 'delivery',
  'shipment.delivered': 'delivery',
  'shipment.redirected': 'delivery',
  'shipment.returned': 'delivery',
  'pay.change': 'pay',
  'profile.change': 'profile',
  'repo.clone': 'code',
  'repo.push': 'code',
  'repo.download': 'code',
  'repo.publish': 'code',
  'repo.invite': 'code',
  'repo.protection_off': 'code',
  'token.create': 'code',
  'file.download': 'file',
  'file.upload': 'file',
  'file.share': 'file',
  'meeting.join': 'meeting',
  'meeting.quality': 'meeting',
  'check.result': 'check',
  'application.submit': 'life',
  'offer.accept': 'life',
};

const words: Record<string, string> = {
  signin: 'Signed in',
  'signin.policy': 'Sign-on policy was evaluated',
  'mfa.challenge': 'Second factor asked for',
  'mfa.answer': 'Second factor answered',
  'mfa.enroll': 'Second factor added',
  'mfa.remove': 'Second factor removed',
  'device.enroll': 'Device registered',
  'device.connect': 'Peripheral plugged in',
  'session.start': 'Session began',
  'shipment.sent': 'Equipment sent',
  'shipment.delivered': 'Equipment delivered',
  'shipment.redirected': 'Delivery redirected',
  'shipment.returned': 'Equipment returned',
  'pay.change': 'Pay account changed',
  'profile.change': 'Record changed',
  'repo.clone': 'Cloned',
  'repo.push': 'Pushed to',
  'repo.download': 'Downloaded',
  'repo.publish': 'Made public or moved',
  'repo.invite': 'Invited to code',
  'repo.protection_off': 'Protection turned off',
  'token.create': 'Token created',
  'file.download': 'Downloaded files',
  'file.upload': 'Uploaded files',
  'file.share': 'Shared files',
  'meeting.join': 'Joined a meeting',
  'meeting.quality': 'Meeting quality',
  'check.result': 'Check',
  'application.submit': 'Applied',
  'offer.accept': 'Accepted the offer',
};

/** Entries kept for one person. */
const longest = 400;

/** What happened to each of these people, day by day: events of one kind, place and network on one day are one entry. */
export async function timelines(
  database: Database,
  people: readonly string[],
): Promise<Map<string, TimelineEntry[]>> {
  const result = new Map<string, TimelineEntry[]>(people.map((person) => [person, []]));
  if (people.length === 0) return result;
  await database.run(
    'CREATE OR REPLACE TEMP TABLE chosen AS SELECT unnest(CAST($people AS VARCHAR[])) AS person_id',
    {
      people: textList(people),
    },
  );
  const rows = await database.rows(
    `SELECT * FROM (
       SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY plain, time DESC, action, target) AS nth FROM (
         SELECT person_id, action, outcome, min(time) AS time, count(*) AS n, min(source) AS source,
           src_country, src_region, src_city, round(src_lat, 2) AS lat, round(src_lon, 2) AS lon, src_network,
           CASE WHEN count(DISTINCT target) = 1 THEN min(target) WHEN count(DISTINCT target) > 1 THEN count(DISTINCT target) || ' different' END AS target,
           CASE WHEN min(detail) = max(detail) THEN min(detail) END AS detail, action IN ('signin', 'mfa.challenge', 'meeting.join') AS plain
         FROM events SEMI JOIN chosen USING (person_id) WHERE action IN (${Object.keys(kinds)
           .map((k) => `'${k}'`)
           .join(', ')})
         GROUP BY person_id, action, outcome, CAST(time AS DATE), src_country, src_region, src_city, round(src_lat, 2), round(src_lon, 2), src_network))
     WHERE nth <= ${longest} ORDER BY person_id, time, action, src_city, src_network`,
  );
  for (const row of rows) result.get(String(row.person_id))?.push(entry(row));
  return result;
}

function entry(row: Row): TimelineEntry {
  const action = String(row.action);
  const parts = [words[action] ?? action];
  if (row.outcome === 'failure') parts[0] += action === 'check.result' ? '' : ' (refused)';
  if (row.target)
    parts.push(action === 'check.result' ? String(row.target).replaceAll('_', ' ') : String(row.target));
  if (action === 'check.result')
    parts.push(
      String(
        row.outcome === 'success'
          ? 'passed'
          : row.outcome === 'failure'
            ? 'failed'
            : (row.detail ?? 'no result'),
      ),
    );
  else if (
    row.detail &&
    ['pay.change', 'profile.change', 'mfa.answer', 'shipment.redirected'].includes(action)
  )
    parts.push(String(row.detail));
  const place = placeOf(row);
  return {
    time: String(row.time),
    kind: kinds[action] ?? 'other',
    label: parts.join(': ').slice(0, 240),
    ...(place ? { place } : {}),
    ...(row.src_network ? { network: String(row.src_network) } : {}),
    source: String(row.source),
    signals: [],
    count: Number(row.n),
  };
}

export function placeOf(row: Row): Place | undefined {
  const parts = [row.src_city, row.src_region, row.src_country].filter(Boolean).map(String);
  if (parts.length === 0) return undefined;
  const place: Place = { label: parts.join(', ') };
  if (row.src_country) place.country = show(row.src_country);
  if (row.src_region) place.region = show(row.src_region);
  if (row.src_city) place.city = show(row.src_city);
  if (typeof row.lat === 'number' && typeof row.lon === 'number') {
    place.lat = row.lat;
    place.lon = row.lon;
  }
  return place;
}
