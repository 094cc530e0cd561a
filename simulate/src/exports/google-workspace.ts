import { join } from 'node:path';
import { Document, Output } from '../files.js';
import type { Happening } from '../happenings.js';
import { emailOn, type Person } from '../person.js';
import type { Random } from '../random.js';
import { iso } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** Activities of the Admin SDK's Reports API: one a line for login and drive, as the API's page for token. */
export class GoogleWorkspaceLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #login: Output;
  readonly #drive: Output;
  readonly #token: Document;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#random = world.random('google');
    const path = (name: string) => join(folder, 'google-workspace', name);
    this.#login = new Output(path('login.ndjson'));
    this.#drive = new Output(path('drive.ndjson'));
    this.#token = new Document(
      path('token.json'),
      '{"kind":"admin#reports#activities","etag":"\\"larkspur-token\\"","items":[',
      ']}',
    );
  }

  take(happening: Happening): void {
    switch (happening.kind) {
      case 'google-login': {
        const parameters = [
          { name: 'login_type', value: 'saml' },
          { name: 'login_challenge_method', multiValue: ['none'] },
          { name: 'is_suspicious', boolValue: false },
        ];
        this.#login.line(
          this.#activity('login', happening, [{ type: 'login', name: 'login_success', parameters }]),
        );
        return;
      }
      case 'drive': {
        const { event, title, id, target, person, time } = happening;
        const file = [
          { name: 'primary_event', boolValue: true },
          { name: 'billable', boolValue: true },
          { name: 'owner_is_shared_drive', boolValue: false },
          { name: 'owner', value: emailOn(person, time) },
          { name: 'doc_id', value: id },
          { name: 'doc_type', value: 'document' },
          { name: 'is_encrypted', boolValue: false },
          { name: 'doc_title', value: title },
        ];
        if (event === 'share') {
          const parameters = [
            ...file,
            { name: 'visibility_change', value: 'external' },
            { name: 'target_user', value: target },
            { name: 'old_value', multiValue: ['none'] },
            { name: 'new_value', multiValue: ['can_edit'] },
            { name: 'old_visibility', value: 'private' },
            { name: 'visibility', value: 'shared_externally' },
          ];
          this.#drive.line(
            this.#activity('drive', happening, [
              { type: 'acl_change', name: 'change_user_access', parameters },
            ]),
          );
        } else {
          const parameters = [...file, { name: 'visibility', value: 'people_within_domain_with_link' }];
          this.#drive.line(this.#activity('drive', happening, [{ type: 'access', name: event, parameters }]));
        }
        return;
      }
      case 'grant': {
        const parameters = [
          { name: 'client_id', value: happening.clientId },
          { name: 'app_name', value: happening.app },
          { name: 'client_type', value: 'WEB' },
          { name: 'scope', multiValue: happening.scopes },
          {
            name: 'scope_data',
            multiMessageValue: happening.scopes.map((scope) => ({
              parameter: [
                { name: 'scope_name', value: scope },
                { name: 'product_bucket', multiValue: ['IDENTITY'] },
              ],
            })),
          },
        ];
        this.#token.record(
          this.#activity('token', happening, [{ type: 'auth', name: 'authorize', parameters }]),
        );
      }
    }
  }

  async drain(): Promise<void> {
    await this.#login.drain();
    await this.#drive.drain();
    await this.#token.drain();
  }

  async close(): Promise<void> {
    await this.#login.close();
    await this.#drive.close();
    await this.#token.close();
  }

  #activity(
    application: string,
    at: { time: number; person: Person; network: { ip: string } },
    events: object[],
  ): string {
    return JSON.stringify({
      kind: 'admin#reports#activity',
      id: {
        time: iso(at.time),
        uniqueQualifier: `${this.#random.chance(0.5) ? '-' : ''}${this.#random.int(1, 9)}${this.#random.digits(17)}`,
        applicationName: application,
        customerId: 'C03larksp',
      },
      etag: `"${this.#random.token(27)}"`,
      actor: {
        email: emailOn(at.person, at.time),
        profileId: `1${this.#world.random('google-user', at.person.index).digits(20)}`,
      },
      ipAddress: at.network.ip,
      events,
    });
  }
}
