import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../packages/engine/src/content/fact.js';
import { loadContent } from '../../packages/engine/src/content/load.js';
import { checkTable } from '../../packages/engine/src/facts/check-table.js';
import { Database, identifier, literal } from '../../packages/engine/src/lake/duckdb.js';
import { identifierKinds } from '../../packages/engine/src/model/vocabulary.js';

/** The columns that make a row of a fact the only one of its kind. */
const keys: Record<string, string[]> = {
  'address-formats': ['country'],
  'common-values': ['kind', 'match', 'value'],
  countries: ['name_key'],
  'disposable-mail-domains': ['domain'],
  'employer-founding': ['name_key'],
  'hobby-boards': ['pattern'],
  'identifier-sharing': ['kind'],
  'ip-kvm-devices': ['product', 'match_kind', 'pattern'],
  jigglers: ['match_kind', 'pattern'],
  'mail-providers': ['domain'],
  'multi-account-tools': ['match_kind', 'pattern'],
  'named-companies': ['name_key'],
  'network-operators': ['match_kind', 'value'],
  'network-ranges': ['cidr'],
  'own-places': ['address'],
  'placeholder-serials': ['serial'],
  places: ['ascii_name', 'country', 'region'],
  regions: ['country', 'name_key'],
  'remote-access-tools': ['tool', 'match_kind', 'pattern'],
  'role-mailboxes': ['name'],
  'stock-phrases': ['phrase'],
  'street-words': ['language', 'role', 'written'],
  'technology-releases': ['name_key'],
  'threat-alert-names': ['pattern'],
  'travel-routers': ['match_kind', 'pattern'],
  'us-postal-prefixes': ['prefix', 'state'],
  'virtual-cameras': ['pattern'],
  'vpn-clients': ['match_kind', 'pattern'],
  'vpn-operators': ['operator'],
  'watched-addresses': ['address'],
  'webmail-domains': ['domain'],
};

let facts: Fact[];
let folder: string;
let db: Database;

beforeAll(async () => {
  // The facts alone: a mistake in a detection is reported by that detection's tests.
  folder = await mkdtemp(join(tmpdir(), 'rollcall-facts-'));
  await symlink(fileURLToPath(new URL('.', import.meta.url)), join(folder, 'facts'));
  facts = (await loadContent(folder)).facts;
  db = await Database.open();
  for (const fact of facts) {
    const types = Object.entries(fact.columns).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
    // Strict: a cell that is not of its type, a row with a cell too many, fails here.
    await db.run(
      `CREATE TABLE ${identifier(fact.table)} AS FROM read_csv(${literal(fact.csv)}, header = true, auto_detect = false,
         delim = ',', quote = '"', escape = '"', columns = {${types.join(', ')}})`,
    );
  }
});
afterAll(async () => {
  db?.close();
  await rm(folder, { recursive: true, force: true });
});

/** How many rows of a fact match a value, by the rule of its patterns: LIKE over lower case. */
const matches = (table: string, kind: string, value: string): Promise<number> =>
  db.number(
    `SELECT count(*) FROM ${table} WHERE match_kind = $kind AND CAST($value AS VARCHAR) LIKE pattern`,
    { kind, value: value.toLowerCase() },
  );

describe('every fact', () => {
  it('is known to this test, with the columns that must be unique', () => {
    expect(facts.map((fact) => fact.id)).toEqual(Object.keys(keys).sort());
  });

  it('has rows, none twice, and reads with its declared types', async () => {
    for (const fact of facts) {
      const columns = (keys[fact.id] as string[]).map(identifier).join(', ');
      // One ships empty: it is for rows of the user's own.
      if (fact.id !== 'own-places')
        expect(await db.number(`SELECT count(*) FROM ${fact.table}`), fact.id).toBeGreaterThan(0);
      const twice = await db.rows(
        `SELECT ${columns} FROM ${fact.table} GROUP BY ALL HAVING count(*) > 1 LIMIT 5`,
      );
      expect(twice, fact.id).toEqual([]);
    }
  });

  it('passes the checks that tables of the user must pass, and names its key', async () => {
    for (const fact of facts) {
      expect(fact.key, fact.id).toEqual(keys[fact.id]);
      await checkTable(fact.csv, fact, { whole: true, mayBeEmpty: fact.id === 'own-places' });
    }
  });

  it('says of every row where it comes from and when it was true, row by row or once for all', async () => {
    for (const fact of facts) {
      expect(fact.source.length, fact.id).toBeGreaterThan(3);
      expect('source' in fact.columns, fact.id).toBe('as_of' in fact.columns);
      if (!('source' in fact.columns)) continue;
      const bare = await db.rows(
        `SELECT * FROM ${fact.table} WHERE coalesce(source, '') = '' OR as_of IS NULL`,
      );
      expect(bare, fact.id).toEqual([]);
      const later = `SELECT * FROM ${fact.table} WHERE as_of > DATE '${fact.as_of}' + INTERVAL 180 DAY`;
      expect(await db.rows(later), fact.id).toEqual([]);
    }
  });

  it('is sorted, in UTF-8, with LF at line ends and no spaces around cells', async () => {
    for (const fact of facts) {
      const bytes = await readFile(fact.csv);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      expect(text, fact.id).not.toMatch(/\r|\ufeff|\ufffd| ,|, *\n\n/);
      expect(text.endsWith('\n'), fact.id).toBe(true);
      const [, ...lines] = text.trimEnd().split('\n');
      const sorted = [...new Set(lines)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(lines, `${fact.id}: run node scripts/facts/tidy.mjs ${fact.id}`).toEqual(sorted);
    }
  });

  it('writes patterns in lower case, never so short that they match anything', async () => {
    for (const fact of facts.filter((one) => 'pattern' in one.columns)) {
      const loose = await db.rows(
        `SELECT pattern FROM ${fact.table}
         WHERE pattern <> lower(pattern) OR length(replace(replace(pattern, '%', ''), '_', '')) < 3`,
      );
      expect(loose, fact.id).toEqual([]);
    }
  });
});

describe('ordinary software is nobody’s tool', () => {
  const processes =
    `chrome.exe code.exe svchost.exe explorer.exe teams.exe ms-teams.exe zoom.exe slack.exe outlook.exe
    winword.exe excel.exe powerpnt.exe onedrive.exe msedge.exe firefox.exe brave.exe node.exe python.exe java.exe git.exe
    cmd.exe powershell.exe pwsh.exe wt.exe conhost.exe rundll32.exe dllhost.exe msiexec.exe setup.exe installer.exe
    update.exe updater.exe service.exe agent.exe client.exe server.exe helper.exe launcher.exe connect.exe remote.exe
    host.exe viewer.exe manager.exe level.exe mstsc.exe putty.exe winscp.exe nvda.exe narrator.exe g2m.exe
    gotomeeting.exe webex.exe docker.exe wsl.exe vmware.exe virtualboxvm.exe csfalconservice.exe msmpeng.exe
    sentinelagent.exe taniumclient.exe jamf jamfagent jumpcloud-agent ccmexec.exe intunewindowsagent.exe ssh sshd sshd.exe
    ssh.exe openvpn.exe wireguard.exe vpnui.exe pangpa.exe tor.exe dropbox.exe acrord32.exe spotify.exe discord.exe
    steam.exe obs64.exe notepad.exe notepad++.exe idea64.exe rider64.exe devenv.exe dwm.exe launchd windowserver safari
    finder electron python3 bash zsh caffeinate teams zoom.us google\u0020chrome`
      .split(/\s+/)
      .map((name) => name.replace('\u0020', ' '));

  it.each(['remote_access_tools', 'vpn_clients', 'jigglers', 'multi_account_tools'])('%s', async (table) => {
    const hit: string[] = [];
    for (const name of processes) if ((await matches(table, 'process', name)) > 0) hit.push(name);
    expect(hit).toEqual([]);
  });

  it('nor are ordinary folders, programs, bundles and hosts', async () => {
    const innocent: [string, string][] = [
      ['path', String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`],
      ['path', String.raw`C:\Windows\System32\svchost.exe`],
      ['path', String.raw`C:\Program Files\Microsoft VS Code\Code.exe`],
      ['path', String.raw`C:\Users\p1\AppData\Local\Programs\Python\python.exe`],
      ['path', String.raw`C:\Program Files\RealVNC\VNC Viewer\vncviewer.exe`],
      ['path', String.raw`C:\Program Files (x86)\GoToMeeting\g2mstart.exe`],
      ['path', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
      ['path', '/usr/bin/ssh'],
      ['package', 'Google Chrome'],
      ['package', 'Microsoft Teams'],
      ['package', 'Zoom Workplace'],
      ['package', 'Visual Studio Code'],
      ['package', 'OpenSSH'],
      ['bundle_id', 'com.google.Chrome'],
      ['bundle_id', 'com.microsoft.teams2'],
      ['bundle_id', 'us.zoom.xos'],
      ['service', 'wuauserv'],
      ['service', 'sshd'],
      ['domain', 'google.com'],
      ['domain', 'www.google.com'],
      ['domain', 'microsoft.com'],
      ['domain', 'login.microsoftonline.com'],
      ['domain', 's3.amazonaws.com'],
      ['domain', 'github.com'],
      ['domain', 'marketplace.visualstudio.com'],
      ['domain', 'login.tailscale.com'],
      ['domain', 'zoom.us'],
      ['domain', 'printer.local'],
      ['signer', 'microsoft corporation'],
      ['signer', 'google llc'],
      ['signer', 'apple inc.'],
    ];
    const hit: string[] = [];
    for (const [kind, value] of innocent)
      for (const table of ['remote_access_tools', 'vpn_clients', 'jigglers'])
        if ((await matches(table, kind, value)) > 0) hit.push(`${table}: ${value}`);
    expect(hit).toEqual([]);
  });

  it('and plain displays, keyboards and cameras are no device of the scheme', async () => {
    const innocent: [string, string][] = [
      ['usb_vid_pid', '046d:c52b'],
      ['usb_vid_pid', '05ac:8600'],
      ['usb_vid_pid', '413c:2011'],
      ['usb_manufacturer', 'Logitech'],
      ['usb_manufacturer', 'Dell Inc.'],
      ['usb_product', 'USB Receiver'],
      ['usb_product', 'Composite Device'],
      ['edid_vendor', 'DEL'],
      ['edid_name', 'DELL D2721H'],
      ['edid_name', 'PHL 342E2'],
      ['mac_prefix', '3c:22:fb'],
      ['hostname', 'laptop-01'],
    ];
    for (const [kind, value] of innocent) expect(await matches('ip_kvm_devices', kind, value), value).toBe(0);
    for (const camera of ['FaceTime HD Camera', 'Logitech BRIO', 'Integrated Webcam', 'HD Pro Webcam C920']) {
      const found = 'SELECT count(*) FROM virtual_cameras WHERE lower(CAST($camera AS VARCHAR)) LIKE pattern';
      expect(await db.number(found, { camera }), camera).toBe(0);
    }
  });
});

describe('what is reported is found', () => {
  it.each([
    ['process', 'AnyDesk.exe', 'AnyDesk'],
    ['process', 'remoting_host.exe', 'Chrome Remote Desktop'],
    ['process', 'remoting_start_host.exe', 'Chrome Remote Desktop'],
    ['process', 'rustdesk-1.4.1-x86_64.exe', 'RustDesk'],
    ['process', 'TeamViewer_Service.exe', 'TeamViewer'],
    ['process', 'JumpConnect.exe', 'Jump Desktop'],
    ['process', 'ScreenConnect.ClientService.exe', 'ScreenConnect'],
    ['process', 'meshagent64.exe', 'MeshCentral'],
    ['process', 'quickassist.exe', 'Quick Assist'],
    ['process', 'code-tunnel.exe', 'Visual Studio dev tunnels'],
    ['path', '/Applications/AnyDesk.app/Contents/MacOS/AnyDesk', 'AnyDesk'],
    [
      'path',
      String.raw`C:\Program Files (x86)\Google\Chrome Remote Desktop\140.0\remoting_host.exe`,
      'Chrome Remote Desktop',
    ],
    [
      'path',
      String.raw`C:\Program Files (x86)\ScreenConnect Client (0a1b2c3d)\ScreenConnect.WindowsClient.exe`,
      'ScreenConnect',
    ],
    ['path', '/opt/google/chrome-remote-desktop/chrome-remote-desktop-host', 'Chrome Remote Desktop'],
    ['bundle_id', 'com.philandro.anydesk', 'AnyDesk'],
    ['bundle_id', 'com.carriez.RustDesk', 'RustDesk'],
    ['package', 'Chrome Remote Desktop Host', 'Chrome Remote Desktop'],
    ['service', 'AnyDesk Service', 'AnyDesk'],
    ['domain', 'relay-0a1b2c3d.net.anydesk.com', 'AnyDesk'],
    ['domain', 'rs-ny.rustdesk.com', 'RustDesk'],
    ['signer', 'TeamViewer Germany GmbH', 'TeamViewer'],
  ])('%s %s is %s', async (kind, value, tool) => {
    const rows = await db.rows(
      `SELECT DISTINCT tool FROM remote_access_tools WHERE match_kind = $kind AND lower(CAST($value AS VARCHAR)) LIKE pattern`,
      { kind, value },
    );
    expect(rows).toEqual([{ tool }]);
  });

  it.each([
    ['usb_manufacturer', 'PiKVM', 'strong'],
    ['usb_product', 'PiKVM Composite Device', 'strong'],
    ['usb_serial', 'CAFEBABE', 'medium'],
    ['usb_vid_pid', '1d6b:0104', 'medium'],
    ['usb_vid_pid', '3346:1009', 'strong'],
    ['usb_manufacturer', 'tinypilot', 'strong'],
    ['usb_product', 'JetKVM USB Emulation Device', 'strong'],
    ['edid_name', 'PiKVM V4 Plus', 'strong'],
    ['edid_serial', 'UK02143047718', 'medium'],
    ['edid_serial', '1613F8A', 'medium'],
    ['edid_id', '31D8:7772', 'strong'],
    ['edid_name', 'JetKVM v1', 'strong'],
    ['usb_id_with_serial', '046D:C52B', 'medium'],
    ['mac_prefix', 'b8:27:eb', 'weak'],
  ])('%s %s is %s evidence of a remote keyboard', async (kind, value, strength) => {
    const rows = await db.rows(
      'SELECT DISTINCT strength FROM ip_kvm_devices WHERE match_kind = $kind AND lower(CAST($value AS VARCHAR)) LIKE pattern',
      { kind, value },
    );
    expect(rows).toEqual([{ strength }]);
  });

  it('virtual cameras, jigglers and VPN programs are known by the names they show', async () => {
    for (const camera of [
      'OBS Virtual Camera',
      'ManyCam Virtual Webcam',
      'SplitCam Video Driver',
      'e2eSoft VCam',
    ]) {
      const found = 'SELECT count(*) FROM virtual_cameras WHERE lower(CAST($camera AS VARCHAR)) LIKE pattern';
      expect(await db.number(found, { camera }), camera).toBeGreaterThan(0);
    }
    expect(await matches('jigglers', 'process', 'MouseJiggle.exe')).toBe(1);
    expect(await matches('multi_account_tools', 'package', 'GoLogin 4.1')).toBe(1);
    expect(await matches('multi_account_tools', 'extension', 'Authenticator')).toBe(1);
    expect(await matches('multi_account_tools', 'extension', 'Google Authenticator Helper')).toBe(0);
    expect(await matches('travel_routers', 'mac_prefix', '94:83:c4:00:00:01')).toBe(1);
    expect(await matches('travel_routers', 'ssid', 'GL Home')).toBe(0);
    expect(await db.number(`SELECT count(*) FROM hobby_boards WHERE pattern = '2341:8036'`)).toBe(1);
    // A serial line alone types nothing.
    expect(await db.number(`SELECT count(*) FROM hobby_boards WHERE pattern = '16c0:0483'`)).toBe(0);
    expect(await matches('vpn_clients', 'process', 'astrill.exe')).toBe(1);
    expect(await matches('vpn_clients', 'path', String.raw`C:\Program Files (x86)\Astrill\astrill.exe`)).toBe(
      1,
    );
  });
});

describe('networks', () => {
  const kindOf = async (asn: number) =>
    (await db.rows(`SELECT kind FROM network_operators WHERE match_kind = 'asn' AND value = '${asn}'`))[0]
      ?.kind;

  it.each([
    [9009, 'vpn'],
    [36183, 'relay'],
    [13335, 'relay'],
    [21928, 'mobile'],
    [14593, 'satellite'],
    [16509, 'hosting'],
    [22616, 'security_gateway'],
    [60729, 'tor'],
  ])('AS%i is %s', async (asn, kind) => {
    expect(await kindOf(asn)).toBe(kind);
  });

  it('leaves ordinary home providers alone', async () => {
    for (const asn of [7922, 701, 7018, 20115, 5089, 2856 + 1])
      expect(await kindOf(asn), String(asn)).toBeUndefined();
    const orgs = [
      'comcast cable communications, llc',
      'charter communications inc',
      'verizon business',
      'virgin media limited',
      'at&t enterprises, llc',
    ];
    for (const org of orgs)
      expect(
        await db.number(
          `SELECT count(*) FROM network_operators WHERE match_kind = 'org' AND ${literal(org)} LIKE value`,
        ),
        org,
      ).toBe(0);
  });

  it('uses only the kinds that it explains, and numbers that are numbers', async () => {
    const kinds = await db.rows('SELECT DISTINCT kind FROM network_operators ORDER BY kind');
    expect(kinds.map((row) => row.kind)).toEqual([
      'hosting',
      'mobile',
      'proxy',
      'relay',
      'satellite',
      'security_gateway',
      'tor',
      'vpn',
    ]);
    const odd = `SELECT value FROM network_operators WHERE match_kind = 'asn' AND try_cast(value AS BIGINT) IS NULL
      OR match_kind IN ('org', 'said') AND value <> lower(value) OR match_kind NOT IN ('asn', 'org', 'said')`;
    expect(await db.rows(odd)).toEqual([]);
  });

  it('every VPN program belongs to a named operator', async () => {
    const lost =
      'SELECT DISTINCT operator FROM vpn_clients WHERE operator NOT IN (SELECT operator FROM vpn_operators)';
    expect(await db.rows(lost)).toEqual([]);
    const astrill = `SELECT reported, consumer FROM vpn_operators WHERE operator = 'astrill_vpn'`;
    expect(await db.rows(astrill)).toEqual([{ reported: true, consumer: true }]);
  });

  it('ranges are ranges', async () => {
    const rows = await db.rows('SELECT cidr FROM network_ranges');
    for (const row of rows) expect(String(row.cidr)).toMatch(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/);
    expect(rows).toContainEqual({ cidr: '175.45.176.0/22' });
  });
});

describe('names and places', () => {
  it.each([
    ['south korea', 'KR'],
    ['korea republic of', 'KR'],
    ['uk', 'GB'],
    ['usa', 'US'],
    ['deutschland', 'DE'],
    ['cote d ivoire', 'CI'],
  ])('country "%s" is %s', async (key, alpha2) => {
    expect(await db.rows(`SELECT alpha2 FROM countries WHERE name_key = '${key}'`)).toEqual([{ alpha2 }]);
  });

  it('an ambiguous country name gives no country', async () => {
    expect(await db.rows(`SELECT alpha2 FROM countries WHERE name_key = 'congo'`)).toEqual([]);
  });

  it('holds every state, province and nation where hiring is most remote', async () => {
    const count = (country: string) =>
      db.number(`SELECT count(DISTINCT code) FROM regions WHERE country = '${country}'`);
    expect(await count('CA')).toBe(13);
    expect(await count('AU')).toBe(8);
    expect(await count('GB')).toBe(4);
    expect(await count('US')).toBeGreaterThanOrEqual(51);
    const states = await db.rows(
      `SELECT code FROM regions WHERE country = 'US' AND name_key IN ('texas', 'washington', 'puerto rico', 'dc') ORDER BY code`,
    );
    expect(states.map((row) => row.code)).toEqual(['DC', 'PR', 'TX', 'WA']);
  });

  it('every region of a place is a region, every country of a place a country', async () => {
    const lost = `SELECT DISTINCT country, region FROM places p
      WHERE region <> '' AND NOT EXISTS (SELECT 1 FROM regions r WHERE r.country = p.country AND r.code = p.region)
         OR NOT EXISTS (SELECT 1 FROM countries c WHERE c.alpha2 = p.country)`;
    expect(await db.rows(lost)).toEqual([]);
  });

  it.each([
    ['new york', 'US', 'NY', 40.7, -74.0],
    ['bangalore', 'IN', 'KA', 13.0, 77.6],
    ['koln', 'DE', 'NW', 50.9, 6.95],
    ['saint louis', 'US', 'MO', 38.6, -90.2],
    ['gurgaon', 'IN', 'HR', 28.5, 77.0],
    ['portland', 'US', 'OR', 45.5, -122.7],
  ])('%s, %s-%s lies where it lies', async (key, country, region, lat, lon) => {
    const [row] = await db.rows(
      `SELECT lat, lon FROM places WHERE ascii_name = '${key}' AND country = '${country}' AND region = '${region}'`,
    );
    expect(Number(row?.lat)).toBeCloseTo(lat, 0);
    expect(Number(row?.lon)).toBeCloseTo(lon, 0);
  });

  it('the key of a name is what the SQL in countries.yml makes of it', async () => {
    const about = (facts.find((fact) => fact.id === 'countries') as Fact).about;
    const fold = /trim\(.*'g'\)\)/.exec(about)?.[0] as string;
    const other = await db.rows(
      `SELECT name, country, any_value(ascii_name) AS ascii_name FROM places p WHERE NOT EXISTS (
         SELECT 1 FROM places o WHERE o.country = p.country AND o.lat = p.lat AND o.lon = p.lon
         AND o.ascii_name = ${fold.replace('(x)', '(p.name)')})
       GROUP BY ALL`,
    );
    expect(other.length, JSON.stringify(other.slice(0, 5))).toBeLessThan(20);
  });

  it('stays on the globe and within its size', async () => {
    expect(await db.number('SELECT count(*) FROM places WHERE abs(lat) > 90 OR abs(lon) > 180')).toBe(0);
    const places = facts.find((fact) => fact.id === 'places') as Fact;
    expect((await readFile(places.csv)).byteLength).toBeLessThan(2_000_000);
  });

  it('a ZIP prefix knows its state', async () => {
    const state = async (prefix: string) =>
      (await db.rows(`SELECT state FROM us_postal_prefixes WHERE prefix = '${prefix}' ORDER BY state`)).map(
        (r) => r.state,
      );
    expect(await state('941')).toEqual(['CA']);
    expect(await state('028')).toEqual(['RI']);
    expect(await state('834')).toEqual(['ID', 'WY']);
  });
});

describe('mail domains and companies', () => {
  it('a free mailbox is not a throw-away one', async () => {
    const both =
      'SELECT domain FROM disposable_mail_domains WHERE domain IN (SELECT domain FROM webmail_domains)';
    expect(await db.rows(both)).toEqual([]);
    expect(
      await db.number(`SELECT count(*) FROM disposable_mail_domains WHERE domain = 'mailinator.com'`),
    ).toBe(1);
    expect(await db.rows(`SELECT kind FROM webmail_domains WHERE domain = 'gmail.com'`)).toEqual([
      { kind: 'mail' },
    ]);
  });

  it('names companies only, each by a key of two words or one that is no word', async () => {
    const single = `SELECT name_key FROM named_companies WHERE name_key NOT LIKE '% %' ORDER BY name_key`;
    expect((await db.rows(single)).map((row) => row.name_key)).toEqual([
      'angeloper',
      'blocknovas',
      'hopanatech',
      'taggcar',
    ]);
    const badKey = `SELECT name_key FROM named_companies WHERE regexp_full_match(name_key, '[a-z0-9]+( [a-z0-9]+)*') IS NOT TRUE`;
    expect(await db.rows(badKey)).toEqual([]);
  });
});

describe('what résumés are compared with', () => {
  it('is keyed by names as they are looked up: lower case, few signs, one space', async () => {
    for (const table of ['technology_releases', 'employer_founding']) {
      const odd = `SELECT name_key FROM ${table} WHERE NOT regexp_full_match(name_key, '[a-z0-9.]([a-z0-9+#./ -]*[a-z0-9+#])?')
         OR name_key LIKE '%  %' OR regexp_matches(name_key, ' (inc|llc|ltd|corp|corporation|gmbh|plc|co|company)$')`;
      expect(await db.rows(odd), table).toEqual([]);
    }
    const phrases = `SELECT phrase FROM stock_phrases WHERE NOT regexp_full_match(phrase, '[a-z'']+( [a-z'']+)+')
       OR kind NOT IN ('stock', 'advert', 'machine')`;
    expect(await db.rows(phrases)).toEqual([]);
  });

  it('counts from no later than the release or the founding, whose day is as exact as it says', async () => {
    for (const [table, day] of [
      ['technology_releases', 'released'],
      ['employer_founding', 'founded'],
    ]) {
      const wrong = `SELECT name_key FROM ${table} WHERE counts_from > ${day} OR precision NOT IN ('day', 'month', 'year')
         OR (precision = 'year' AND strftime(${day}, '%m-%d') <> '01-01') OR (precision = 'month' AND day(${day}) <> 1)
         OR ${day} > as_of`;
      expect(await db.rows(wrong), table).toEqual([]);
    }
    const apart = `SELECT technology FROM technology_releases GROUP BY technology
       HAVING count(DISTINCT (released, counts_from, earlier)) > 1`;
    expect(await db.rows(apart)).toEqual([]);
  });

  it('holds what applicants name, renamed firms with their roots', async () => {
    const from = async (table: string, name: string) =>
      String(
        (await db.rows(`SELECT counts_from FROM ${table} WHERE name_key = $name`, { name }))[0]?.counts_from,
      );
    expect(await from('technology_releases', 'kubernetes')).toBe('2013-09-01');
    expect(await from('technology_releases', 'azure cosmos db')).toBe('2010-01-01');
    expect(await from('employer_founding', 'dxc technology')).toBe('1959-01-01');
    expect(await from('employer_founding', 'meta platforms')).toBe('2003-01-01');
    expect(await db.number('SELECT count(DISTINCT technology) FROM technology_releases')).toBeGreaterThan(
      150,
    );
    expect(await db.number('SELECT count(DISTINCT company) FROM employer_founding')).toBeGreaterThan(150);
  });

  it('takes no ordinary word in a sentence for a technology, nor for an employer', async () => {
    const plain =
      `go react spark rust swift docker chef flask express node vue svelte electron bootstrap dart julia elixir
      prometheus envoy helm vault consul nomad packer puppet kafka storm hive pig airflow snowflake redshift kinesis athena aurora
      glue lambda azure android angular babel yarn bun vite cypress jest playwright puppeteer cassandra bert claude gemini
      llama pandas keystone notion linear square block meta ring peloton ramp toast plaid wise gusto carta intercom
      gemini chime affirm box remote turing king brave miro loom segment elastic apple oracle tesla indeed discord`.split(
        /\s+/,
      );
    const found: unknown[] = [];
    for (const word of plain) {
      found.push(
        ...(await db.rows('SELECT name_key FROM technology_releases WHERE in_text AND name_key = $word', {
          word,
        })),
      );
      if (word !== 'docker')
        found.push(
          ...(await db.rows('SELECT name_key FROM employer_founding WHERE name_key = $word', { word })),
        );
    }
    expect(found).toEqual([]);
    const versions = `SELECT name_key FROM technology_releases WHERE in_text AND regexp_matches(name_key, ' [0-9]+$')`;
    expect(await db.rows(versions)).toEqual([]);
  });
});

describe('facts about identifiers', () => {
  it('says of each kind how often it is shared, as a probability, and names why', async () => {
    expect(
      (await db.rows('SELECT kind FROM identifier_sharing ORDER BY kind')).map((row) => row.kind),
    ).toEqual([...identifierKinds].sort());
    const odd = `SELECT * FROM identifier_sharing
       WHERE shared_by_chance NOT BETWEEN 0.000001 AND 0.1 OR people_typical < 1 OR common_above < people_typical OR coalesce(explained_by, '') = ''`;
    expect(await db.rows(odd)).toEqual([]);
    expect(
      await db.rows(
        `SELECT DISTINCT kind, match FROM common_values WHERE match NOT IN ('exact', 'prefix') OR means NOT IN ('placeholder', 'shared') OR kind NOT IN (SELECT kind FROM identifier_sharing)`,
      ),
    ).toEqual([]);
  });

  it('gives every mail provider a domain that stands for itself by the same rules', async () => {
    const strays = `SELECT p.domain FROM mail_providers p LEFT JOIN mail_providers c ON c.domain = p.canonical_domain
       WHERE c.domain IS NULL OR c.canonical_domain <> c.domain OR (c.ignored, c.tag) IS DISTINCT FROM (p.ignored, p.tag)`;
    expect(await db.rows(strays)).toEqual([]);
    expect(await db.rows(`SELECT domain FROM mail_providers WHERE domain <> lower(domain)`)).toEqual([]);
    // Its hyphens cut off a name that is not the account's: no rule.
    expect(await db.number(`SELECT count(*) FROM mail_providers WHERE domain LIKE 'yahoo.%'`)).toBe(0);
  });

  it('writes serials, mailboxes and words as they are compared', async () => {
    expect(
      await db.rows(
        `SELECT serial FROM placeholder_serials WHERE NOT regexp_full_match(serial, '[0-9A-Z]{2,}')`,
      ),
    ).toEqual([]);
    expect(
      await db.rows(`SELECT name FROM role_mailboxes WHERE name <> lower(name) OR name LIKE '%@%'`),
    ).toEqual([]);
    expect(
      await db.rows(
        `SELECT written FROM street_words WHERE NOT regexp_full_match(written, '(c/o|s/n|[a-z0-9]+( [a-z0-9]+)*)')`,
      ),
    ).toEqual([]);
  });

  it('brings each word of an address to a form that is brought to itself', async () => {
    const loops = `SELECT w.language, w.role, w.written, w.canonical, c.canonical AS again FROM street_words w
       JOIN street_words c ON c.language = w.language AND c.role = w.role AND c.written = w.canonical WHERE c.canonical <> w.canonical`;
    expect(await db.rows(loops)).toEqual([]);
  });

  it('describes addresses of countries in words it has', async () => {
    const formats = await db.rows('SELECT * FROM address_formats');
    const languages = new Set(
      (await db.rows('SELECT DISTINCT language FROM street_words')).map((row) => row.language),
    );
    for (const format of formats) {
      expect(format.country).toMatch(/^[A-Z]{2}$/);
      for (const language of String(format.languages).split(' '))
        expect([format.country, languages.has(language)]).toEqual([format.country, true]);
      expect(format.postcode).toMatch(/^[9AX -]+(\|[9AX -]+)*$/);
      expect(['before', 'after']).toContain(format.postcode_side);
      expect(['first', 'last']).toContain(format.number_side);
      expect(['postcode', 'postcode-town']).toContain(format.place);
      for (const sign of [format.slash, format.hyphen])
        expect(['whole', 'unit-first', 'unit-last']).toContain(sign);
    }
    expect(formats.map((format) => format.country)).toEqual(
      expect.arrayContaining(['US', 'GB', 'CA', 'AU', 'DE', 'FR', 'NL', 'ES', 'IT', 'PL', 'IE', 'AT', 'SE']),
    );
  });
});
