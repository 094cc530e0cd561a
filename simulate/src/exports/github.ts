import { join } from 'node:path';
import { Output } from '../files.js';
import type { Happening } from '../happenings.js';
import { emailOn } from '../person.js';
import type { Random } from '../random.js';
import { repositories } from '../repositories.js';
import { DAY, HOUR } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** GitHub's organisation audit log, web and Git events together, one event a line. */
export class GitHubLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #output: Output;
  #lines = 0;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#random = world.random('github');
    this.#output = new Output(join(folder, 'github', 'audit-log.ndjson'));
  }

  take(happening: Happening): void {
    if (happening.kind !== 'code' || !happening.person.codeHost) return;
    const { person, network, time, event, repository } = happening;
    const code = happening.as ?? (person.codeHost as NonNullable<typeof person.codeHost>);
    const random = this.#random;
    const common = {
      '@timestamp': time,
      _document_id: random.token(22),
      action: event,
      actor: code.login,
      actor_id: code.id,
      actor_ip: network.ip,
      actor_location: { country_code: network.city.country },
      business: 'larkspur',
      business_id: 48213,
      created_at: time,
      // A few accounts were never joined to a sign-on identity.
      ...(code.id % 29 === 0 ? {} : { external_identity_nameid: emailOn(person, time) }),
      org: 'larkspur',
      org_id: 61340977,
    };
    const id = 310_000_000 + repositories.indexOf(repository) * 9173;
    const token = {
      hashed_token: code.hashedToken,
      programmatic_access_type: 'OAuth access token',
      token_id: code.tokenId,
    };
    switch (event) {
      case 'git.clone':
      case 'git.fetch':
      case 'git.push':
        this.#write({
          ...common,
          ...token,
          repo: repository,
          repository,
          repo_id: id,
          repository_public: false,
          public_repo: false,
          transport_protocol: 1,
          transport_protocol_name: 'http',
          user: code.login,
          user_id: code.id,
          user_agent: 'git/2.50.1',
        });
        return;
      case 'repo.access':
        this.#write({
          ...common,
          repo: repository,
          repo_id: id,
          previous_visibility: 'private',
          visibility: 'public',
          public_repo: true,
          operation_type: 'modify',
          user_agent: happening.browser.userAgent,
        });
        return;
      case 'personal_access_token.access_granted':
        this.#write({
          ...common,
          operation_type: 'create',
          user: code.login,
          user_id: code.id,
          user_programmatic_access_name: 'laptop',
          repositories_added: [id],
          repository_selection: 'subset',
          user_agent: happening.browser.userAgent,
        });
        return;
      case 'public_key.create':
        this.#write({
          ...common,
          operation_type: 'create',
          user: code.login,
          user_id: code.id,
          title: 'laptop',
          user_agent: happening.browser.userAgent,
        });
        return;
      case 'repo.add_member':
        this.#write({
          ...common,
          repo: repository,
          repo_id: id,
          operation_type: 'create',
          user: happening.guest ?? code.login,
          permission: 'write',
          user_agent: happening.browser.userAgent,
        });
        return;
      case 'repo.register_self_hosted_runner':
      case 'repository_secret_scanning.disable':
      case 'protected_branch.policy_override':
      case 'repo.download_zip':
      case 'private_repository_forking.enable':
        this.#write({
          ...common,
          repo: repository,
          repo_id: id,
          operation_type: 'modify',
          user_agent: happening.browser.userAgent,
        });
        return;
      case 'org.invite_member':
        this.#write({
          ...common,
          operation_type: 'create',
          user: code.login,
          user_id: code.id,
          user_agent: happening.browser.userAgent,
        });
    }
  }

  /** The build machines clone all day, and the administrators do what administrators do. */
  endDay(day: number): void {
    const random = this.#random;
    for (let i = 0; i < 12; i++) {
      const repository = random.pick(repositories);
      this.#write({
        '@timestamp': day + DAY - HOUR + i * 240_000,
        _document_id: random.token(22),
        action: 'git.clone',
        actor: 'larkspur-builds[bot]',
        actor_id: 99120033,
        actor_is_bot: true,
        actor_ip: this.#world.networks.builds.ip,
        actor_location: { country_code: 'US' },
        business: 'larkspur',
        business_id: 48213,
        hashed_token: `${'bu1ld5'.repeat(7)}=`,
        org: 'larkspur',
        org_id: 61340977,
        programmatic_access_type: 'GitHub App server-to-server token',
        repo: repository,
        repository,
        repository_public: false,
        transport_protocol: 1,
        transport_protocol_name: 'http',
        user: '',
        user_agent: 'git/2.43.0',
      });
    }
    if (random.chance(0.12)) {
      this.#write({
        '@timestamp': day + DAY - HOUR,
        _document_id: random.token(22),
        action: 'org.invite_member',
        actor: 'larkspur-admin',
        actor_id: 99120001,
        actor_ip: this.#world.networks.corporateVpn[0]?.ip,
        actor_location: { country_code: 'US' },
        business: 'larkspur',
        business_id: 48213,
        created_at: day + DAY - HOUR,
        email: null,
        operation_type: 'create',
        org: 'larkspur',
        org_id: 61340977,
        user: `invitee-${random.int(100, 999)}`,
        user_id: random.int(1_000_000, 9_000_000),
      });
    }
  }

  drain(): Promise<void> {
    return this.#output.drain();
  }

  close(): Promise<void> {
    return this.#output.close();
  }

  #write(record: Record<string, unknown>): void {
    const text = JSON.stringify(record);
    this.#output.line(text);
    if (++this.#lines % 911 === 0) this.#output.line(text);
  }
}
