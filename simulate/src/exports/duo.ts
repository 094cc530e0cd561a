import { join } from 'node:path';
import type { Browser, Handset } from '../devices.js';
import { Document } from '../files.js';
import type { Happening } from '../happenings.js';
import { countryName, type Network } from '../networks.js';
import { emailOn, type Person } from '../person.js';
import type { Random } from '../random.js';
import { DAY, iso } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** Duo's authentication log as the Admin API v2 answers it, a month to a file. */
export class DuoLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #folder: string;
  #month = '';
  #document: Document | undefined;
  #ending: Document[] = [];

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#folder = join(folder, 'duo');
    this.#random = world.random('duo');
  }

  take(happening: Happening): void {
    if (happening.kind === 'sign-in' && happening.person.mfa === 'duo') {
      const { person, phone } = happening;
      const denied = this.#random.chance(0.012);
      this.#record({ ...happening, time: happening.time + 8000 }, phone.handset, phone.network, {
        event_type: 'authentication',
        factor: 'duo_push',
        result: denied ? 'denied' : 'success',
        reason: denied ? 'no_response' : 'user_approved',
      });
      if (person.habits.mfaFrom && phone.network.city !== happening.network.city) {
        this.#world.saw(person, 'elsewhere', 'phone', happening.time + 8000);
      }
      this.#world.saw(person, 'used', phone.handset.duoKey, happening.time + 8000);
    } else if (happening.kind === 'factor-added' && happening.person.mfa === 'duo') {
      this.#world.saw(happening.person, 'enrolled', happening.handset.duoKey, happening.time);
      this.#record(happening, happening.handset, happening.network, {
        event_type: 'enrollment',
        factor: null,
        result: 'success',
        reason: 'allow_unenrolled_user',
      });
    }
  }

  async drain(): Promise<void> {
    await this.#document?.drain();
    for (const document of this.#ending.splice(0)) await document.close();
  }

  async close(): Promise<void> {
    await this.drain();
    await this.#document?.close();
  }

  #record(
    at: { time: number; person: Person; network: Network; browser: Browser },
    handset: Handset,
    phoneAt: Network,
    event: Record<string, string | null>,
  ): void {
    const { time, person, network, browser } = at;
    if (time >= this.#world.asOf + DAY) return;
    const micros = String(this.#random.int(0, 999)).padStart(3, '0');
    const version = /(?:Chrome|Version|Edg)\/([\d.]+)/.exec(browser.userAgent)?.[1] ?? '18.6';
    this.#at(time).record(
      JSON.stringify({
        access_device: {
          browser:
            browser.name === 'EDGE' ? 'Edge Chromium' : browser.name === 'SAFARI' ? 'Safari' : 'Chrome',
          browser_version: version,
          epkey: null,
          flash_version: 'uninstalled',
          hostname: null,
          ip: network.ip,
          is_encryption_enabled: 'unknown',
          is_firewall_enabled: 'unknown',
          is_password_set: 'unknown',
          java_version: 'uninstalled',
          location: place(network),
          os: browser.os.replace(' 10', ''),
          os_version: browser.os.startsWith('Windows') ? '10' : '10.15.7',
          security_agents: 'unknown',
        },
        adaptive_trust_assessments: {},
        alias: '',
        application: { key: 'DIKLARKSPUROKTA0001X', name: 'Okta' },
        auth_device: {
          ip: phoneAt.ip,
          key: handset.duoKey,
          location: place(phoneAt),
          name: `${spaced(handset.number)} (${handset.model})`,
        },
        email: emailOn(person, time),
        ...event,
        isotimestamp: `${iso(time).slice(0, -1)}${micros}+00:00`,
        ood_software: null,
        timestamp: Math.floor(time / 1000),
        trusted_endpoint_status: 'unknown',
        txid: this.#random.uuid(),
        user: { groups: ['Staff (from Okta)'], key: `DU${userKey(this.#world, person)}`, name: person.login },
      }),
    );
  }

  #at(time: number): Document {
    const month = iso(time).slice(0, 7);
    if (!this.#document || month > this.#month) {
      if (this.#document) this.#ending.push(this.#document);
      this.#month = month;
      this.#document = new Document(
        join(this.#folder, `authentication-${month}.json`),
        '{"stat":"OK","response":{"authlogs":[',
        (total) => `],"metadata":{"next_offset":null,"total_objects":${total}}}}`,
      );
    }
    return this.#document;
  }
}

function place(network: Network): { city: string; country: string; state: string } {
  return { city: network.city.name, country: countryName(network.city), state: network.city.regionName };
}

function userKey(world: World, person: Person): string {
  return world.random('duo-user', person.index).token(18).toUpperCase();
}

/** +1 303-555-0112, as Duo names a phone. */
function spaced(number: string): string {
  return number.startsWith('+1') && number.length === 12
    ? `+1 ${number.slice(2, 5)}-${number.slice(5, 8)}-${number.slice(8)}`
    : number;
}
