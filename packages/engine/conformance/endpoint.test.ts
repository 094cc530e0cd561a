import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Accepted,
  absent,
  type ConformOptions,
  conform,
  dataFolder,
  hasData,
  type Json,
  scan,
} from './harness.js';

/** Endpoint, network and meeting sources: Windows, Sysmon, Jamf, osquery, Intune, Zeek, Zoom. */
interface Stream extends ConformOptions {
  stream: string;
  connector: string;
  /** `matched/compared` by field, kept here so that a loss shows. */
  score: Record<string, string>;
  /** How many of the cases give an event, out of how many. */
  mapped: [number, number];
}

const ecsWords: Accepted = {
  field: 'action',
  when: () => true,
  reason: 'ECS has words of its own for Windows events; activity keeps log and number ("Security 4624")',
};

const shipped = (record: Json) => 'result' in record;
const sensorHost: Accepted = {
  field: 'device',
  when: (_, record) => shipped(record),
  reason:
    'the host of a record that came through Splunk is the machine that shipped it, not one of the two that talked',
};

const streams: Stream[] = [
  {
    stream: 'windows.forwarded',
    connector: 'windows-events',
    mapped: [161, 161],
    score: {
      time: '161/161',
      account: '71/71',
      ip: '10/10',
      action: '0/63',
      outcome: '63/63',
      device: '72/72',
    },
    accept: [ecsWords],
  },
  {
    stream: 'windows.powershell',
    connector: 'windows-events',
    mapped: [3, 3],
    score: { time: '3/3', account: '1/1', action: '0/1', device: '3/3' },
    accept: [ecsWords],
  },
  {
    stream: 'windows.powershell_operational',
    connector: 'windows-events',
    mapped: [4, 4],
    score: { time: '4/4', account: '2/2', action: '0/1', device: '4/4' },
    accept: [ecsWords],
  },
  {
    stream: 'windows.sysmon_operational',
    connector: 'windows-events',
    mapped: [101, 101],
    score: { time: '100/101', account: '15/15', ip: '6/6', action: '0/4', device: '7/7' },
    accept: [
      ecsWords,
      {
        field: 'time',
        when: (_, record) => (record.winlog as Json).event_id === '255',
        reason:
          "Sysmon's own error event has no UtcTime: the log's time is taken, where ECS keeps the shipper's",
      },
    ],
  },
  {
    stream: 'sysmon_linux.log',
    connector: 'windows-events',
    mapped: [1, 1],
    score: { action: '0/1', device: '1/1' },
    accept: [ecsWords],
  },
  {
    stream: 'system.security',
    connector: 'windows-events',
    mapped: [75, 75],
    score: { time: '75/75', account: '72/72', ip: '5/5', action: '0/75', outcome: '75/75', device: '75/75' },
    accept: [ecsWords],
  },
  {
    stream: 'zeek.connection',
    connector: 'zeek-conn',
    only: (_, record) => !shipped(record),
    mapped: [8, 8],
    score: { time: '8/8', ip: '8/8' },
  },
  {
    stream: 'zeek.connection',
    connector: 'zeek-conn',
    only: (_, record) => shipped(record),
    mapped: [1, 1],
    score: { time: '1/1', ip: '1/1', device: '0/1' },
    accept: [sensorHost],
  },
  {
    stream: 'zeek.dns',
    connector: 'zeek-dns',
    only: (_, record) => !shipped(record),
    mapped: [2, 2],
    score: { time: '2/2', ip: '2/2', outcome: '2/2' },
  },
  {
    stream: 'zeek.dns',
    connector: 'zeek-dns',
    only: (_, record) => shipped(record),
    mapped: [1, 1],
    score: { time: '1/1', ip: '1/1', outcome: '1/1', device: '0/1' },
    accept: [sensorHost],
  },
  {
    stream: 'zeek.ssl',
    connector: 'zeek-ssl',
    only: (_, record) => !shipped(record),
    mapped: [4, 4],
    score: { time: '4/4', ip: '4/4' },
  },
  {
    stream: 'zeek.ssl',
    connector: 'zeek-ssl',
    only: (_, record) => shipped(record),
    mapped: [2, 2],
    score: { time: '2/2', ip: '2/2', device: '0/1' },
    accept: [sensorHost],
  },
  {
    stream: 'zoom.webhook',
    connector: 'zoom-webhooks',
    mapped: [24, 42],
    score: { time: '9/9', account: '12/24', action: '24/42' },
    accept: (['account', 'action'] as const).map((field) => ({
      field,
      when: (difference) => difference.actual === null,
      reason: `${field}: the notice says no time at all (early webhooks had no event_ts); it is rejected, saying so, and ECS too gives it none`,
    })),
  },
  {
    stream: 'jamf_compliance_reporter.log',
    connector: 'jamf-compliance-reporter',
    mapped: [27, 28],
    score: { time: '27/28', account: '21/23', action: '27/28', outcome: '21/21', device: '27/28' },
    accept: [
      {
        field: 'account',
        when: (_, record) => 'ComplianceReporter_license_info' in record,
        reason: 'the address on the licence is not who did something',
      },
      ...(['time', 'account', 'action', 'device'] as const).map(
        (field): Accepted => ({
          field,
          when: (_, record) => (record.header as Json).event_name === 'PREFERENCE_LIST_EVENT',
          reason: `${field}: the product's settings hold cloud keys, which are left out of the kept record, so this suite cannot find it again`,
        }),
      ),
    ],
  },
];

describe.skipIf(!hasData)(
  `endpoint, network and meeting records${hasData ? '' : ` (skipped: ${absent})`}`,
  () => {
    it.each(streams)('$stream reads as $connector', async (wanted) => {
      const result = await conform(wanted.stream, wanted);
      expect(result.recognised).toEqual({ [wanted.connector]: wanted.mapped[1] });
      expect([result.mapped, result.cases]).toEqual(wanted.mapped);
      expect(result.score).toEqual(wanted.score);
      expect(result.differences).toEqual([]);
      expect(Object.entries(result.accepted).filter(([, times]) => times === 0)).toEqual([]);
      if (wanted.stream === 'zoom.webhook')
        expect(new Set(result.rejects.map((reject) => reject.reason))).toEqual(
          new Set(['no time that can be read']),
        );
    });

    it("keeps every row of Zeek's own baseline logs", async () => {
      const files: Record<string, string> = {};
      const rows: Record<string, number> = {};
      for (const path of await zeekLogs()) {
        // The baselines have their times taken out (or a clock at 1970), and a comment line before the log's own header.
        const text = (await readFile(join(dataFolder, 'zeek', path), 'utf8'))
          .replace(/^### .*\n/, '')
          .replace(/^(XXXXXXXXXX\.XXXXXX|1\.000000)\t/gm, '1772460311.120000\t');
        if (!text.startsWith('#separator') || !/^#fields\tts\tuid\tid\.orig_h\t/m.test(text)) continue;
        const name = path.replaceAll('/', '_');
        files[name] = text;
        rows[name] = text.split('\n').filter((line) => line && !line.startsWith('#')).length;
      }
      expect(Object.keys(files).length).toBeGreaterThan(60);
      const { accounts, tables } = await scan(files);
      const wrong = accounts.filter(
        (account) =>
          account.connector !== `zeek-${/^#path\t(\w+)/m.exec(files[account.file] as string)?.[1]}` ||
          account.read !== rows[account.file] ||
          account.rejected > 0,
      );
      expect(
        wrong.map(
          (account) => `${account.file}: ${account.read} of ${rows[account.file]}, ${account.problem}`,
        ),
      ).toEqual([]);
      expect(tables.events.length).toBe(accounts.reduce((sum, account) => sum + account.kept, 0));
      expect(tables.events.filter((event) => event.src_ip === null || event.time === null)).toEqual([]);
    });

    it('reads a real osquery result log', async () => {
      const text = await readFile(join(dataFolder, 'osquery/elastic-osquery-results.ndjson'), 'utf8');
      const { accounts, tables } = await scan({ 'osquery.log': text });
      const lines = text.split('\n').filter((line) => line.trim());
      expect(accounts[0]).toMatchObject({
        connector: 'osquery-results',
        read: lines.length,
        rejected: 0,
        duplicate: lines.length - new Set(lines).size,
      });
      const named = (query: RegExp) => new Set(lines.filter((line) => query.test(line))).size;
      const kind = (name: string) => tables.inventory.filter((row) => row.kind === name).length;
      // Each row of these queries is one thing, and nothing else in the log is of the kind.
      expect(kind('program')).toBe(
        named(
          /"name":"pack_it-compliance_(installed_applications|package_receipts|homebrew_packages|deb_packages)"/,
        ),
      );
      expect(kind('browser_extension')).toBe(
        named(/"name":"pack_it-compliance_(chrome_extensions|firefox_addons|browser_plugins)"/),
      );
      expect(new Set(tables.devices.map((device) => device.hardware_uuid).filter(Boolean))).toEqual(
        new Set(['4AB2906D-5516-5794-AF54-86D1D7F533F3', '72E1287B-D1BC-4FC6-B9D8-64F4352776A9']),
      );
      expect(tables.devices.find((device) => device.os)).toMatchObject({
        os: 'macos',
        os_version: '10.13.1',
      });
    });

    it('reads an answer of Intune', async () => {
      const text = await readFile(
        join(dataFolder, 'api-answers/microsoft_intune/get_devices.json.resp'),
        'utf8',
      );
      const { accounts, tables } = await scan({ 'devices.json': text });
      expect(accounts[0]).toMatchObject({ connector: 'intune-managed-devices', read: 2, kept: 2 });
      expect(
        tables.devices.map((device) => [device.hostname, device.assigned_to, device.os, device.compliant]),
      ).toEqual([
        ['INTUNE-W10', 'user2@example.com', 'windows', true],
        ['EXAMPLE-W10', 'user@example.com', 'windows', true],
      ]);
    });

    it("agrees with published rules on what is a grant of power in Zoom's operation logs", async () => {
      const text = await readFile(join(dataFolder, 'panther/zoom_operation_rules.jsonl'), 'utf8');
      const rules = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { id: string; tests: { expected: boolean; log: Json }[] });
      const tests = rules.find((rule) => rule.id === 'Zoom.User.Promoted.to.Privileged.Role')?.tests ?? [];
      expect(tests.length).toBeGreaterThan(4);
      const { accounts, tables } = await scan({
        'logs.ndjson': tests.map((test) => `${JSON.stringify(test.log)}\n`).join(''),
      });
      expect(accounts[0]).toMatchObject({ connector: 'zoom-operations', kept: tests.length });
      const granted = new Set(
        tables.events
          .filter((event) => event.action === 'privilege.grant')
          .map((event) => JSON.stringify(JSON.parse(String(event.raw)))),
      );
      expect(tests.map((test) => granted.has(JSON.stringify(test.log)))).toEqual(
        tests.map((test) => test.expected),
      );
    });
  },
);

async function zeekLogs(): Promise<string[]> {
  const paths = await readdir(join(dataFolder, 'zeek'), { recursive: true });
  return paths.filter((path) => /(^|\/)(conn|dns|ssl)[^/]*\.log$/.test(path)).sort();
}
