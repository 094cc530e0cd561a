import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxStem } from './lookalikes/names.js';
import { simulate } from './simulate.js';
import { type Behaviour, lookalikes, type Truth, type TruthPerson } from './truth.js';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
const out = join(folder, 'company');
const options = { people: 340, seed: 11, ringMembers: 16, days: 60 };
let truth: Truth;
let files: string[];

beforeAll(async () => {
  // The areas have tests of their own; `wholly` is a company with all of them.
  truth = await simulate({ ...options, out }, []);
  files = filesIn(join(out, 'exports'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the same options', () => {
  const small = { people: 90, ringMembers: 4, days: 10 };
  const hashOf = async (seed: number, name: string) => {
    const to = join(folder, name);
    await simulate({ ...small, seed, out: to });
    const hash = createHash('sha256');
    for (const file of filesIn(to)) hash.update(relative(to, file)).update(readFileSync(file));
    return hash.digest('hex');
  };

  it('give the same bytes in every file, and another seed gives others', async () => {
    const first = await hashOf(5, 'first');
    expect(await hashOf(5, 'second')).toBe(first);
    expect(await hashOf(6, 'third')).not.toBe(first);
  });

  it('are refused where they make no company', async () => {
    const to = join(folder, 'none');
    await expect(simulate({ people: 3, seed: 1, out: to })).rejects.toThrow(/people/);
    await expect(simulate({ people: 100, seed: 1.5, out: to })).rejects.toThrow(/seed/);
    await expect(simulate({ people: 100, seed: 1, out: to, ringMembers: 60 })).rejects.toThrow(
      /ring members/,
    );
    await expect(simulate({ people: 100, seed: 1, out: to, asOf: 'yesterday' })).rejects.toThrow(/day/);
    await expect(simulate({ people: 100, seed: 1, out: to, days: 0 })).rejects.toThrow(/days/);
  });
});

describe('the truth', () => {
  it('covers every worker and every candidate of the exports, and nobody else', () => {
    const workers = csv('hris/workers.csv').map((row) => row['Employee ID'] ?? '');
    const hired = new Set(csv('hris/workers.csv').map((row) => row['Candidate ID']));
    const candidates = (json('greenhouse/candidates.json') as { id: number }[])
      .map((one) => String(one.id))
      .filter((id) => !hired.has(id));
    expect(truth.people.map((one) => one.id).sort()).toEqual([...workers, ...candidates].sort());
    expect(truth.people.filter((one) => !one.sameAs)).toHaveLength(options.people);
    expect(new Set(truth.people.map((one) => one.id)).size).toBe(truth.people.length);
  });

  it('is what is written beside the exports', () => {
    expect(JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8'))).toEqual(truth);
  });

  it('has as many ring members as asked for, of every degree of care', () => {
    const ring = truth.people.filter((one) => one.label === 'ring');
    expect(ring).toHaveLength(options.ringMembers);
    expect(new Set(ring.map((one) => one.sophistication))).toEqual(
      new Set(['careless', 'ordinary', 'careful']),
    );
    expect(truth.rings.flatMap((one) => one.members).sort()).toEqual(ring.map((one) => one.id).sort());
    expect(ring.some((one) => one.engagement === 'vendor')).toBe(true);
    expect(ring.some((one) => one.stage === 'onboarding')).toBe(true);
  });

  it('gives a good fifth of the honest a lookalike, of every kind, and ring members none', () => {
    const honest = truth.people.filter((one) => one.label === 'honest' && !one.sameAs);
    // Areas bring kinds of their own beside these.
    const ofThese = (one: TruthPerson) =>
      one.lookalikes.filter((kind) => (lookalikes as readonly string[]).includes(kind));
    const touched = honest.filter((one) => ofThese(one).length > 0).length / honest.length;
    expect(touched).toBeGreaterThan(0.17);
    expect(touched).toBeLessThan(0.36);
    expect(new Set(honest.flatMap(ofThese))).toEqual(new Set(lookalikes));
    for (const one of truth.people) if (one.label === 'ring') expect(one.lookalikes).toEqual([]);
  });

  it('dates every planted behaviour within what the exports can show', () => {
    for (const person of truth.people) {
      for (const { id, firstVisible } of person.planted ?? []) {
        expect(firstVisible <= truth.simulation.asOf, `${person.id} ${id} ${firstVisible}`).toBe(true);
        if (/^(SI|CH|SA|EP-12)/.test(id))
          expect(firstVisible >= '2026-08-02', `${person.id} ${id} ${firstVisible}`).toBe(true);
      }
    }
  });
});

describe('the exports', () => {
  it('are there for every system', () => {
    const systems = new Set(files.map((one) => relative(join(out, 'exports'), one).split('/')[0]));
    expect([...systems].sort()).toEqual(
      [
        'duo',
        'github',
        'google-workspace',
        'greenhouse',
        'hris',
        'intune',
        'it',
        'jamf',
        'misc',
        'okta',
        'osquery',
        'payroll',
        'people-ops',
        'resumes',
        'slack',
        'vendors',
        'windows',
        'zeek',
        'zoom',
      ].sort(),
    );
  });

  it('parse, but for the two lines that are broken on purpose', () => {
    let broken = 0;
    for (const file of files.filter((one) => !one.includes('/resumes/'))) {
      const text = textOf(file);
      if (/\.(ndjson|log)(\.gz)?$/.test(file) && !file.includes('zeek')) {
        for (const line of text.trimEnd().split('\n')) {
          try {
            JSON.parse(line);
          } catch {
            broken++;
          }
        }
      } else if (file.endsWith('.json')) {
        expect(() => JSON.parse(text), file).not.toThrow();
      } else if (file.endsWith('.csv')) {
        expect(text.length, file).toBeGreaterThan(100);
      } else {
        const rows = text.trimEnd().split('\n');
        const fields = rows.find((row) => row.startsWith('#fields'))?.split('\t').length ?? 0;
        for (const row of rows.filter((one) => !one.startsWith('#')))
          expect(row.split('\t').length, file).toBe(fields - 1);
      }
    }
    expect(broken).toBe(2);
  });

  it('hold some dirt: records twice, a byte-order mark, semicolons', () => {
    const uuids = okta().map((one) => one.uuid);
    expect(new Set(uuids).size).toBeLessThan(uuids.length);
    expect(readFileSync(join(out, 'exports/hris/profile-changes.csv'), 'utf8').charCodeAt(0)).toBe(0xfeff);
    expect(readFileSync(join(out, 'exports/vendors/vendors.csv'), 'utf8').split('\n', 1)[0]).toContain(';');
  });

  it('stay within the logs, in order of time', () => {
    const times = okta().map((one) => one.published);
    expect(times[0] && times[0] >= '2026-08-02').toBe(true);
    expect(times.every((one) => one < '2026-10-01T00:00:05')).toBe(true);
    // Records of one sign-in are seconds apart, so neighbours may swap; days never do.
    for (let i = 1; i < times.length; i++) {
      expect(Date.parse(times[i] as string) - Date.parse(times[i - 1] as string), times[i]).toBeGreaterThan(
        -15_000,
      );
    }
  });

  it('never say who is who', () => sayNothing(files));

  it('use only addresses, numbers and mailboxes that belong to nobody', () => {
    for (const { client } of okta()) {
      expect(client.ipAddress).toMatch(/^(198\.1[89]\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/);
    }
    for (const row of csv('hris/workers.csv')) {
      expect(row['Work Email']).toMatch(/@larkspur\.example\.com$/);
      expect(row['Personal Email']).toMatch(/@[a-z]+\.example\.(com|net|org)$/);
      expect((row['Home Phone'] ?? '').replace(/\D/g, '')).toMatch(/55501\d\d|447700900\d{3}/);
    }
  });

  it('give ring members names and ids no different in form from others', () => {
    const rows = csv('hris/workers.csv');
    const ids = rows.map((row) => Number(row['Employee ID']));
    expect([...ids].sort((a, b) => a - b)).toEqual(ids);
    const hired = rows.map((row) => row['Hire Date'] ?? '');
    expect([...hired].sort()).toEqual(hired);
    const ring = new Set(truth.people.filter((one) => one.label === 'ring').map((one) => one.id));
    const places = rows.flatMap((row, i) => (ring.has(row['Employee ID'] ?? '') ? [i] : []));
    expect(places.some((place, i) => i > 0 && place - (places[i - 1] as number) > 1)).toBe(true);
  });
});

describe('planted behaviours are in the exports', () => {
  /** For each behaviour: whether the exports show it of somebody. Written against the files, not the generator. */
  const shows: Partial<Record<Behaviour, (person: TruthPerson) => boolean>> = {
    'AP-01': (p) =>
      candidates().some(
        (one) =>
          one.id !== p.candidateId &&
          one.phone === candidateOf(p)?.phone &&
          one.name !== candidateOf(p)?.name,
      ),
    'AP-02': (p) =>
      candidates().some(
        (one) =>
          one.id !== p.candidateId && one.stem === candidateOf(p)?.stem && one.name !== candidateOf(p)?.name,
      ),
    'AP-09': (p) => papers().some((one) => one.id !== p.candidateId && inCommon(paperOf(p), one.text) >= 20),
    'AP-11': (p) =>
      papers().some(
        (one) => one.id !== p.candidateId && one.root !== undefined && one.root === paper(p)?.root,
      ),
    'AP-13': (p) => /1[456] years of experience with (Terraform|Kubernetes|Next\.js)/.test(paperOf(p)),
    'ON-01': (p) =>
      shipmentsOf(p).some(
        (one) =>
          one.Status === 'Redirected' ||
          street(one['Ship To Street']) !== street(workerOf(p)['Home Address Line 1']),
      ),
    'ON-02': (p) =>
      shipmentsOf(p).some((one) => one.Status === 'Redirected' && one['Redirected To'] !== '') ||
      csv('it/requests.csv').some((row) => row['Requester ID'] === p.id && row.Category === 'Shipping'),
    'ON-03': (p) =>
      shipmentsOf(p).some((mine) =>
        csv('it/shipments.csv').some((one) => one['Requested For ID'] !== p.id && place(one) === place(mine)),
      ),
    'ON-08': (p) =>
      accountsOf(p).some((account) =>
        csv('payroll/payment-elections.csv').some(
          (row) => row['Employee ID'] !== p.id && row['Account Number'] === account,
        ),
      ),
    'ON-10': (p) =>
      payOf(p)
        .slice(1)
        .some((row) => days(p.startedAt, row['Changed On']) <= 30),
    'ON-12': (p) =>
      csv('hris/profile-changes.csv').filter(
        (row) => row['Employee ID'] === p.id && Math.abs(days(p.startedAt, row['Changed At'])) <= 30,
      ).length >= 3,
    'ON-14': (p) => shared(enrolments(), emailOf(p)),
    'SI-01': (p) => oktaOf(p).some((one) => tunnels(one).includes('ASTRILL_VPN')),
    'SI-02': (p) => oktaOf(p).some((one, i, all) => i > 0 && speed(all[i - 1] as OktaEvent, one) > 1000),
    'SI-03': (p) =>
      oktaOf(p).some(
        (one, i, all) =>
          i > 0 &&
          i < all.length - 1 &&
          !one.securityContext.isProxy &&
          one.client.geographicalContext.country !== 'United States' &&
          within(all, i, -30).some((each) => each.securityContext.isProxy) &&
          within(all, i, 30).some((each) => each.securityContext.isProxy),
      ),
    'SI-04': (p) => duoOf(p).some((one) => one.access_device.location.city !== one.auth_device.location.city),
    'SI-05': (p) =>
      shared(
        duo()
          .filter((one) => one.event_type === 'authentication')
          .map((one) => [one.auth_device.name, one.email] as const),
        emailOf(p),
      ),
    'SI-06': (p) =>
      shared(
        okta().map((one) => [one.debugContext.debugData.dtHash, one.actor.alternateId] as const),
        emailOf(p),
      ),
    'SI-07': (p) =>
      shared(
        okta()
          .filter((one) => !one.securityContext.isProxy)
          .map((one) => [one.client.ipAddress, one.actor.alternateId] as const),
        emailOf(p),
      ),
    'SI-08': (p) =>
      oktaOf(p).some(
        (one, _, all) =>
          new Set(
            all
              .filter((each) => each.published.slice(0, 10) === one.published.slice(0, 10))
              .map((each) => each.client.geographicalContext.country),
          ).size >= 2,
      ),
    'SI-10': (p) => {
      const tokens = new Map<string, Set<string>>();
      for (const one of oktaOf(p))
        tokens.set(
          one.authenticationContext.externalSessionId,
          (tokens.get(one.authenticationContext.externalSessionId) ?? new Set()).add(
            one.debugContext.debugData.dtHash,
          ),
        );
      return [...tokens].some(([session, seen]) => session !== 'unknown' && seen.size > 1);
    },
    'EP-01': (p) => toolsOf(p).size >= 2,
    'EP-02': (p) => toolsOf(p).size >= 1,
    'EP-05': (p) =>
      osqueryOf(p).some(
        (one) =>
          one.name.endsWith('usb_devices') &&
          rowsOf(one).some((row) => row.vendor_id === '1d6b' && row.serial === 'CAFEBABE'),
      ) ||
      windowsOf(p).some((one) =>
        (one.winlog.event_data.DeviceId ?? '').includes('VID_1D6B&PID_0104\\CAFEBABE'),
      ),
    'EP-12': (p) =>
      shared(
        osquery()
          .filter((one) => one.name.endsWith('arp_cache'))
          .flatMap((one) =>
            rowsOf(one).map((row) => [row.mac ?? '', one.decorations.hardware_serial] as const),
          ),
        serialOf(p),
      ),
    'CH-01': (p) =>
      new Set(
        codeOf(p)
          .filter((one) => one.action === 'git.clone')
          .map((one) => one.repo),
      ).size >= 10,
    'CH-04': (p) => codeOf(p).some((one) => one.action === 'repo.access' && one.visibility === 'public'),
    'SA-02': (p) =>
      lines<{
        actor: { email: string };
        events: { name: string; parameters: { name: string; value?: string }[] }[];
      }>('google-workspace/drive.ndjson').filter(
        (one) =>
          one.actor.email === emailOf(p) &&
          one.events.some(
            (event) =>
              event.name === 'change_user_access' &&
              event.parameters.some(
                (each) =>
                  each.name === 'target_user' &&
                  /\.example\.(net|org|com)$/.test(each.value ?? '') &&
                  !each.value?.endsWith('larkspur.example.com'),
              ),
          ),
      ).length >= 10,
    'TP-04': (p) =>
      csv('hris/workers.csv').some(
        (row) =>
          row['Employee ID'] !== p.id &&
          row['Staffing Vendor'] !== '' &&
          row['Staffing Vendor'] === workerOf(p)['Staffing Vendor'] &&
          truth.people.find((one) => one.id === row['Employee ID'])?.ring === p.ring,
      ),
    'WP-01': (p) =>
      csv('people-ops/checks.csv').filter(
        (row) =>
          row.employee_id === p.id &&
          row.check === 'spot_check' &&
          (row.outcome === 'declined' || row.outcome === 'missed'),
      ).length >= 2,
  };

  for (const id of Object.keys(shows) as Behaviour[]) {
    it(id, () => {
      const bearers = truth.people.filter((one) => one.planted?.some((each) => each.id === id));
      for (const person of bearers)
        expect(shows[id]?.(person), `${id} of ${person.name} (${person.id}, ${person.sophistication})`).toBe(
          true,
        );
    });
  }

  it('and every one of them is planted somewhere in a company of this size', () => {
    const planted = new Set(truth.people.flatMap((one) => (one.planted ?? []).map((each) => each.id)));
    // Three that only some rings show may be absent from one seed.
    const always = (Object.keys(shows) as Behaviour[]).filter(
      (id) => !['CH-04', 'ON-02', 'SI-04'].includes(id),
    );
    for (const id of always) expect(planted.has(id), id).toBe(true);
  });

  it('on the day the truth says, where a log shows them', () => {
    for (const person of truth.people.filter((one) => one.label === 'ring')) {
      const at = person.planted?.find((each) => each.id === 'SI-01')?.firstVisible;
      const first = oktaOf(person)
        .find((one) => tunnels(one).includes('ASTRILL_VPN'))
        ?.published.slice(0, 10);
      expect(first, person.id).toBe(at);
    }
  });

  it('and careful members leave little', () => {
    for (const person of truth.people.filter((one) => one.sophistication === 'careful')) {
      expect(person.planted?.length, person.id).toBeLessThanOrEqual(5);
      expect(
        oktaOf(person).every((one) => !one.securityContext.isProxy),
        person.id,
      ).toBe(true);
    }
  });
});

describe('a company with all its areas', () => {
  const to = join(folder, 'wholly');
  let whole: Truth;
  beforeAll(async () => {
    whole = await simulate({ people: 150, seed: 12, ringMembers: 10, days: 20, out: to });
  });

  it('never says who is who', () => sayNothing(filesIn(join(to, 'exports'))));

  it('is the same every time', async () => {
    const again = join(folder, 'again');
    expect(await simulate({ people: 150, seed: 12, ringMembers: 10, days: 20, out: again })).toEqual(whole);
    const bytes = (of: string) =>
      filesIn(of).map((file) => [
        relative(of, file),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]);
    expect(bytes(join(again, 'exports'))).toEqual(bytes(join(to, 'exports')));
  });

  it('gives ring members no lookalike, and honest people no planted behaviour', () => {
    for (const one of whole.people) {
      if (one.label === 'ring') expect(one.lookalikes, one.id).toEqual([]);
      else expect(one.planted, one.id).toBeUndefined();
      expect(one.group === undefined, one.id).toBe(one.label === 'ring' || one.sameAs !== undefined);
    }
  });
});

describe('honest people', () => {
  const ofKind = (kind: (typeof lookalikes)[number]) =>
    truth.people.filter((one) => one.lookalikes.includes(kind) && !one.sameAs);

  it('who travel do so no faster than a plane', () => {
    for (const person of ofKind('traveller').filter((one) => one.lookalikes.length === 1)) {
      const laptop = oktaOf(person).filter((one) => one.client.device === 'Computer');
      for (let i = 1; i < laptop.length; i++) {
        expect(
          speed(laptop[i - 1] as OktaEvent, laptop[i] as OktaEvent),
          `${person.id} at ${laptop[i]?.published}`,
        ).toBeLessThan(900);
      }
      expect(new Set(laptop.map((one) => one.client.geographicalContext.city)).size).toBeGreaterThan(1);
    }
  });

  it('who live together share a line, and mostly the address they gave', () => {
    const couples = ofKind('couple');
    expect(couples.length).toBeGreaterThan(3);
    for (const person of couples) {
      expect(
        shared(
          okta().map((one) => [one.client.ipAddress, one.actor.alternateId] as const),
          emailOf(person),
        ),
        person.id,
      ).toBe(true);
    }
  });

  it('without any lookalike share no laptop address, account, browser or phone with anybody', () => {
    const plain = new Set(
      truth.people
        .filter((one) => one.label === 'honest' && one.lookalikes.length === 0)
        .map((one) => one.id),
    );
    const lonely = (pairs: (readonly [string, string])[], what: string) => {
      const owners = new Map<string, Set<string>>();
      for (const [value, id] of pairs) if (value) owners.set(value, (owners.get(value) ?? new Set()).add(id));
      for (const [value, ids] of owners)
        if (ids.size > 1)
          for (const id of ids) expect(plain.has(id), `${what} ${value} of ${id}`).toBe(false);
    };
    lonely(
      csv('it/shipments.csv').map((row) => [place(row), row['Requested For ID'] ?? ''] as const),
      'delivery address',
    );
    lonely(
      csv('payroll/payment-elections.csv').map(
        (row) => [row['Account Number'] ?? '', row['Employee ID'] ?? ''] as const,
      ),
      'account',
    );
    lonely(
      csv('hris/workers.csv').map(
        (row) => [(row['Home Phone'] ?? '').replace(/\D/g, '').slice(-10), row['Employee ID'] ?? ''] as const,
      ),
      'phone',
    );
    const ids = new Map(truth.people.map((one) => [emailOf(one), one.id]));
    lonely(
      okta()
        .map((one) => [one.debugContext.debugData.dtHash, ids.get(one.actor.alternateId) ?? ''] as const)
        .filter(([, id]) => id !== ''),
      'browser',
    );
  });

  it('show the lookalikes that cost the most to get wrong', () => {
    for (const person of ofKind('helpdesk-phone'))
      expect(shared(enrolments(), emailOf(person)), person.id).toBe(true);
    for (const person of ofKind('onboarding-clones'))
      expect(
        new Set(
          codeOf(person)
            .filter((one) => one.action === 'git.clone')
            .map((one) => one.repo),
        ).size,
        person.id,
      ).toBeGreaterThanOrEqual(10);
    for (const person of ofKind('support-tools'))
      expect(toolsOf(person).size, person.id).toBeGreaterThanOrEqual(2);
    for (const person of ofKind('pay-corrected'))
      expect(payOf(person).length, person.id).toBeGreaterThanOrEqual(2);
    for (const person of ofKind('vpn-abroad'))
      expect(
        oktaOf(person).some((one) => tunnels(one).includes('ASTRILL_VPN')),
        person.id,
      ).toBe(true);
    for (const person of ofKind('relay').filter((one) => one.stage === 'employed'))
      expect(
        oktaOf(person).some((one) => one.securityContext.isProxy),
        person.id,
      ).toBe(true);
    for (const person of ofKind('own-device'))
      expect(
        oktaOf(person).some((one) => one.device?.managed === false),
        person.id,
      ).toBe(true);
  });
});

// Reading the exports back, by hand, so that a mistake of the writers is not repeated here.

interface OktaEvent {
  uuid: string;
  eventType: string;
  published: string;
  actor: { alternateId: string };
  client: {
    ipAddress: string;
    device: string;
    geographicalContext: { city: string; country: string; geolocation: { lat: number; lon: number } };
  };
  device: { managed: boolean } | null;
  securityContext: { isProxy: boolean };
  authenticationContext: { externalSessionId: string };
  debugContext: { debugData: { dtHash: string; tunnels?: string } };
  target: { id: string; type: string; alternateId: string }[] | null;
}

interface DuoEvent {
  event_type: string;
  email: string;
  access_device: { location: { city: string } };
  auth_device: { name: string; location: { city: string } };
}

interface OsqueryLine {
  name: string;
  snapshot?: Record<string, string>[];
  columns?: Record<string, string>;
  decorations: { hardware_serial: string; hostname: string };
}

const kept = new Map<string, unknown>();
/** No export tells who is who, what was planted, or how anybody lives. */
function sayNothing(files: readonly string[]): void {
  const words =
    /\b(rings?|careless|ordinary|careful|honest|dishonest|lookalikes?|planted|sophistication|simulat\w*|synthetic|fake|rollcall|couple|room-mates|operator's|facilitator|laptop farm|DPRK)\b/i;
  const living =
    /recent-immigrant|shared-housing|night-worker|privacy-minded|with-a-disability|frequent-traveller|\bcarer\b/i;
  const catalogue = /\b(AP|IN|VE|ON|SI|EP|NW|CH|SA|WP|TP|OX)-\d\d\b/;
  for (const file of files) {
    const text = file.endsWith('.docx') ? partsOf(file).join('\n') : textOf(file);
    // A résumé says of its own accord what honest work is.
    if (!file.includes('/resumes/')) expect(words.exec(text)?.[0], file).toBeUndefined();
    expect(catalogue.exec(text)?.[0], file).toBeUndefined();
    expect(living.exec(text)?.[0], file).toBeUndefined();
  }
}

function once<T>(key: string, make: () => T): T {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

function filesIn(path: string): string[] {
  return readdirSync(path)
    .sort()
    .flatMap((name) =>
      statSync(join(path, name)).isDirectory() ? filesIn(join(path, name)) : [join(path, name)],
    );
}

/** The parts of an archive, unpacked; sizes stand in its local headers. */
function partsOf(file: string): string[] {
  const bytes = readFileSync(file);
  const parts: string[] = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const end = start + bytes.readUInt32LE(at + 18);
    parts.push(inflateRawSync(bytes.subarray(start, end)).toString('utf8'));
    at = end;
  }
  return parts;
}

/** Every résumé: whose, what it says, and Word's mark of the file it was made from. */
const papers = () =>
  once('papers', () =>
    named('resumes').map((name) => {
      const path = join(out, 'exports', name);
      const id = /(\d+)_/.exec(name)?.[1] ?? '';
      if (name.endsWith('.docx')) {
        const all = partsOf(path).join('\n');
        return { id, text: all.replace(/<[^>]+>/g, '\n'), root: /rsidRoot w:val="(\w+)"/.exec(all)?.[1] };
      }
      const raw = readFileSync(path, 'latin1');
      const text = name.endsWith('.pdf')
        ? [...raw.matchAll(/\((.*)\) Tj/g)].map((match) => match[1]?.replace(/\\(.)/g, '$1')).join('\n')
        : raw;
      return { id, text, root: undefined };
    }),
  );
const paper = (person: TruthPerson) => papers().find((one) => one.id === person.candidateId);
const paperOf = (person: TruthPerson) => paper(person)?.text ?? '';
/** Triples of words that two texts have in common, those every tenth résumé has left out. */
function inCommon(a: string, b: string): number {
  const common = once('common triples', () => {
    const seen = new Map<string, number>();
    for (const { text } of papers())
      for (const triple of triplesOf(text)) seen.set(triple, (seen.get(triple) ?? 0) + 1);
    return new Set([...seen].filter(([, n]) => n * 10 > papers().length).map(([triple]) => triple));
  });
  const others = triplesOf(b);
  return [...triplesOf(a)].filter((triple) => others.has(triple) && !common.has(triple)).length;
}
function triplesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function json(name: string): unknown {
  return once(`json ${name}`, () => JSON.parse(textOf(join(out, 'exports', name))));
}

function lines<T>(...names: string[]): T[] {
  return once(`lines ${names.join()}`, () =>
    names.flatMap((name) =>
      textOf(join(out, 'exports', name))
        .trimEnd()
        .split('\n')
        .flatMap((line) => {
          try {
            return [JSON.parse(line) as T];
          } catch {
            return [];
          }
        }),
    ),
  );
}

function csv(name: string): Record<string, string>[] {
  return once(`csv ${name}`, () => {
    const rows = textOf(join(out, 'exports', name))
      .replace(/^\ufeff/, '')
      .trimEnd()
      .split('\n')
      .map(cells);
    const [header = [], ...body] = rows;
    return body.map((row) => Object.fromEntries(header.map((title, i) => [title, row[i] ?? ''])));
  });
}

function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function named(system: string): string[] {
  return files
    .map((one) => relative(join(out, 'exports'), one))
    .filter((one) => one.startsWith(`${system}/`));
}

const okta = () => lines<OktaEvent>(...named('okta'));
const oktaOf = (person: TruthPerson) =>
  once('okta by account', () => {
    const byAccount = new Map<string, OktaEvent[]>();
    for (const one of okta()) {
      const list = byAccount.get(one.actor.alternateId);
      if (list) list.push(one);
      else byAccount.set(one.actor.alternateId, [one]);
    }
    return byAccount;
  }).get(emailOf(person)) ?? [];
const tunnels = (one: OktaEvent) => one.debugContext.debugData.tunnels ?? '';
const duo = () =>
  once('duo', () =>
    named('duo').flatMap((name) => (json(name) as { response: { authlogs: DuoEvent[] } }).response.authlogs),
  );
const duoOf = (person: TruthPerson) => duo().filter((one) => one.email === emailOf(person));
const osquery = () => lines<OsqueryLine>('osquery/results.log');
const osqueryOf = (person: TruthPerson) =>
  osquery().filter((one) => one.decorations?.hardware_serial === serialOf(person));
const windowsOf = (person: TruthPerson) => {
  const host = `LSP-W-${serialOf(person).slice(-6)}`;
  return lines<{ winlog: { computer_name: string; event_data: Record<string, string> } }>(
    'windows/security.ndjson',
    'windows/sysmon.ndjson',
  ).filter((one) => one.winlog.computer_name === host);
};
const rowsOf = (line: OsqueryLine) => line.snapshot ?? (line.columns ? [line.columns] : []);

function candidates(): { id: string; name: string; phone: string; stem: string }[] {
  return once('candidates', () =>
    (
      json('greenhouse/candidates.json') as {
        id: number;
        first_name: string;
        last_name: string;
        phone_numbers: { value: string }[];
        email_addresses: { value: string }[];
      }[]
    ).map((one) => ({
      id: String(one.id),
      name: `${one.first_name} ${one.last_name}`,
      phone: (one.phone_numbers[0]?.value ?? '').replace(/\D/g, '').slice(-10),
      stem: mailboxStem(one.email_addresses[0]?.value ?? ''),
    })),
  );
}

const candidateOf = (person: TruthPerson) =>
  candidates().find((one) => one.id === (person.candidateId ?? person.id));
const workerOf = (person: TruthPerson) =>
  csv('hris/workers.csv').find((row) => row['Employee ID'] === person.id) ?? {};
const emailOf = (person: TruthPerson) => workerOf(person)['Work Email'] ?? '';
const shipmentsOf = (person: TruthPerson) =>
  csv('it/shipments.csv').filter((row) => row['Requested For ID'] === person.id);
const payOf = (person: TruthPerson) =>
  csv('payroll/payment-elections.csv').filter((row) => row['Employee ID'] === person.id);
const accountsOf = (person: TruthPerson) => payOf(person).map((row) => row['Account Number']);
const days = (from: string | undefined, to: string | undefined) =>
  (Date.parse((to ?? '').slice(0, 10)) - Date.parse(from ?? '')) / 86_400_000;

function codeOf(person: TruthPerson): { action: string; repo: string; visibility?: string }[] {
  return lines<{
    action: string;
    repo: string;
    visibility?: string;
    external_identity_nameid?: string;
    actor: string;
  }>('github/audit-log.ndjson').filter((one) => one.external_identity_nameid === emailOf(person));
}

function serialOf(person: TruthPerson): string {
  return once(`serial of ${person.id}`, () => {
    const mac = (
      json('jamf/computers.json') as {
        results: { hardware: { serialNumber: string }; userAndLocation: { email: string } }[];
      }
    ).results.find((one) => one.userAndLocation.email === emailOf(person));
    const pc = (
      json('intune/managedDevices.json') as { value: { serialNumber: string; userPrincipalName: string }[] }
    ).value.find((one) => one.userPrincipalName === emailOf(person));
    return mac?.hardware.serialNumber ?? pc?.serialNumber ?? 'none';
  });
}

function toolsOf(person: TruthPerson): Set<string> {
  const names = /AnyDesk|RustDesk|TeamViewer|Chrome Remote Desktop|Jump Desktop|Splashtop/;
  return new Set(
    osqueryOf(person)
      .filter((one) => /(apps|programs)$/.test(one.name))
      .flatMap((one) => rowsOf(one).flatMap((row) => names.exec(row.name ?? '')?.[0] ?? [])),
  );
}

function enrolments(): (readonly [string, string])[] {
  return once('enrolments', () => [
    ...okta()
      .filter((one) => one.eventType === 'device.user.add')
      .map(
        (one) =>
          [one.target?.find((each) => each.type === 'Device')?.id ?? '', one.actor.alternateId] as const,
      ),
    ...duo()
      .filter((one) => one.event_type === 'enrollment')
      .map((one) => [one.auth_device.name, one.email] as const),
  ]);
}

/** Whether somebody has a value that somebody else has too. */
function shared(pairs: (readonly [string, string])[], owner: string): boolean {
  const own = new Set(pairs.filter(([, by]) => by === owner).map(([value]) => value));
  return pairs.some(([value, by]) => by !== owner && own.has(value));
}

/** Street and unit, as one writes them who abbreviates everything. */
function street(line: string | undefined): string {
  const short: Record<string, string> = {
    street: 'st',
    avenue: 'ave',
    lane: 'ln',
    drive: 'dr',
    road: 'rd',
    court: 'ct',
    place: 'pl',
    boulevard: 'blvd',
    terrace: 'ter',
    apt: '',
    unit: '',
  };
  return (line ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .map((word) => short[word] ?? word)
    .filter(Boolean)
    .join(' ');
}

function place(row: Record<string, string>): string {
  return `${street(row['Ship To Street'])}/${row['Ship To City']}/${row['Ship To Postal Code']}`;
}

function speed(a: OktaEvent, b: OktaEvent): number {
  const rad = Math.PI / 180;
  const [p, q] = [a.client.geographicalContext.geolocation, b.client.geographicalContext.geolocation];
  const h =
    Math.sin(((q.lat - p.lat) * rad) / 2) ** 2 +
    Math.cos(p.lat * rad) * Math.cos(q.lat * rad) * Math.sin(((q.lon - p.lon) * rad) / 2) ** 2;
  const hours = Math.max(1 / 3600, (Date.parse(b.published) - Date.parse(a.published)) / 3_600_000);
  return (12742 * Math.asin(Math.sqrt(h))) / hours;
}

/** Events of somebody within minutes after (or before) one of them. */
function within(all: OktaEvent[], i: number, minutes: number): OktaEvent[] {
  const at = Date.parse(all[i]?.published ?? '');
  return all.filter((one) => {
    const apart = (Date.parse(one.published) - at) / 60_000;
    return minutes < 0 ? apart < 0 && apart >= minutes : apart > 0 && apart <= minutes;
  });
}
