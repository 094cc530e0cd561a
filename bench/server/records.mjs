// Okta System Log records like those of bench/scan, of any time, each with a uuid of its own.
import { createHash } from 'node:crypto';
import { browsers, cities, mailApp, oktaRecord } from '../scan/okta-record.mjs';

/** The same uuid for the same delivery and place in it. */
export function uuidOf(delivery, nth) {
  const hex = createHash('sha256').update(`${delivery} ${nth}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** NDJSON of `count` records of people below `people`; about 1.4 kB each. */
export function delivery(name, count, people, time) {
  const lines = [];
  for (let nth = 0; nth < count; nth++) {
    const uuid = uuidOf(name, nth);
    const person = Number.parseInt(uuid.slice(0, 8), 16) % people;
    lines.push(
      JSON.stringify(
        oktaRecord({
          person,
          uuid,
          request: uuid,
          session: `idx${person}`,
          type: 'user.authentication.sso',
          time,
          ip: `203.${(person >> 8) & 255}.${person & 255}.1`,
          city: cities[0],
          vpn: false,
          browser: browsers[1],
          os: 'Windows',
          targets: [mailApp],
        }),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}
