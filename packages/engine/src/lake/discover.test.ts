import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, loadContent } from '../content/load.js';
import { loadPolicy } from '../content/policy.js';
import { read, scan } from '../pipeline.js';
import { look } from './discover.js';

let content: Content;
let folder: string;
beforeAll(async () => {
  content = await loadContent(undefined, { withoutTests: true });
  folder = await mkdtemp(join(tmpdir(), 'rollcall-discover-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const signIn = {
  uuid: 'u-1',
  published: '2026-05-05T10:00:00.000Z',
  eventType: 'user.session.start',
  actor: { id: '00u1', type: 'User', alternateId: 'worker@example.com' },
  outcome: { result: 'SUCCESS' },
};
/** What is said beside a file of records, in place of a look at its first ones. */
async function file(name: string, lines: readonly object[], said: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writeFile(`${path}.rollcall.yml`, JSON.stringify(said));
  return path;
}

describe('what is said beside a file of JSON records', () => {
  it('counts, however few of the first records look like it', async () => {
    const odd = Array.from({ length: 30 }, (_, i) => ({ id: i, hello: 'there' }));
    const path = await file('odd.ndjson', [...odd, signIn], { connector: 'okta-system-log' });
    const found = await look(path, 'odd.ndjson', content.connectors);
    expect(found.recognition).toMatchObject({
      kind: 'json',
      connector: { id: 'okta-system-log' },
      envelope: '',
    });
  });

  it('keeps one record with a list in it from being taken for a document around that list', async () => {
    const path = await file('one.ndjson', [{ ...signIn, target: [{ id: 't', type: 'AppUser' }] }], {
      connector: 'okta-system-log',
    });
    expect((await look(path, 'one.ndjson', content.connectors)).shape.kind).not.toBe('document');
  });

  it('is read before anything is concluded, and told of before it is in the lake; what the lake knows it has read is not read again', async () => {
    const told: string[] = [];
    const path = await file('wrapped.ndjson', [{ detail: signIn }], {
      connector: 'okta-system-log',
      envelope: 'detail',
    });
    const lake = join(folder, 'lake');
    const policy = await loadPolicy();
    const once = () =>
      read({
        folder: path,
        lake,
        content,
        policy,
        mark: 'the first',
        onReady: async ({ files }) => {
          told.push(`ready ${files.map((one) => one.kept).join()}`);
          expect(existsSync(join(lake, 'manifest.json'))).toBe(false);
        },
      });
    const got = await once();
    expect(told).toEqual(['ready 1']);
    expect(existsSync(join(lake, 'view'))).toBe(false);
    expect(await once()).toBeUndefined();
    const result = await scan({ lake, content, policy, ...(got ? { read: got } : {}) });
    expect(result.files[0]).toMatchObject({ connector: 'okta-system-log', read: 1, kept: 1 });
    expect(result.sources[0]).toMatchObject({ source: 'okta-system-log', records: 1 });
  });
});

describe('flat records that resemble a table by a few words', () => {
  const recognised = async (name: string, record: object) => {
    const path = join(folder, name);
    await writeFile(path, `${JSON.stringify(record)}\n`);
    const { recognition } = await look(path, name, content.connectors);
    return recognition.kind === 'none' ? undefined : recognition.connector.id;
  };

  it('a log of a password vault is no report of where devices are', async () => {
    const event = {
      object: 'event',
      type: 1005,
      itemId: null,
      groupId: null,
      actingUserId: '00000000-0000-4000-8000-000000000001',
      date: '2026-03-13T07:14:37.1381554Z',
      device: 9,
      ipAddress: '192.0.2.7',
    };
    expect(await recognised('vault.ndjson', event)).toBeUndefined();
    const { device, date, ipAddress } = event;
    expect(await recognised('reports.ndjson', { device: `SN-${device}`, date, ipAddress })).toBe(
      'device-locations',
    );
  });

  it('a log of checks of devices is no register of whom they were given to', async () => {
    const device = {
      DeviceID: '00000000-0000-4000-8000-000000000002',
      DeviceModel: 'Example Book 14',
      DeviceName: 'EX-0002',
      DeviceSerialNumber: 'EXSN0002',
      Email: 'worker@example.com',
    };
    const check = {
      PostureCheckName: 'Disk encryption',
      PostureCheckType: 'disk',
      PostureEvaluatedResult: true,
    };
    expect(await recognised('posture.ndjson', { ...device, ...check })).toBeUndefined();
    expect(await recognised('register.ndjson', device)).toBe('asset-register');
  });

  it('accounts of a service that says who administers it are no list of workers', async () => {
    const account = { id: 2001, name: 'Pat Sample', email: 'pat.sample@example.com', department: 'Sales' };
    expect(await recognised('users.ndjson', { ...account, adminUser: false })).not.toBe('people-roster');
    expect(await recognised('workers.ndjson', account)).toBe('people-roster');
  });

  it('second factors that name their maker are no list of staffing firms', async () => {
    const factor = {
      id: 'ost1example',
      factorType: 'token:software:totp',
      provider: 'EXAMPLE',
      vendorName: 'EXAMPLE',
      status: 'ACTIVE',
      created: '2026-01-01T11:11:11.000Z',
    };
    expect(await recognised('factors.ndjson', factor)).not.toBe('vendors');
  });
});
