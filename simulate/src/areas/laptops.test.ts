import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../simulate.js';
import type { Behaviour, Truth, TruthPerson } from '../truth.js';

const folder = mkdtempSync(join(tmpdir(), 'simulate-laptops-'));
const out = join(folder, 'company');
let truth: Truth;

beforeAll(async () => {
  truth = await simulate({ people: 300, seed: 23, ringMembers: 26, out });
  for (const row of csv('hris/workers.csv')) emails.set(row['Employee ID'] ?? '', row['Work Email'] ?? '');
  for (const one of json<{ results: Mac[] }>('jamf/computers.json').results)
    serials.set(one.userAndLocation.email, one.hardware.serialNumber);
  for (const one of json<{ value: Pc[] }>('intune/managedDevices.json').value)
    serials.set(one.userPrincipalName, one.serialNumber);
  for (const line of ndjson<Line>('osquery/results.log')) {
    const serial = line.decorations.hardware_serial;
    osquery.set(serial, [...(osquery.get(serial) ?? []), line]);
    hosts.set(serial, line.decorations.hostname.toLowerCase());
  }
  for (const name of ['windows/sysmon.ndjson', 'windows/security.ndjson'])
    for (const one of ndjson<WindowsEvent>(name))
      windows.set(one.host.name, [...(windows.get(one.host.name) ?? []), one.winlog]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what members of rings do on laptops is in the exports', () => {
  const programs: Partial<Record<string, RegExp>> = {
    awake: /^(caffeine|keepingyouawake)/i,
    vpn: /^(astrill|nordvpn|mullvad)/i,
    accounts: /^(gologin|bluestacks)/i,
    helpers: /^(simplify copilot|aiapply|final round ai|authenticator$|otp\.ee)/i,
  };
  const shows: Partial<Record<Behaviour, (serial: string, person: TruthPerson) => boolean>> = {
    'EP-03': (serial) => commandsOf(serial).some((one) => /remoting_start_host.*--pin=/.test(one)),
    'EP-04': (serial) => new Set(visitsTo(serial).map((one) => one.day)).size >= 3,
    'EP-06': (serial) =>
      rowsOf(serial, 'connected_displays').some((one) =>
        ['cafebabe', '1613f8a', '39363945'].includes(one.serial_number ?? ''),
      ) ||
      rowsOf(serial, 'display_registry').some((one) =>
        // The beginnings of B246WL, DELL D2721H and PiKVM V3, and the last's placeholder.
        /54384E4545303033383532|33533547513233|50694B564D205633/.test(one.data ?? ''),
      ),
    'EP-07': (serial) =>
      rowsOf(serial, 'usb_devices').some((one) => one.model_id === 'c52b' && one.serial !== '') ||
      pluggedIn(serial).some((one) => /VID_046D&PID_C52B&MI_02/.test(one)),
    'EP-08': (serial) =>
      screensOf(serial).some((one) =>
        [...osquery.keys()].some((other) => other !== serial && screensOf(other).includes(one)),
      ),
    'EP-09': (serial) =>
      has(serial, programs.awake) ||
      rowsOf(serial, 'usb_devices').some((one) => one.vendor_id === '2341') ||
      pluggedIn(serial).some((one) => one.includes('VID_2341')),
    'EP-10': (serial) =>
      rowsOf(serial, 'location_services').filter((one) => one.enabled === '0').length >= 2 ||
      rowsOf(serial, 'location_consent').filter((one) => one.data === 'Deny').length >= 2,
    'EP-11': (serial) => placesOf(serial).length >= 5,
    'EP-13': (serial) =>
      rowsOf(serial, 'arp_cache').filter((one) => (one.mac ?? '').startsWith('94:83:c4')).length >= 3,
    'EP-15': (serial) => has(serial, programs.vpn),
    'EP-16': (_, person) => longCalls(emails.get(person.id) ?? '') >= 3,
    'EP-17': (serial) =>
      has(serial, programs.accounts) ||
      rowsOf(serial, 'chrome_extensions').some((one) => programs.helpers?.test(one.name ?? '')),
    'EP-19': (serial) =>
      ['dxdiag', 'systeminfo', 'whoami'].every((tool) =>
        commandsOf(serial).some((one) => one.includes(`${tool}.exe`) || one === tool),
      ),
    'EP-20': (serial) =>
      eventsOf(serial).filter((one) => one.event_id === '4624' && one.event_data.LogonType === '10').length >=
      3,
  };

  it.each(Object.entries(shows))('%s', (id, shown) => {
    const bearers = truth.people.filter((one) => one.planted?.some((each) => each.id === id));
    for (const person of bearers) {
      const serial = serials.get(emails.get(person.id) ?? '');
      expect(serial, person.name).toBeDefined();
      expect(shown?.(serial as string, person), `${person.name} (${person.id})`).toBe(true);
    }
  });

  it('nearly all of them are done by somebody', () => {
    const done = new Set(truth.people.flatMap((one) => one.planted?.map((each) => each.id) ?? []));
    expect(Object.keys(shows).filter((id) => !done.has(id as Behaviour)).length).toBeLessThanOrEqual(3);
  });
});

describe('honest laptops', () => {
  it('show most of the same', () => {
    const kinds = new Set(
      truth.people.filter((one) => one.label === 'honest').flatMap((one) => one.lookalikes),
    );
    for (const kind of [
      'location-off',
      'keeps-awake',
      'travel-router',
      'reaches-own-laptop',
      'looks-for-a-job',
      'codes-in-the-browser',
      'own-keyboard',
      'open-room',
      'lives-elsewhere',
    ])
      expect([...kinds]).toContain(kind);
  });

  it('are where their people live, mostly', () => {
    const homes = new Map(csv('hris/workers.csv').map((row) => [row['Work Email'] ?? '', row['Home City']]));
    const owner = new Map([...serials].map(([email, serial]) => [serial, email]));
    const reports = csv('devices/location-reports.csv').filter((row) => row.Source === 'Wi-Fi');
    const home = reports.filter((row) => homes.get(owner.get(row['Serial Number'] ?? '') ?? '') === row.City);
    expect(reports.length).toBeGreaterThan(500);
    expect(home.length / reports.length).toBeGreaterThan(0.6);
  });
});

describe('the exports of laptops', () => {
  it('never say who is who', () => {
    const words = new RegExp(
      [
        'careless',
        'careful',
        'lookalike',
        'honest',
        'planted',
        ...truth.rings.map((one) => `\\b${one.id}\\b`),
      ].join('|'),
    );
    for (const name of ['devices/location-reports.csv', 'remote-access/filebeat.ndjson'])
      expect(words.exec(read(name))?.[0]).toBeUndefined();
  });

  it('are in order of time where they are logs', () => {
    const times = ndjson<{ '@timestamp': string }>('remote-access/filebeat.ndjson').map(
      (one) => one['@timestamp'],
    );
    expect(times).toEqual([...times].sort());
  });
});

interface Mac {
  userAndLocation: { email: string };
  hardware: { serialNumber: string };
}
interface Pc {
  userPrincipalName: string;
  serialNumber: string;
}
interface Line {
  name: string;
  decorations: { hardware_serial: string; hostname: string };
  snapshot?: Record<string, string>[];
  columns?: Record<string, string>;
}
interface WindowsEvent {
  host: { name: string };
  winlog: { event_id: string; event_data: Record<string, string> };
}

const emails = new Map<string, string>();
const serials = new Map<string, string>();
const hosts = new Map<string, string>();
const osquery = new Map<string, Line[]>();
const windows = new Map<string, WindowsEvent['winlog'][]>();

const rowsOf = (serial: string, table: string): Record<string, string>[] =>
  (osquery.get(serial) ?? [])
    .filter((one) => one.name.endsWith(`_${table}`))
    .flatMap((one) => one.snapshot ?? (one.columns ? [one.columns] : []));
const eventsOf = (serial: string) => windows.get(hosts.get(serial) ?? '') ?? [];
const commandsOf = (serial: string) => eventsOf(serial).map((one) => one.event_data.CommandLine ?? '');
const pluggedIn = (serial: string) => eventsOf(serial).map((one) => one.event_data.DeviceId ?? '');
const has = (serial: string, pattern: RegExp | undefined) =>
  [...rowsOf(serial, 'apps'), ...rowsOf(serial, 'programs')].some((one) => pattern?.test(one.name ?? ''));
const placesOf = (serial: string) =>
  csv('devices/location-reports.csv').filter(
    (row) => row['Serial Number'] === serial && row.Source === 'Wi-Fi',
  );

/** The numbers of displays that are not built in. */
function screensOf(serial: string): string[] {
  return [
    ...rowsOf(serial, 'connected_displays')
      .filter((one) => one.connection_type !== 'Internal')
      .map((one) => (one.serial_number ?? '').replace(/^0+/, '')),
    ...rowsOf(serial, 'display_registry').map((one) =>
      ((one.data ?? '').slice(24, 32).match(/../g) ?? []).reverse().join('').toLowerCase().replace(/^0+/, ''),
    ),
  ].filter((one) => one !== '');
}

function visitsTo(serial: string): { day: string }[] {
  return ndjson<{ host: { hostname: string }; message: string }>('remote-access/filebeat.ndjson')
    .filter((one) => one.host.hostname.toLowerCase() === hosts.get(serial))
    .map((one) => ({ day: /\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}/.exec(one.message)?.[0] ?? '' }));
}

function longCalls(email: string): number {
  let count = 0;
  for (const name of readdirSync(join(out, 'exports', 'zoom')).filter((one) =>
    /^participants-\d{4}-\d\d\.json$/.test(one),
  ))
    for (const one of json<{ participants: { email: string; join_time: string; leave_time: string }[] }>(
      `zoom/${name}`,
    ).participants)
      if (one.email === email && Date.parse(one.leave_time) - Date.parse(one.join_time) >= 8 * 3_600_000)
        count++;
  return count;
}

function read(name: string): string {
  return readFileSync(join(out, 'exports', name), 'utf8');
}

function json<T>(name: string): T {
  return JSON.parse(read(name)) as T;
}

function ndjson<T>(name: string): T[] {
  const list: T[] = [];
  for (const line of read(name).split('\n')) {
    // One line of osquery's log is cut short on purpose.
    if (!line.endsWith('}')) continue;
    list.push(JSON.parse(line) as T);
  }
  return list;
}

function csv(name: string): Record<string, string>[] {
  const [header = '', ...lines] = read(name).trimEnd().split('\n');
  const names = cells(header);
  return lines.map((line) => Object.fromEntries(cells(line).map((value, i) => [names[i] ?? '', value])));
}

function cells(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map((one) => (one[1] ?? '').replace(/^"|"$/g, '').replaceAll('""', '"'));
}
