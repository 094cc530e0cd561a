import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadContent } from '../content/load.js';
import { loadPolicy } from '../content/policy.js';
import { type Policy, policySchema } from '../model/policy.js';
import type { ScanResult } from '../model/result.js';
import { read, scan } from '../pipeline.js';

const content = { ...(await loadContent()), detections: [] };
let base = '';
let turn = 0;

const people = Array.from({ length: 12 }, (_, i) => ({ id: `E${100 + i}`, email: `worker${i}@example.com` }));
const at = (minute: number) => new Date(Date.UTC(2026, 2, 3, 9, minute)).toISOString();

function okta(n: number, minute: number, part: Record<string, unknown>): unknown {
  return {
    uuid: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
    published: at(minute),
    eventType: 'user.session.start',
    actor: { id: `00u${n}`, type: 'User', alternateId: 'worker0@example.com' },
    client: { ipAddress: '203.0.113.7' },
    outcome: { result: 'SUCCESS' },
    securityContext: { isProxy: false },
    debugContext: { debugData: {} },
    target: [],
    ...part,
  };
}

const actor = (n: number) => ({
  actor: { id: `00u${n}`, type: 'User', alternateId: `worker${n}@example.com` },
});

async function write(): Promise<string> {
  const folder = join(base, 'exports');
  await mkdir(folder, { recursive: true });
  const lines = (records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await writeFile(
    join(folder, 'workers.csv'),
    `Employee ID,Legal Name,Work Email,Home Country,Hire Date,Worker Type\n${people
      .map(({ id, email }) => `${id},Worker ${id},${email},US,2024-02-01,Regular\n`)
      .join('')}`,
  );
  await writeFile(
    join(folder, 'okta.ndjson'),
    lines([
      // One account through a proxy; one that nobody is known for.
      okta(1, 0, { ...actor(0), securityContext: { isProxy: true } }),
      okta(2, 1, {
        actor: { id: 'x', type: 'User', alternateId: 'nobody@example.com' },
        securityContext: { isProxy: true },
      }),
      okta(3, 2, {
        eventType: 'user.account.privilege.grant',
        ...actor(1),
        target: [
          { id: 't1', type: 'User', displayName: 'Somebody' },
          { id: 't2', type: 'Role', displayName: 'Super administrator' },
        ],
      }),
      // One browser, three accounts within the hour; a fourth account elsewhere.
      ...[2, 3, 4].map((n, i) =>
        okta(10 + n, 10 + i, {
          ...actor(n),
          debugContext: { debugData: { deviceFingerprint: 'browser-1' } },
        }),
      ),
      okta(20, 20, { ...actor(5), debugContext: { debugData: { deviceFingerprint: 'browser-2' } } }),
      // What everybody does.
      ...people.map((_, n) => okta(30 + n, 30 + n, { ...actor(n), eventType: 'user.authentication.sso' })),
    ]),
  );
  await writeFile(
    join(folder, 'github.ndjson'),
    lines([
      {
        '@timestamp': Date.parse(at(1)),
        _document_id: 'g1',
        action: 'repo.access',
        actor: 'worker6',
        repo: 'example/billing',
        visibility: 'public',
        created_at: Date.parse(at(1)),
        org: 'example',
        external_identity_nameid: 'worker6@example.com',
      },
    ]),
  );
  await writeFile(
    join(folder, 'signins.json'),
    JSON.stringify([
      {
        id: 's1',
        createdDateTime: at(3),
        userPrincipalName: 'worker7@example.com',
        ipAddress: '192.0.2.4',
        correlationId: 'c1',
        clientAppUsed: 'IMAP',
        authenticationRequirement: 'singleFactorAuthentication',
        isInteractive: true,
        status: { errorCode: 50126, failureReason: 'Invalid username or password.' },
        deviceDetail: { deviceId: '', isCompliant: false },
        location: { countryOrRegion: 'US' },
      },
    ]),
  );
  await writeFile(
    join(folder, 'windows.ndjson'),
    lines([
      {
        '@timestamp': at(4),
        winlog: {
          channel: 'Microsoft-Windows-Sysmon/Operational',
          event_id: 1,
          record_id: 1,
          provider_name: 'Microsoft-Windows-Sysmon',
          computer_name: 'lt-1.example.com',
          event_data: {
            Image: 'C:\\Windows\\System32\\cmd.exe',
            CommandLine: 'cmd.exe /c WHOAMI',
            User: 'EXAMPLE\\worker8',
          },
        },
      },
    ]),
  );
  return folder;
}

interface Given {
  rules: Record<string, string>;
  policy?: Partial<Policy>;
  packs?: boolean;
  license?: string;
  lake?: string;
}

/** Scans the made exports with rules of its own. */
async function run({ rules, policy, packs, license, lake = join(base, 'lake') }: Given): Promise<ScanResult> {
  const folder = join(base, `rules-${turn++}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(rules)) await writeFile(join(folder, name), text);
  if (license) await writeFile(join(folder, 'LICENSE'), license);
  return scan({
    lake,
    content: packs ? content : { ...content, packs: [] },
    policy: policySchema.parse(policy ?? {}),
    sigma: [folder],
    now: new Date('2026-03-05T00:00:00Z'),
    threads: 1,
  });
}

const head = (title: string, level = 'high') =>
  `title: ${title}\nid: ${idOf(title)}\nstatus: test\nauthor: A. Writer\ndescription: What it is about.\ntags:\n  - attack.t1078.004\nfalsepositives:\n  - Somebody on a journey\nlevel: ${level}\n`;

/** A stable id from a title. */
function idOf(title: string): string {
  const hex = [...title]
    .reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 2 ** 40, 7)
    .toString(16);
  return `11111111-1111-4111-8111-${hex.padStart(12, '0')}`;
}

const rule = (title: string, logsource: string, selection: string, level?: string) =>
  `${head(title, level)}logsource: { ${logsource} }\ndetection:\n  selection:\n${selection}\n  condition: selection\n`;

const oneBrowser = `${head('One browser')}correlation:
  type: value_count
  rules: [sign_in]
  group-by: [debugContext.debugData.deviceFingerprint]
  timespan: 1h
  condition: { field: actor.alternateId, gte: 3 }
---
title: A sign-in
name: sign_in
status: test
logsource: { product: okta, service: okta }
detection:
  selection: { eventType: user.session.start }
  condition: selection
`;

const proxy = rule(
  'Through a proxy',
  'product: okta, service: okta',
  '    eventtype: user.session.start\n    securitycontext.isproxy: true',
);

function summary(result: ScanResult, title: string) {
  const found = result.sigma?.rules.find((candidate) => candidate.title === title);
  if (!found) throw new Error(`no rule ${title}: ${JSON.stringify(result.sigma?.rules.map((r) => r.title))}`);
  return found;
}

function signals(result: ScanResult) {
  return result.people
    .flatMap((person) => person.signals.map((signal) => ({ person: person.id, signal })))
    .filter(({ signal }) => signal.rule !== undefined)
    .sort((a, b) => (a.person < b.person ? -1 : 1));
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rollcall-sigma-'));
  await scan({
    folder: await write(),
    lake: join(base, 'lake'),
    content: { ...content, packs: [] },
    policy: await loadPolicy(),
    now: new Date('2026-03-05T00:00:00Z'),
    threads: 1,
  });
}, 120_000);
afterAll(() => rm(base, { recursive: true, force: true }));

describe('Sigma rules over the lake', () => {
  it('runs rules of several log sources as SigmaHQ writes them, and ties hits to persons', async () => {
    const result = await run({
      rules: {
        'okta.yml': proxy,
        'okta-list.yml': rule(
          'A role',
          'product: okta, service: okta',
          "    eventType: user.account.privilege.grant\n    target.displayName|contains: 'administrator'",
        ),
        'github.yml': rule(
          'Made public',
          'product: github, service: audit',
          '    action: repo.access\n    visibility: public',
        ),
        'azure.yml': rule('Bad password', 'product: azure, service: signinlogs', '    ResultType: 50126'),
        'windows.yml': rule(
          'Who am I',
          'product: windows, category: process_creation',
          "    Image|endswith: '\\cmd.exe'\n    CommandLine|contains: whoami",
        ),
      },
    });
    expect(result.sigma?.rules.map(({ title, state, hits }) => [title, state, hits])).toEqual([
      ['Bad password', 'ran', 1],
      ['Made public', 'ran', 1],
      ['A role', 'ran', 1],
      ['Through a proxy', 'ran', 2],
      ['Who am I', 'ran', 1],
    ]);
    expect(signals(result).map(({ person, signal }) => [person, signal.title])).toEqual([
      ['E100', 'Through a proxy'],
      ['E101', 'A role'],
      ['E106', 'Made public'],
      ['E107', 'Bad password'],
    ]);
  });

  it('names author and licence beside every match, and gives the innocent reading and the technique', async () => {
    const text = proxy.replace('author:', 'license: Made-up 1.0\nauthor:');
    const result = await run({ rules: { 'a.yml': text } });
    const [found] = signals(result);
    expect(found?.signal.rule).toMatchObject({
      author: 'A. Writer',
      license: 'Made-up 1.0',
      title: 'Through a proxy',
    });
    expect(found?.signal.sources[0]).toContain('A. Writer; licence: Made-up 1.0');
    expect(found?.signal).toMatchObject({
      facet: 'sigma:okta',
      innocent: ['Somebody on a journey'],
      attack: ['T1078.004'],
    });
    expect(found?.signal.says).toBe(
      '1 event of worker0@example.com fits “Through a proxy”, a general rule for logs (Sigma), first on 2026-03-03.',
    );
    const [beside] = signals(await run({ rules: { 'a.yml': proxy }, license: '# Terms of the folder\n' }));
    expect(beside?.signal.rule?.license).toBe('Terms of the folder');
    const [none] = signals(await run({ rules: { 'a.yml': proxy } }));
    expect(none?.signal.rule?.license).toBe('not stated in the rule');
  });

  it('lists hits of nobody known, and those of informational rules, as exposures without weight', async () => {
    const result = await run({
      rules: {
        'a.yml': proxy,
        'b.yml': proxy
          .replace('level: high', 'level: informational')
          .replace('Through a proxy', 'To know')
          .replace(/^id:.*$/m, ''),
      },
    });
    expect(result.exposures.map(({ title, count }) => [title, count])).toEqual([
      ['Through a proxy', 1],
      ['To know', 2],
    ]);
    expect(result.exposures[0]?.says).toContain('nobody@example.com');
    expect(result.exposures.every((exposure) => exposure.rule?.author === 'A. Writer')).toBe(true);
    expect(signals(result).map(({ signal }) => signal.title)).toEqual(['Through a proxy']);
  });

  it('counts little, by level, and nothing for what everybody does', async () => {
    const everybody = rule('Signs on', 'product: okta', '    eventType: user.authentication.sso', 'critical');
    const result = await run({ rules: { 'a.yml': proxy, 'b.yml': everybody } });
    const of = (title: string) => signals(result).filter(({ signal }) => signal.title === title);
    expect(of('Through a proxy').map(({ signal }) => signal.bits)).toEqual([0.6]);
    expect(of('Signs on')).toHaveLength(12);
    expect(Math.max(...of('Signs on').map(({ signal }) => signal.bits))).toBeLessThan(0.3);
    expect(result.people.every((person) => person.band === 'clear' || person.band === 'watch')).toBe(true);
  });

  it('adds nothing for a second rule that sees the same log', async () => {
    const again = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [
        `${i}.yml`,
        proxy.replaceAll('Through a proxy', `Proxy ${i}`).replace(/^id:.*$/m, ''),
      ]),
    );
    const result = await run({ rules: again });
    const bits = signals(result).map(({ signal }) => signal.bits);
    expect(bits).toHaveLength(9);
    expect(bits.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0.6);
  });

  it('runs correlations, and names the persons who share', async () => {
    const text = oneBrowser;
    const result = await run({ rules: { 'a.yml': text } });
    expect(summary(result, 'One browser')).toMatchObject({ state: 'ran', hits: 1, people: 3 });
    expect(summary(result, 'A sign-in')).toMatchObject({ state: 'feeds', hits: 0 });
    expect(signals(result).map(({ person, signal }) => [person, signal.others])).toEqual([
      ['E102', ['E103', 'E104']],
      ['E103', ['E102', 'E104']],
      ['E104', ['E102', 'E103']],
    ]);
    const off = await run({
      rules: { 'a.yml': text },
      policy: { sigma: { packs: {}, directories: [], rules: { 'A sign-in': 'off' } } },
    });
    expect(summary(off, 'One browser').hits).toBe(1);
  });

  it('says of every rule that did not run why', async () => {
    const result = await run({
      rules: {
        'cloud.yml': rule('Elsewhere', 'product: aws, service: cloudtrail', '    eventName: x'),
        'data.yml': rule('No data', 'product: cisco, service: duo', '    reason: bypass_user'),
        'field.yml': rule('No field', 'product: okta, service: okta', '    notThere.atAll: x'),
        'broken.yml': 'title: Broken\nlogsource: { product: okta }\ndetection:\n  condition: nothing\n',
        'wall.yml': rule('Behind the wall', 'product: okta, service: okta', '    actor.gender: x'),
        'place.yml': rule(
          'From a country',
          'product: okta, service: okta',
          '    client.geographicalContext.country: Germany',
        ),
        'off.yml': proxy,
        'not-yaml.yml': 'a: [',
      },
      policy: { sigma: { packs: {}, directories: [], rules: { [idOf('Through a proxy')]: 'off' } } },
    });
    const reasons = Object.fromEntries(result.sigma?.rules.map((found) => [found.title, found.reason]) ?? []);
    expect(reasons).toMatchObject({
      Elsewhere: 'logsource',
      'No data': 'data',
      'No field': 'field',
      Broken: 'rule',
      'Behind the wall': 'wall',
      'From a country': 'wall',
      'Through a proxy': 'off',
    });
    expect(result.sigma?.rules.filter((found) => found.state === 'not run').every((found) => found.why)).toBe(
      true,
    );
    expect(result.sigma?.rules.some((found) => found.file.endsWith('not-yaml.yml'))).toBe(true);
    expect(summary(result, 'No field').why).toContain('notThere.atAll');
    expect(signals(result)).toEqual([]);
    expect(result.limits.some((limit) => limit.includes('Sigma rules could not run'))).toBe(true);
  });

  it('seeks keywords anywhere in a record', async () => {
    const text = `${head('Words')}logsource: { product: okta }\ndetection:\n  words:\n    - super ADMINISTRATOR\n  condition: words\n`;
    expect(summary(await run({ rules: { 'a.yml': text } }), 'Words').hits).toBe(1);
  });

  it('treats text of a rule as text', async () => {
    const title = "It's {n} {person_id} ' ; DROP TABLE people";
    const text = rule(
      'Odd',
      'product: okta',
      '    eventType: user.session.start\n    actor.alternateId|contains: "o\'br{n}%_\\\\"\n',
    ).replace('title: Odd', `title: "${title}"`);
    const odd = proxy.replace('title: Through a proxy', `title: "${title}"`);
    const result = await run({ rules: { 'a.yml': text, 'b.yml': odd } });
    expect(result.company.people).toBe(12);
    expect(result.sigma?.rules.map(({ hits }) => hits).sort()).toEqual([0, 2]);
    expect(signals(result)[0]?.signal.says).toContain("It's n person_id ' ; DROP TABLE people");
  });

  it('gives the same bytes again', async () => {
    const rules = {
      'a.yml': proxy,
      'b.yml': rule('Signs on', 'product: okta', '    eventType: user.authentication.sso', 'low'),
    };
    const [first, second] = [await run({ rules }), await run({ rules })];
    const text = (result: ScanResult) => JSON.stringify(result).replaceAll(/rules-\d+/g, 'rules');
    expect(text(second)).toBe(text(first));
  });

  it('gives the same bytes from what is kept as from every record asked anew', async () => {
    const lake = join(base, 'kept');
    await cp(join(base, 'lake'), lake, { recursive: true });
    const kept = join(lake, 'sigma');
    const rules = { 'a.yml': oneBrowser, 'b.yml': proxy };
    const text = async () => JSON.stringify(await run({ rules, lake })).replaceAll(/rules-\d+/g, 'rules');
    const compare = async () => {
      const [from, anew] = [await text(), await rm(kept, { recursive: true }).then(text)];
      expect(from).toBe(anew);
      return anew;
    };
    await text();
    const before = await compare();
    const further = async (name: string, record: unknown) => {
      const folder = join(base, `further-${name}`);
      await mkdir(folder);
      await writeFile(join(folder, 'records.ndjson'), `${JSON.stringify(record)}\n`);
      await read({
        folder,
        lake,
        content,
        policy: policySchema.parse({}),
        now: new Date('2026-03-05T00:00:00Z'),
      });
      return compare();
    };
    const browser = (name: string) => ({ debugContext: { debugData: { deviceFingerprint: name } } });
    // Of no group of the correlation; of one that had fired; of one that had not, and late.
    expect(await further('beside', okta(90, 59, { ...actor(9), eventType: 'user.session.end' }))).not.toBe(
      before,
    );
    const joined = JSON.parse(
      await further('joined', okta(91, 58, { ...actor(8), ...browser('browser-1') })),
    ) as ScanResult;
    expect(summary(joined, 'One browser')).toMatchObject({ hits: 1, people: 3 });
    await further('second', okta(92, 57, { ...actor(6), ...browser('browser-2') }));
    const fired = JSON.parse(
      await further('third', okta(93, 0, { ...actor(7), ...browser('browser-2') })),
    ) as ScanResult;
    expect(summary(fired, 'One browser')).toMatchObject({ hits: 2 });
    // Lists that are whole and parts that are not, and the other way round.
    for (const ending of ['.parquet', '.json']) {
      for (const name of await readdir(kept)) {
        if (process.platform !== 'win32') expect((await stat(join(kept, name))).mode & 0o777).toBe(0o600);
        if (name.endsWith(ending)) await writeFile(join(kept, name), 'nothing of the kind');
      }
      expect(await text()).toBe(JSON.stringify(fired));
    }
  });

  it('runs the pack that ships unless the policy says off', async () => {
    const on = await run({ rules: {}, packs: true });
    const pack = on.sigma?.packs.find(({ id }) => id === 'remote-employment-fraud');
    expect(pack).toMatchObject({ state: 'on' });
    expect(pack?.ran).toBeGreaterThan(0);
    const off = await run({
      rules: {},
      packs: true,
      policy: { sigma: { packs: { 'remote-employment-fraud': 'off' }, directories: [], rules: {} } },
    });
    expect(off.sigma?.packs.find(({ id }) => id === 'remote-employment-fraud')).toMatchObject({
      state: 'off',
      rules: pack?.rules,
      ran: 0,
    });
    expect(off.sigma?.rules).toEqual([]);
  });
});
