import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Content, loadContent } from '../content/load.js';
import { loadPolicy } from '../content/policy.js';
import { scan } from '../pipeline.js';
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

  it('is told of before anything is concluded, once it is in the lake', async () => {
    const told: string[] = [];
    const path = await file('wrapped.ndjson', [{ detail: signIn }], {
      connector: 'okta-system-log',
      envelope: 'detail',
    });
    const result = await scan({
      folder: path,
      lake: join(folder, 'lake'),
      content,
      policy: await loadPolicy(),
      onProgress: ({ step }) => {
        if (step.startsWith('who is who')) told.push('concluding');
      },
      onRead: async ({ files }) => {
        told.push(`read ${files.map((one) => one.kept).join()}`);
      },
    });
    expect(told[0]).toBe('read 1');
    expect(told.filter((one) => one.startsWith('read'))).toHaveLength(1);
    expect(result.files[0]).toMatchObject({ connector: 'okta-system-log', read: 1, kept: 1 });
  });
});
