// Writes a company's roster and N Okta System Log records (about 1.4 kB each), the same bytes for the same N.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const cities = [
  ['Columbus', 'Ohio', 39.96, -83.0, 7922],
  ['Austin', 'Texas', 30.27, -97.74, 7018],
  ['Denver', 'Colorado', 39.74, -104.98, 209],
  ['Boise', 'Idaho', 43.62, -116.2, 11404],
  ['Tampa', 'Florida', 27.95, -82.46, 33363],
  ['Portland', 'Oregon', 45.52, -122.68, 7922],
];
const browsers = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
];
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
    const geo = {
      city: city[0],
      state: city[1],
      country: 'United States',
      postalCode: '00000',
      geolocation: { lat: city[2], lon: city[3] },
    };
    chunk.push(
      JSON.stringify({
        actor: {
          id: `00u${person}`,
          type: 'User',
          alternateId: `person${person}@example.com`,
          displayName: `Person ${person}`,
          detailEntry: null,
        },
        client: {
          userAgent: { rawUserAgent: browsers[person % 2], os: 'Mac OS X', browser: 'CHROME' },
          zone: 'null',
          device: 'Computer',
          id: null,
          ipAddress: ip,
          geographicalContext: geo,
        },
        device: null,
        authenticationContext: {
          authenticationStep: 0,
          externalSessionId: `idx${person}x${Math.floor(i / 60000)}`,
        },
        displayMessage: 'User single sign on to app',
        eventType: type,
        outcome: { result: type === 'policy.evaluate_sign_on' ? 'ALLOW' : 'SUCCESS', reason: null },
        published: time,
        securityContext: {
          asNumber: vpn ? 9009 : city[4],
          asOrg: vpn ? 'm247' : 'example broadband',
          isp: 'example broadband',
          domain: 'example.net',
          isProxy: vpn,
        },
        severity: 'INFO',
        debugContext: {
          debugData: {
            authnRequestId: `req${i}`,
            dtHash: `dt${person}`,
            deviceFingerprint: `fp${person}`,
            requestId: `req${i}`,
            requestUri: '/app/example/exk1/sso/saml',
            threatSuspected: 'false',
          },
        },
        legacyEventType: 'app.auth.sso',
        transaction: { type: 'WEB', id: `req${i}`, detail: {} },
        uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        version: '0',
        request: { ipChain: [] },
        target: [
          {
            id: '0oa1',
            type: 'AppInstance',
            alternateId: 'Example Mail',
            displayName: 'Example Mail',
            detailEntry: { signOnModeType: 'SAML_2_0' },
          },
          {
            id: `0ua${person}`,
            type: 'AppUser',
            alternateId: `person${person}@example.com`,
            displayName: `Person ${person}`,
            detailEntry: null,
          },
        ],
      }),
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
