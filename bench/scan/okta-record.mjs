// One record of the Okta System Log, about 1.4 kB, and what fills it.

/** City, state, latitude, longitude, number of the network. */
export const cities = [
  ['Columbus', 'Ohio', 39.96, -83.0, 7922],
  ['Austin', 'Texas', 30.27, -97.74, 7018],
  ['Denver', 'Colorado', 39.74, -104.98, 209],
  ['Boise', 'Idaho', 43.62, -116.2, 11404],
  ['Tampa', 'Florida', 27.95, -82.46, 33363],
  ['Portland', 'Oregon', 45.52, -122.68, 7922],
];
export const browsers = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
];

export const mailApp = {
  id: '0oa1',
  type: 'AppInstance',
  alternateId: 'Example Mail',
  displayName: 'Example Mail',
  detailEntry: { signOnModeType: 'SAML_2_0' },
};
export const userOf = (person) => ({
  id: `0ua${person}`,
  type: 'AppUser',
  alternateId: `person${person}@example.com`,
  displayName: `Person ${person}`,
  detailEntry: null,
});

export function oktaRecord({
  person,
  uuid,
  request,
  session,
  type,
  time,
  ip,
  city,
  vpn,
  browser,
  os,
  targets,
}) {
  return {
    actor: {
      id: `00u${person}`,
      type: 'User',
      alternateId: `person${person}@example.com`,
      displayName: `Person ${person}`,
      detailEntry: null,
    },
    client: {
      userAgent: { rawUserAgent: browser, os, browser: 'CHROME' },
      zone: 'null',
      device: 'Computer',
      id: null,
      ipAddress: ip,
      geographicalContext: {
        city: city[0],
        state: city[1],
        country: 'United States',
        postalCode: '00000',
        geolocation: { lat: city[2], lon: city[3] },
      },
    },
    device: null,
    authenticationContext: { authenticationStep: 0, externalSessionId: session },
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
        authnRequestId: request,
        dtHash: `dt${person}`,
        deviceFingerprint: `fp${person}`,
        requestId: request,
        requestUri: '/app/example/exk1/sso/saml',
        threatSuspected: 'false',
      },
    },
    legacyEventType: 'app.auth.sso',
    transaction: { type: 'WEB', id: request, detail: {} },
    uuid,
    version: '0',
    request: { ipChain: [] },
    target: targets,
  };
}
