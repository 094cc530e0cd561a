import { join } from 'node:path';
import { Document } from '../files.js';
import type { Happening } from '../happenings.js';
import { displayName, emailOn } from '../person.js';
import type { Random } from '../random.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** Slack's audit log, as the Audit Logs API answers it. Only the last month was kept. */
export class SlackLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #document: Document;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#random = world.random('slack');
    this.#document = new Document(
      join(folder, 'slack', 'audit.json'),
      '{"ok":true,"entries":[',
      '],"response_metadata":{"next_cursor":""}}',
    );
  }

  take(happening: Happening): void {
    if (happening.kind !== 'slack' || happening.time < this.#world.asOf - 30 * DAY) return;
    const { person, time, network, browser, event } = happening;
    const key = this.#world.random('slack-user', person.index);
    const user = {
      id: `W0${key.token(9).toUpperCase()}`,
      name: displayName(person),
      email: emailOn(person, time),
      team: 'T02LARKSPUR',
    };
    this.#document.record(
      JSON.stringify({
        id: this.#random.uuid(),
        date_create: Math.floor(time / 1000),
        action: event,
        actor: { type: 'user', user },
        entity:
          event === 'user_login'
            ? { type: 'user', user }
            : {
                type: 'file',
                file: {
                  id: `F0${this.#random.token(9).toUpperCase()}`,
                  name: happening.file ?? 'file',
                  filetype: 'application/pdf',
                  title: happening.file ?? 'file',
                },
              },
        context: {
          location: { type: 'workspace', id: 'T02LARKSPUR', name: 'Larkspur', domain: 'larkspur' },
          ua: browser.userAgent,
          session_id: key.int(10 ** 11, 10 ** 12),
          ip_address: network.ip,
        },
      }),
    );
  }

  drain(): Promise<void> {
    return this.#document.drain();
  }

  close(): Promise<void> {
    return this.#document.close();
  }
}
