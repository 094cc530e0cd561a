import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseRecords } from '../src/lake/recognise.js';
import {
  absent,
  type Conformance,
  type ConformOptions,
  conform,
  dataFolder,
  hasData,
  type Json,
  loadedContent,
  report,
  scan,
} from './harness.js';

interface Expected {
  connector: string;
  /** Records seen / records that gave an event. */
  mapped: string;
  score: Conformance['score'];
  options?: ConformOptions;
}

/** The record out of what a collector wrote around it; one of the texts kept there is no JSON. */
function bare(raw: string): string {
  const value = JSON.parse(raw) as { event?: { original?: string }; o365audit?: Json };
  try {
    JSON.parse(value.event?.original ?? '');
    return value.event?.original ?? raw;
  } catch {
    return value.o365audit ? JSON.stringify(value.o365audit) : raw;
  }
}

const google = (n: number, outcome?: string): Expected => ({
  connector: 'google-workspace-activity',
  mapped: `${n}/${n}`,
  score: {
    time: `${n}/${n}`,
    account: `${n}/${n}`,
    ip: `${n}/${n}`,
    action: `${n}/${n}`,
    ...(outcome ? { outcome } : {}),
  },
});

/** Each vendor's score, field by field: how many of the values another parser reads we read alike. */
const streams: Record<string, Expected> = {
  'okta.system': {
    connector: 'okta-system-log',
    mapped: '11/11',
    score: {
      time: '11/11',
      account: '11/11',
      ip: '10/10',
      country: '11/11',
      action: '11/11',
      outcome: '11/11',
      user_agent: '10/10',
    },
  },
  'azure.signinlogs': {
    connector: 'entra-sign-in',
    mapped: '30/30',
    score: {
      time: '30/30',
      account: '8/8',
      ip: '12/12',
      country: '12/12',
      action: '30/30',
      outcome: '30/30',
      user_agent: '1/1',
    },
  },
  'azure.auditlogs': {
    connector: 'entra-audit',
    mapped: '2/2',
    score: { time: '2/2', ip: '1/1', action: '2/2', outcome: '2/2' },
  },
  'google_workspace.access_transparency': google(1),
  'google_workspace.admin': google(165),
  'google_workspace.context_aware_access': google(1),
  'google_workspace.device': google(1),
  'google_workspace.drive': google(13),
  'google_workspace.gcp': google(1),
  'google_workspace.group_enterprise': google(1),
  'google_workspace.groups': google(11),
  'google_workspace.login': google(4, '1/1'),
  'google_workspace.rules': google(1),
  'google_workspace.saml': google(2, '2/2'),
  'google_workspace.token': google(1),
  'google_workspace.user_accounts': google(5),
  'github.audit': {
    connector: 'github-audit',
    mapped: '92/92',
    score: { time: '92/92', account: '92/92', country: '79/79', action: '92/92' },
  },
  'cisco_duo.auth': {
    connector: 'duo-authentication',
    mapped: '8/8',
    score: { time: '8/8', account: '8/8', ip: '8/8', outcome: '8/8' },
  },
  'cisco_duo.admin': {
    connector: 'duo-admin',
    mapped: '4/4',
    score: { time: '4/4', account: '4/4', action: '4/4', outcome: '4/4' },
  },
  'slack.audit': {
    connector: 'slack-audit',
    mapped: '2/2',
    score: { time: '2/2', account: '2/2', ip: '2/2', action: '2/2', user_agent: '2/2' },
  },
  'o365.audit': {
    connector: 'm365-audit',
    mapped: '183/183',
    score: {
      time: '183/183',
      account: '107/115',
      ip: '116/116',
      action: '174/175',
      outcome: '183/183',
      user_agent: '58/58',
    },
    options: {
      prepare: bare,
      // The host ECS names is the tenant; these records name no device in it.
      expectations: ({ device: _, ...rest }) => rest,
      accept: [
        {
          field: 'account',
          when: (_, record) => /^S-1-5-/.test(String(record.UserId)),
          reason: 'the system acted on a mailbox; its owner did not',
        },
        {
          field: 'account',
          when: (_, record) => record.UserId === 'app@sharepoint',
          reason: "a service of Microsoft is nobody's account",
        },
        {
          field: 'action',
          when: (difference) => difference.actual === 'MemberAdded',
          reason: "ECS renames some operations of Teams; the vendor's own name is kept",
        },
      ],
    },
  },
};

describe.skipIf(!hasData)(
  `identity and SaaS connectors read real records as others do (skipped: ${absent})`,
  () => {
    it.each(Object.entries(streams))('%s', async (stream, expected) => {
      const result = await conform(stream, expected.options);
      expect(
        {
          connector: result.account.connector,
          rejected: result.account.rejected,
          recognised: result.recognised,
          mapped: `${result.mapped}/${result.cases}`,
          score: result.score,
          differences: result.differences,
        },
        report(stream, result),
      ).toEqual({
        connector: expected.connector,
        rejected: 0,
        recognised: { [expected.connector]: result.cases },
        mapped: expected.mapped,
        score: expected.score,
        differences: [],
      });
      expect(Object.entries(result.accepted).filter(([, n]) => n === 0)).toEqual([]);
    });
  },
);

/**
 * Rules of another product carry records as tests, `panther/FILE.jsonl`: how many there are, how many are recognised
 * (the rest lack their time, or have their field names changed) and how many are kept.
 */
const ruleRecords: [string, string, string, { of: number; recognised: number; kept: number }][] = [
  ['okta_rules', 'Okta.SystemLog', 'okta-system-log', { of: 33, recognised: 11, kept: 7 }],
  ['azure_signin_rules', 'Azure.Audit', 'entra-sign-in', { of: 27, recognised: 11, kept: 11 }],
  ['azure_signin_rules', 'Azure.Audit', 'entra-audit', { of: 27, recognised: 12, kept: 12 }],
  ['slack_rules', 'Slack.AuditLogs', 'slack-audit', { of: 33, recognised: 16, kept: 16 }],
  ['duo_rules', 'Duo.Administrator', 'duo-admin', { of: 15, recognised: 15, kept: 15 }],
  ['duo_rules', 'Duo.Authentication', 'duo-authentication', { of: 7, recognised: 7, kept: 0 }],
  ['github_rules', 'GitHub.Audit', 'github-audit', { of: 26, recognised: 21, kept: 21 }],
  [
    'gsuite_activityevent_rules',
    'GSuite.ActivityEvent',
    'google-workspace-activity',
    { of: 45, recognised: 36, kept: 36 },
  ],
  [
    'gsuite_reports_rules',
    'GSuite.ActivityEvent',
    'google-workspace-activity',
    { of: 8, recognised: 4, kept: 4 },
  ],
  ['microsoft_rules', 'Microsoft365.Audit.SharePoint', 'm365-audit', { of: 5, recognised: 5, kept: 5 }],
];

describe.skipIf(!hasData)(`records kept with detection rules (skipped: ${absent})`, () => {
  it.each(ruleRecords)('%s %s as %s', async (file, type, connector, expected) => {
    const records = await recordsOfRules(file, type);
    const { connectors } = await loadedContent();
    const own = records.filter((record) => {
      const recognition = recogniseRecords([record], connectors);
      return recognition.kind !== 'none' && recognition.connector.id === connector;
    });
    const { accounts, rejects } = await scan({
      'records.ndjson': own.map((record) => `${JSON.stringify(record)}\n`).join(''),
    });
    const account = accounts[0];
    expect(account?.connector).toBe(connector);
    expect(account?.read).toBe(own.length);
    // Made by hand for a rule, some carry no time: nothing else may keep a record out.
    expect(rejects.filter((reject) => reject.reason !== 'no time that can be read')).toEqual([]);
    expect({
      of: records.length,
      recognised: own.length,
      kept: (account?.kept ?? 0) + (account?.duplicate ?? 0),
    }).toEqual(expected);
  });

  it("takes no record for another vendor's", async () => {
    const { connectors } = await loadedContent();
    const wrong: string[] = [];
    for (const [file, type] of ruleRecords) {
      const own = ruleRecords.filter(([, other]) => other === type).map(([, , connector]) => connector);
      for (const record of await recordsOfRules(file, type)) {
        const recognition = recogniseRecords([record], connectors);
        if (recognition.kind !== 'none' && !own.includes(recognition.connector.id))
          wrong.push(`${type} as ${recognition.connector.id}: ${JSON.stringify(record).slice(0, 200)}`);
      }
    }
    for (const [file, type] of [
      ['intune_rules', 'MicrosoftIntune.AuditLogs'],
      ['github_rules', 'GitHub.Webhook'],
      ['auth0_rules', 'Auth0.Events'],
      ['onelogin_rules', 'OneLogin.Events'],
      ['box_rules', 'Box.Event'],
      ['azure_activity_rules', 'Azure.MonitorActivity'],
    ] as const) {
      for (const record of await recordsOfRules(file, type)) {
        const recognition = recogniseRecords([record], connectors);
        if (recognition.kind !== 'none' && identityConnectors.has(recognition.connector.id))
          wrong.push(`${type} as ${recognition.connector.id}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

const identityConnectors = new Set([
  ...Object.values(streams).map((stream) => stream.connector),
  'slack-access',
]);

async function recordsOfRules(file: string, type: string): Promise<Json[]> {
  const text = await readFile(join(dataFolder, 'panther', `${file}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line) as { logTypes?: string[]; tests?: { log: unknown }[] })
    .filter((rule) => rule.logTypes?.includes(type))
    .flatMap((rule) => rule.tests ?? [])
    .map((test) => (typeof test.log === 'string' ? (JSON.parse(test.log) as Json) : (test.log as Json)))
    .filter((record) => record.p_log_type === undefined || record.p_log_type === type);
}
