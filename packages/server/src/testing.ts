/** A server for tests: in memory, with a made-up company, and a header in place of signing in. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, loadPolicy } from '@rollcall/engine';
import type { PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
import { pino } from 'pino';
import { assemble } from './app.js';
import { makeAudit } from './audit/audit.js';
import { makeKeys } from './keys.js';
import { makeLive } from './live.js';
import type { Role, User } from './model/roles.js';
import type { PersonRow, Receipt, Services, SightOf, Snapshot } from './model/services.js';
import { makeSettings } from './settings.js';
import { openEmbedded, type Store } from './store/store.js';

export interface TestServer {
  services: Services;
  /** A request as somebody of these roles; the account's id is `user-ROLE` of the first. */
  as(
    ...roles: Role[]
  ): <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: T }>;
  /** What was handed to the intake, by source. */
  taken: { source: string; records: unknown[] }[];
  /** Work that was asked for. */
  asked: { kind: string; payload: Record<string, unknown> }[];
  /** Moves the clock. */
  at(time: string): void;
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

let content: Awaited<ReturnType<typeof loadContent>> | undefined;

export async function testServer(
  options: {
    result?: ScanResult;
    others?: PersonRow[];
    store?: Store;
    sight?: (services: Services) => SightOf;
  } = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-server-test-'));
  const store = options.store ?? (await openEmbedded());
  content ??= await loadContent(undefined, { withoutTests: true });
  const loaded = content;
  let now = new Date('2026-06-01T09:00:00.000Z');
  const users = new Map<string, User>();
  const keys = makeKeys(
    Buffer.alloc(32, 7),
    Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  );
  const snapshot = options.result ? snapshotOf(options.result, keys.handle, options.others ?? []) : undefined;
  const taken: TestServer['taken'] = [];
  const asked: TestServer['asked'] = [];
  const services: Services = {
    folder,
    lake: join(folder, 'lake'),
    content: loaded,
    policy: () => loadPolicy(undefined),
    store,
    audit: makeAudit(() => now),
    keys,
    results: { current: () => snapshot },
    sight: {
      sight: async () => 'veiled',
      open: async () => new Set<string>(),
      pseudonym: (person) => `Person ${keys.handle(person).slice(1, 7).toUpperCase()}`,
      veil: async (_user, value) => value,
    },
    intake: {
      records: async (source, ndjson, key) => {
        const records = Buffer.from(ndjson)
          .toString('utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as unknown);
        taken.push({ source, records });
        return receipt(source, records.length, ndjson.length, key, now);
      },
      file: async (name, file) => {
        let bytes = 0;
        for await (const part of file) bytes += part.length;
        return receipt(name, 1, bytes, undefined, now);
      },
      wake: async () => undefined,
    },
    queue: {
      add: async (_db, kind, payload = {}) => {
        asked.push({ kind, payload });
      },
    },
    live: makeLive(),
    settings: makeSettings(store),
    accounts: {
      user: async (headers) => {
        const held = headers.get('x-test-roles');
        if (held === null) return undefined;
        const list = held.split(',').filter(Boolean) as Role[];
        const id = headers.get('x-test-user') ?? `user-${list[0] ?? 'none'}`;
        const user: User = { id, name: `Account ${id}`, email: `${id}@example.com`, roles: list };
        users.set(id, user);
        return user;
      },
      list: async () => [...users.values()].map((user) => ({ ...user, active: true })),
    },
    log: pino({ level: 'silent' }),
    now: () => now,
  };
  if (options.sight) services.sight = options.sight(services);
  const { app } = assemble(services, async () => undefined);
  const request = async (path: string, init?: RequestInit) => app.request(path, init);
  return {
    services,
    taken,
    asked,
    request,
    at: (time) => {
      now = new Date(time);
    },
    as:
      (...held) =>
      async <T>(method: string, path: string, body?: unknown) => {
        const response = await request(`/api${path}`, {
          method,
          headers: {
            'x-test-roles': held.join(','),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        return {
          status: response.status,
          body: (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T,
        };
      },
    close: async () => {
      if (!options.store) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function receipt(
  source: string,
  records: number,
  bytes: number,
  key: string | undefined,
  now: Date,
): Receipt {
  return {
    id: key ?? `${source}-${records}-${bytes}`,
    source,
    records,
    bytes,
    sha256: '',
    receivedAt: now.toISOString(),
    again: false,
  };
}

/** A snapshot of a result, all in memory. */
export function snapshotOf(
  result: ScanResult,
  handle: (person: string) => string,
  others: readonly PersonRow[] = [],
): Snapshot {
  const rows = [...result.people.map((person) => rowOf(person, handle)), ...others];
  const byKey = new Map(rows.flatMap((row) => [[row.id, row] as const, [row.handle, row] as const]));
  const people = new Map(result.people.map((person) => [person.id, person]));
  return {
    number: 1,
    asOf: result.asOf,
    finishedAt: result.asOf,
    head: { ...result, people: [] },
    people: rows,
    row: (key) => byKey.get(key),
    person: async (id) => people.get(id),
    ring: (id) => result.rings.find((ring) => ring.id === id),
  };
}

/** The light row of a person of a result. */
export function rowOf(person: PersonResult, handle: (person: string) => string): PersonRow {
  const [heaviest] = [...person.signals].sort((a, b) => b.bits - a.bits);
  return {
    id: person.id,
    handle: handle(person.id),
    name: person.name,
    stage: person.stage,
    engagement: person.engagement,
    ...(person.title === undefined ? {} : { title: person.title }),
    ...(person.department === undefined ? {} : { department: person.department }),
    ...(person.manager === undefined ? {} : { manager: person.manager }),
    ...(person.vendor === undefined ? {} : { vendor: person.vendor }),
    ...(person.workEmail === undefined ? {} : { workEmail: person.workEmail }),
    ...(person.remote === undefined ? {} : { remote: person.remote }),
    ...(person.claimed ? { location: person.claimed.label } : {}),
    ...(person.appliedAt === undefined ? {} : { appliedAt: person.appliedAt }),
    ...(person.startedAt === undefined ? {} : { startedAt: person.startedAt }),
    ...(person.leftAt === undefined ? {} : { leftAt: person.leftAt }),
    band: person.band,
    bits: person.bits,
    facets: person.facets.length,
    signals: person.signals.length,
    ...(person.ring === undefined ? {} : { ring: person.ring }),
    ...(heaviest && heaviest.bits > 0 ? { says: heaviest.says } : {}),
  };
}
