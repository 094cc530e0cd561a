import { join } from 'node:path';
import type { Browser, Device, Handset } from '../devices.js';
import { Output } from '../files.js';
import type { Happening } from '../happenings.js';
import { countryName, type Network } from '../networks.js';
import { displayName, emailOn, type Person } from '../person.js';
import { Random } from '../random.js';
import { DAY, date, iso } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** Okta's System Log, a file a week as the API's pages would be saved, most of them compressed. */
export class OktaLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #folder: string;
  readonly #actors = new Map<string, string>();
  readonly #places = new Map<Network, { geo: string; security: string; tunnels: string }>();
  readonly #clients = new Map<Browser, string>();
  readonly #devices = new Map<Device, string>();
  #output: Output | undefined;
  #ending: Output[] = [];
  #week = -1;
  #lines = 0;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#folder = join(folder, 'okta');
    this.#random = world.random('okta');
  }

  take(happening: Happening): void {
    switch (happening.kind) {
      case 'sign-in':
        this.#signIn(happening);
        break;
      case 'refused':
        this.#record(happening, {
          type: 'policy.evaluate_sign_on',
          message: 'Evaluation of sign-on policy',
          result: 'DENY',
          reason: happening.reason,
          session: happening.session,
          uri: '/idp/idx/identify',
          target: POLICY,
          severity: 'INFO',
        });
        break;
      case 'password-wrong':
        this.#record(happening, {
          type: 'user.session.start',
          message: 'User login to Okta',
          legacy: 'core.user_auth.login_failed',
          result: 'FAILURE',
          reason: 'INVALID_CREDENTIALS',
          session: 'unknown',
          uri: '/api/v1/authn',
          severity: 'WARN',
        });
        break;
      case 'app':
        this.#record(happening, {
          type: 'user.authentication.sso',
          message: 'User single sign on to app',
          legacy: 'app.auth.sso',
          result: 'SUCCESS',
          session: happening.session,
          uri: `/app/${happening.app.toLowerCase().replaceAll(' ', '_')}/exk${slug(happening.app)}/sso/saml`,
          target: this.#app(happening.app, happening.person, happening.time),
          ...(happening.device ? { device: happening.device } : {}),
        });
        break;
      case 'factor-added':
        this.#factorAdded(happening);
        break;
    }
  }

  async drain(): Promise<void> {
    await this.#output?.drain();
    for (const output of this.#ending.splice(0)) await output.close();
  }

  async close(): Promise<void> {
    await this.drain();
    await this.#output?.close();
  }

  #signIn(happening: Extract<Happening, { kind: 'sign-in' }>): void {
    const { person, session, phone, device } = happening;
    const own = device ? { device } : {};
    this.#record(happening, {
      type: 'policy.evaluate_sign_on',
      message: 'Evaluation of sign-on policy',
      result: 'ALLOW',
      reason: 'Sign-on policy evaluation resulted in ALLOW',
      session,
      uri: '/idp/idx/identify',
      target: POLICY,
      ...own,
    });
    this.#record(happening, {
      after: 1200,
      type: 'user.session.start',
      message: 'User login to Okta',
      legacy: 'core.user_auth.login_success',
      result: 'SUCCESS',
      session,
      uri: '/idp/idx/identify',
      ...own,
    });
    const duo = person.mfa === 'duo';
    this.#record(happening, {
      after: 9400,
      type: 'user.authentication.auth_via_mfa',
      message: 'Authentication of user via MFA',
      legacy: 'core.user.factor.attempt_success',
      result: 'SUCCESS',
      session,
      uri: '/idp/idx/authenticators/poll',
      factor: duo ? 'DUO_SECURITY' : 'OKTA_VERIFY_PUSH',
      ...own,
      target: duo
        ? this.#user(person, happening.time)
        : `${this.#user(person, happening.time)},${enrollment(phone.handset)}`,
    });
  }

  #factorAdded(happening: Extract<Happening, { kind: 'factor-added' }>): void {
    const { person, handset, session, time } = happening;
    const duo = person.mfa === 'duo';
    this.#record(happening, {
      type: 'user.mfa.factor.activate',
      message: 'Activate factor or authenticator enrollment for user',
      legacy: 'core.user.factor.activate',
      result: 'SUCCESS',
      reason: `User set up ${duo ? 'DUO_SECURITY' : 'OKTA_VERIFY_PUSH'} factor`,
      session,
      uri: '/idp/idx/credential/enroll',
      factor: duo ? 'DUO_SECURITY' : 'OKTA_VERIFY_PUSH',
      target: this.#user(person, time),
    });
    if (duo) return;
    this.#record(happening, {
      after: 700,
      browser: handset.browser,
      type: 'device.enrollment.create',
      message: 'Enroll new device',
      result: 'SUCCESS',
      session: 'unknown',
      uri: '/idp/authenticators',
      target: phone(handset),
    });
    this.#record(happening, {
      after: 900,
      browser: handset.browser,
      type: 'device.user.add',
      message: 'Add device to user',
      result: 'SUCCESS',
      session: 'unknown',
      uri: '/idp/authenticators',
      target: `${this.#user(person, time)},${phone(handset)}`,
    });
    this.#world.saw(person, 'enrolled', handset.oktaDeviceId, time + 900);
  }

  #record(at: { time: number; person: Person; network: Network; browser: Browser }, event: OktaEvent): void {
    const { person, network } = at;
    const time = at.time + (event.after ?? 0);
    const browser = event.browser ?? at.browser;
    const random = this.#random;
    const place = this.#place(network);
    const client = this.#client(browser);
    const request = `Z${random.token(26)}`;
    const mfa = event.factor ? `"factor":"${event.factor}",` : '';
    const text =
      `{"actor":${this.#actor(person, time)},"client":{${client},"ipAddress":"${network.ip}","geographicalContext":${place.geo}},` +
      `"device":${event.device ? this.#device(event.device) : 'null'},` +
      `"authenticationContext":{"authenticationProvider":${event.factor ? '"FACTOR_PROVIDER"' : 'null'},"credentialProvider":${event.factor ? `"${event.factor === 'DUO_SECURITY' ? 'DUO' : 'OKTA_CREDENTIAL_PROVIDER'}"` : 'null'},"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"${event.session}"},` +
      `"displayMessage":"${event.message}","eventType":"${event.type}","outcome":{"result":"${event.result}","reason":${event.reason ? `"${event.reason}"` : 'null'}},"published":"${iso(time)}",` +
      `"securityContext":${place.security},"severity":"${event.severity ?? 'INFO'}",` +
      `"debugContext":{"debugData":{${mfa}${place.tunnels}"requestId":"${request}","dtHash":"${browser.token}","deviceFingerprint":"${browser.fingerprint}","requestUri":"${event.uri}","threatSuspected":"false","url":"${event.uri}?"}},` +
      `"legacyEventType":${event.legacy ? `"${event.legacy}"` : 'null'},"transaction":{"type":"WEB","id":"${request}","detail":{}},"uuid":"${random.uuid()}","version":"0",` +
      `"request":{"ipChain":[{"ip":"${network.ip}","geographicalContext":${place.geo},"version":"${network.ip.includes(':') ? 'V6' : 'V4'}","source":null}]},` +
      `"target":${event.target ? `[${event.target}]` : 'null'}}`;
    const output = this.#at(time);
    this.#lines++;
    output.line(text);
    // The same record comes twice where two saved pages overlap, and once a page broke off.
    if (this.#lines % 701 === 0) output.line(text);
    if (this.#lines === 1999) output.line(text.slice(0, 500));
    // A home's line, not what many share by nature.
    if (person.ring && network.local) this.#world.saw(person, 'egress', network.ip, time);
  }

  #at(time: number): Output {
    const week = Math.floor((time - this.#world.from) / (7 * DAY));
    if (!this.#output || week > this.#week) {
      if (this.#output) this.#ending.push(this.#output);
      this.#week = week;
      this.#output = new Output(
        join(
          this.#folder,
          `system-log-${date(this.#world.from + week * 7 * DAY)}.ndjson${week % 3 === 2 ? '' : '.gz'}`,
        ),
      );
    }
    return this.#output;
  }

  #actor(person: Person, time: number): string {
    const email = emailOn(person, time);
    let json = this.#actors.get(email);
    if (!json) {
      json = JSON.stringify({
        id: oktaUserId(this.#world, person),
        type: 'User',
        alternateId: email,
        displayName: displayName(person),
        detailEntry: null,
      });
      this.#actors.set(email, json);
    }
    return json;
  }

  #user(person: Person, time: number): string {
    return this.#actor(person, time);
  }

  #app(app: string, person: Person, time: number): string {
    return (
      `{"id":"0oa${slug(app)}","type":"AppInstance","alternateId":"${app}","displayName":"${app}","detailEntry":{"signOnModeType":"SAML_2_0"}},` +
      `{"id":"0ua${slug(app).slice(0, 8)}${person.index.toString(36).padStart(9, '0')}","type":"AppUser","alternateId":"${emailOn(person, time)}","displayName":${JSON.stringify(displayName(person))},"detailEntry":null}`
    );
  }

  #place(network: Network): { geo: string; security: string; tunnels: string } {
    let place = this.#places.get(network);
    if (!place) {
      const { city } = network;
      place = {
        geo: JSON.stringify({
          city: city.name,
          state: city.regionName,
          country: countryName(city),
          postalCode: city.postal.length > 2 ? `${city.postal}01`.slice(0, 5) : null,
          geolocation: { lat: city.lat, lon: city.lon },
        }),
        security: JSON.stringify({
          asNumber: network.asn,
          asOrg: network.asOrg,
          isp: network.isp,
          domain: network.domain,
          isProxy: network.isProxy,
        }),
        tunnels: network.tunnel
          ? `"tunnels":${JSON.stringify(JSON.stringify([{ anonymous: true, operator: network.tunnel.operator, type: network.tunnel.type }]))},`
          : '',
      };
      this.#places.set(network, place);
    }
    return place;
  }

  #client(browser: Browser): string {
    let json = this.#clients.get(browser);
    if (!json) {
      json = `"userAgent":{"rawUserAgent":"${browser.userAgent}","os":"${browser.os}","browser":"${browser.name}"},"zone":"null","device":"${browser.kind}","id":null`;
      this.#clients.set(browser, json);
    }
    return json;
  }

  #device(device: Device): string {
    let json = this.#devices.get(device);
    if (!json) {
      json = JSON.stringify({
        id: device.oktaId,
        name: device.hostname,
        os_platform: device.os === 'macos' ? 'OSX' : 'WINDOWS',
        os_version: device.osVersion,
        managed: device.managed,
        registered: true,
        device_integrator: null,
        disk_encryption_type: 'ALL_INTERNAL_VOLUMES',
        screen_lock_type: 'BIOMETRIC',
        jailbreak: null,
        secure_hardware_present: true,
      });
      this.#devices.set(device, json);
    }
    return json;
  }
}

interface OktaEvent {
  /** Milliseconds after what set it off. */
  after?: number;
  /** Another browser than the one at hand: the phone's, when it is the phone that is enrolled. */
  browser?: Browser;
  type: string;
  message: string;
  legacy?: string;
  result: string;
  reason?: string;
  session: string;
  uri: string;
  target?: string;
  factor?: string;
  severity?: string;
  device?: Device;
}

const POLICY =
  '{"id":"00pk7m2wq4Rr0Yb1x5d7","type":"PolicyEntity","alternateId":"unknown","displayName":"Staff","detailEntry":{"policyType":"OktaSignOn"}},' +
  '{"id":"0prk7m2x01Zt8Fq3h5d7","type":"PolicyRule","alternateId":"00pk7m2wq4Rr0Yb1x5d7","displayName":"Two factors","detailEntry":null}';

const slugs = new Map<string, string>();

function slug(app: string): string {
  let id = slugs.get(app);
  if (id === undefined) {
    id = makeSlug(app);
    slugs.set(app, id);
  }
  return id;
}

function makeSlug(app: string): string {
  const word = app.toLowerCase().replaceAll(/[^a-z]/g, '');
  return `${word}k7m2w000000000`.slice(0, 17);
}

function enrollment(handset: Handset): string {
  return `{"id":"${handset.oktaEnrollmentId}","type":"AuthenticatorEnrollment","alternateId":"unknown","displayName":"Okta Verify","detailEntry":{"methodTypeUsed":"Get a push notification","methodUsedVerifiedProperties":"[USER_PRESENCE]"}}`;
}

function phone(handset: Handset): string {
  return JSON.stringify({
    id: handset.oktaDeviceId,
    type: 'Device',
    alternateId: 'unknown',
    displayName: handset.model,
    detailEntry: {
      osPlatform: handset.os === 'ios' ? 'IOS' : 'ANDROID',
      osVersion: handset.osVersion,
      status: 'ACTIVE',
      serialNumber: null,
      imei: null,
      meid: null,
    },
  });
}

export function oktaUserId(world: World, person: Person): string {
  return `00u${new Random(world.options.seed, 'okta-user', person.index).token(17)}`;
}
