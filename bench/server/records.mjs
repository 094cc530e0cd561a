// Okta System Log records like those of bench/scan, of any time, each with a uuid of its own.
import { createHash } from 'node:crypto';

const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0';

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
      JSON.stringify({
        actor: {
          id: `00u${person}`,
          type: 'User',
          alternateId: `person${person}@example.com`,
          displayName: `Person ${person}`,
          detailEntry: null,
        },
        client: {
          userAgent: { rawUserAgent: browser, os: 'Windows', browser: 'CHROME' },
          zone: 'null',
          device: 'Computer',
          id: null,
          ipAddress: `203.${(person >> 8) & 255}.${person & 255}.1`,
          geographicalContext: {
            city: 'Columbus',
            state: 'Ohio',
            country: 'United States',
            postalCode: '00000',
            geolocation: { lat: 39.96, lon: -83.0 },
          },
        },
        device: null,
        authenticationContext: { authenticationStep: 0, externalSessionId: `idx${person}` },
        displayMessage: 'User single sign on to app',
        eventType: 'user.authentication.sso',
        outcome: { result: 'SUCCESS', reason: null },
        published: time,
        securityContext: {
          asNumber: 7922,
          asOrg: 'example broadband',
          isp: 'example broadband',
          domain: 'example.net',
          isProxy: false,
        },
        severity: 'INFO',
        debugContext: {
          debugData: {
            authnRequestId: uuid,
            dtHash: `dt${person}`,
            deviceFingerprint: `fp${person}`,
            requestId: uuid,
            requestUri: '/app/example/exk1/sso/saml',
            threatSuspected: 'false',
          },
        },
        legacyEventType: 'app.auth.sso',
        transaction: { type: 'WEB', id: uuid, detail: {} },
        uuid,
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
        ],
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}
