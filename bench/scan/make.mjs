// Writes a company's roster and N Okta System Log records (about 1.4 kB each), the same bytes for the same N.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browsers, cities, mailApp, oktaRecord, userOf } from './okta-record.mjs';

const types = [
  'user.session.start',
  'user.authentication.sso',
  'user.authentication.sso',
  'user.authentication.auth_via_mfa',
  'policy.evaluate_sign_on',
  'user.session.end',
];

/** A small generator of repeatable numbers below `n`. */
function numbers(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

export async function make(folder, records, people = 3000) {
  await mkdir(folder, { recursive: true });
  const next = numbers(7);
  const rows = [
    'Employee ID,Legal Name,Work Email,Home City,Home State,Home Country,Hire Date,Worker Type,Work Arrangement',
  ];
  for (let i = 0; i < people; i++) {
    const city = cities[i % cities.length];
    rows.push(
      `E${i},Person ${i},person${i}@example.com,${city[0]},${city[1]},US,2024-0${1 + (i % 9)}-15,Regular,Remote`,
    );
  }
  await writeFile(join(folder, 'workers.csv'), `${rows.join('\n')}\n`);
  const out = createWriteStream(join(folder, 'okta.ndjson'), { highWaterMark: 1 << 22 });
  const from = Date.parse('2026-03-01T00:00:00Z');
  const span = 180 * 86_400_000;
  let chunk = [];
  let bytes = 0;
  for (let i = 0; i < records; i++) {
    const person = next(people);
    const away = next(400) === 0;
    const city = cities[(person + (away ? 1 + next(5) : 0)) % cities.length];
    const vpn = person % 11 === 0 && next(3) === 0;
    const ip = vpn
      ? `198.18.${person % 40}.${next(250)}`
      : `203.${(person >> 8) & 255}.${person & 255}.${away ? 2 + next(200) : 1}`;
    const type = types[next(types.length)];
    const time = new Date(from + Math.floor((i / records) * span)).toISOString();
    chunk.push(
      JSON.stringify(
        oktaRecord({
          person,
          uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
          request: `req${i}`,
          session: `idx${person}x${Math.floor(i / 60000)}`,
          type,
          time,
          ip,
          city,
          vpn,
          browser: browsers[person % 2],
          os: 'Mac OS X',
          targets: [mailApp, userOf(person)],
        }),
      ),
    );
    if (chunk.length === 4000 || i === records - 1) {
      const text = `${chunk.join('\n')}\n`;
      bytes += text.length;
      chunk = [];
      if (!out.write(text)) await once(out, 'drain');
    }
  }
  out.end();
  await once(out, 'finish');
  return bytes;
}
