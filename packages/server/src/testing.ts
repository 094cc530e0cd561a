/** A server for tests: in memory, with a made-up company, and a header in place of signing in. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, loadPolicy } from '@rollcall/engine';
import type { ScanResult } from '@rollcall/engine/model/result.js';
import { pino } from 'pino';
import { noteName } from './access/names-shown.js';
import { queryHeader } from './api/query.js';
import { assemble } from './app.js';
import { makeAudit } from './audit/audit.js';
import { makeKeys } from './keys.js';
import { makeLive } from './live.js';
import { makeMachine } from './machine.js';
import type { Role, User } from './model/roles.js';
import type { PersonRow, Receipt, Services, SightOf } from './model/services.js';
import { snapshotOf } from './results/rows.js';
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
  // Drafts are put among the detections while a server runs: each has a list of its own.
  const loaded = { ...content, detections: [...content.detections] };
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
      called: (person, open) => {
        if (!open) return services.sight.pseudonym(person.id);
        noteName(person.id);
        return person.name;
      },
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
      deliver: (source, ndjson, key) => services.intake.records(source, ndjson, key),
      recordsLater: async (_db, source, rows) => {
        taken.push({ source, records: [...rows] });
      },
      wake: async () => undefined,
      room: async () => undefined,
      state: () => ({
        records: 0,
        bytes: 0,
        files: 0,
        takenRecords: 0,
        takenBytes: 0,
        receipts: [],
        aside: [],
      }),
    },
    machine: makeMachine(),
    scans: { run: async () => undefined, alone: (work) => work(), state: () => ({ asked: false }) },
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
        // As the console asks: no words in addresses.
        const [address = '', asked] = path.split('?');
        const response = await request(`/api${address}`, {
          method,
          headers: {
            'x-test-roles': held.join(','),
            ...(asked === undefined ? {} : { [queryHeader]: asked }),
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

export { rowOf, snapshotOf } from './results/rows.js';
