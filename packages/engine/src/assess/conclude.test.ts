import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Content, loadContent } from '../content/load.js';
import { clearPerson } from '../links/index.js';
import { policySchema } from '../model/policy.js';
import type { ScanResult } from '../model/result.js';
import { scan } from '../pipeline.js';

/** More people of whom something is known than details are listed for. */
const others = Array.from({ length: 120 }, (_, i) => `E${100 + i}`);
const [cleared, without] = ['E998', 'E999'];
const now = new Date('2026-05-02T12:00:00Z');

let folder: string;
let content: Content;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-conclude-'));
  content = await loadContent(undefined, { withoutTests: true });
  const everybody = [...others, cleared, without];
  const table = (head: string, rows: readonly string[]) => `${[head, ...rows].join('\n')}\n`;
  const files = {
    'people.csv': table(
      'Employee ID,Legal Name,Work Email,Home Address Line 1,Home City,Home State,Home Postal Code,Home Country,Hire Date,Worker Type,Business Title,Work Arrangement',
      everybody.map(
        (id, i) =>
          `${id},Person ${id},${id.toLowerCase()}@example.com,${i + 1} Birch Street,Columbus,OH,43004,US,2026-01-01,Regular,Engineer,Remote`,
      ),
    ),
    'checks.csv': table(
      'employee_id,check,date,outcome,by,note',
      [...others, cleared].map((id) => `${id},Spot check,2026-04-10,passed,M. Lead,`),
    ),
    'pay.csv': table(
      'Employee ID,Effective Date,Changed On,Routing Number,Account Number,Account Holder,Bank Name,Changed By',
      [others[0], cleared, without].map(
        (id, i) =>
          `${id},2026-04-0${i + 1},2026-04-0${i + 1} 09:00:00,000000019,1234509876,,Example Bank,Payroll`,
      ),
    ),
    'devices.csv': table(
      'Device ID,Device name,Enrollment date,Last check-in,Azure AD Device ID,OS version,Serial number,Manufacturer,Model,Primary user UPN,Compliance,Managed by,Ownership,OS',
      [
        `88888888-0000-0000-0000-000000000001,LT-1,2026-01-05 09:00:00,2026-03-02 14:05:11,99999999-0000-0000-0000-000000000001,10.0,EXAMPLE1,Example,Book,${cleared.toLowerCase()}@example.com,Compliant,Intune,Corporate,Windows`,
      ],
    ),
    'signins.ndjson': `${JSON.stringify({
      uuid: 'e1',
      published: '2026-03-02T14:00:00.000Z',
      eventType: 'user.session.start',
      severity: 'INFO',
      actor: {
        id: 'u1',
        type: 'User',
        alternateId: `${cleared.toLowerCase()}@example.com`,
        displayName: 'x',
      },
      client: { ipAddress: '203.0.113.9', device: 'Computer' },
      outcome: { result: 'SUCCESS' },
    })}\n`,
  };
  await mkdir(join(folder, 'exports'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'exports', name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (): Promise<ScanResult> =>
  scan({
    folder: join(folder, 'exports'),
    lake: join(folder, 'lake'),
    content,
    policy: policySchema.parse({}),
    asOf: now,
    now,
    threads: 1,
  });

const place = 'Where they say they live is not known well enough to compare places with it.';
const inventory = 'No software or hardware inventory was given for their devices.';
const nothing = [
  'No device is on record as theirs, so nothing could be looked at on their computer.',
  'No sign-ins of theirs are in the logs that were given.',
  'No passed check (on camera, same person, identity document) is on record for them.',
];
const personOf = (result: ScanResult, id: string) => {
  const person = result.people.find((one) => one.id === id);
  return { ...person, unknown: person?.unknown.filter((one) => one !== place) };
};

it('says that nothing is on record only where nothing is, also of those for whom a passed check speaks', async () => {
  const result = await run();
  expect(personOf(result, cleared).unknown).toEqual([inventory]);
  expect(personOf(result, without).unknown).toEqual(nothing);
  expect(personOf(result, others.at(-1) ?? '').unknown).toEqual(nothing.slice(0, 2));
});

it('does so of somebody who was cleared, and says that their details are not listed', async () => {
  const listed = personOf(await run(), cleared);
  expect([listed.brief, listed.devices?.length]).toEqual([undefined, 1]);
  for (const id of [cleared, without])
    await clearPerson(join(folder, 'lake'), id, { by: 'user-1', reason: 'seen', day: '2026-05-02', now });
  const result = await run();
  // They come after more people than details are listed for.
  expect(personOf(result, cleared)).toMatchObject({
    band: 'clear',
    brief: true,
    devices: [],
    unknown: [inventory],
  });
  expect(personOf(result, without).unknown).toEqual(nothing);
});
