import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../content/connector.js';
import type { Detection } from '../content/detection.js';
import { Database } from '../lake/duckdb.js';
import { createResolvedTables } from '../lake/resolve.js';
import { available, enabledBy, missing, needInWords } from './needs.js';

const needing = (...needs: string[]) => ({ needs }) as Detection;
const connector = (title: string, table: string, sql: string, yields: string[] = []) =>
  ({ title, yields, mappings: [{ table, sql, line: 1 }] }) as unknown as Connector;

describe('available', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ threads: 1 });
    await database.run('CREATE SCHEMA facts');
    await createResolvedTables(database);
  });
  afterAll(() => database.close());

  it('is nothing in an empty lake', async () => {
    expect([...(await available(database))]).toEqual([]);
  });

  it('takes résumé files for looked at, whether or not one shows anything', async () => {
    await database.run("INSERT INTO documents (person_id, format) VALUES ('p1', 'json-resume')");
    expect(await available(database)).not.toContain('traces.hidden_text');
    await database.run("INSERT INTO documents (person_id, format) VALUES ('p1', 'pdf')");
    const has = await available(database);
    for (const need of [
      'documents',
      'passages',
      'traces.hidden_text',
      'claims.skill',
      'identifiers.image_hash',
    ])
      expect(has).toContain(need);
    await database.run('DELETE FROM documents');
  });

  it('names what is there, and columns only where a row fills them', async () => {
    await database.run("INSERT INTO people (person_id, started_at) VALUES ('p1', TIMESTAMP '2026-01-01')");
    await database.run("INSERT INTO devices (device_id, managed) VALUES ('d1', NULL)");
    await database.run("INSERT INTO events (action) VALUES ('repo.clone'), ('repo.clone'), ('signin')");
    await database.run("INSERT INTO identifiers (kind) VALUES ('egress_ip')");
    await database.run("INSERT INTO inventory (kind) VALUES ('usb_device')");
    await database.run("CREATE TABLE facts.places AS SELECT 'x' AS name");
    const has = await available(database);
    expect([...has].sort()).toEqual([
      'devices',
      'devices.device_id',
      'events.repo.clone',
      'events.signin',
      'facts.places',
      'identifiers.egress_ip',
      'inventory.usb_device',
      'people',
      'people.person_id',
      'people.started_at',
    ]);
  });
});

describe('missing', () => {
  const has = new Set(['people', 'events.signin', 'inventory.process']);

  it('is every need that is not met', () => {
    expect(missing(needing('people', 'events.repo.clone', 'devices'), has)).toEqual([
      'events.repo.clone',
      'devices',
    ]);
  });

  it('is met by one of several ways', () => {
    const either = 'inventory.program or inventory.process or events.process.start';
    expect(missing(needing(either, 'people'), has)).toEqual([]);
    expect(missing(needing('inventory.program or events.process.start'), has)).toEqual([
      'inventory.program or events.process.start',
    ]);
  });
});

describe('enabledBy', () => {
  const connectors = [
    connector('Payroll', 'identifiers', "SELECT 'bank_account' AS kind"),
    connector('Identity log', 'events', "SELECT CASE WHEN x THEN 'signin' END AS action", ['egress_ip']),
    connector('Laptops', 'devices', 'SELECT serial, yes(managed) AS managed'),
    connector('Roster', 'people', 'SELECT start AS started_at'),
  ];

  it('names the connectors that would bring it', () => {
    expect(enabledBy(['identifiers.bank_account'], connectors)).toEqual(['Payroll']);
    expect(enabledBy(['identifiers.egress_ip', 'events.signin'], connectors)).toEqual(['Identity log']);
    expect(enabledBy(['devices.managed', 'people.started_at'], connectors)).toEqual(['Laptops', 'Roster']);
    expect(enabledBy(['people'], connectors)).toEqual(['Roster']);
    expect(enabledBy(['events.repo.clone'], connectors)).toEqual([]);
  });

  it('counts every way to meet a need', () => {
    expect(enabledBy(['events.signin or identifiers.bank_account'], connectors)).toEqual([
      'Identity log',
      'Payroll',
    ]);
  });
});

describe('needInWords', () => {
  it('reads aloud', () => {
    expect(
      [
        'people',
        'people.started_at',
        'events.repo.clone',
        'identifiers.mfa_device',
        'facts.ip_kvm_devices',
      ].map(needInWords),
    ).toEqual([
      'a list of people',
      'the started at of people',
      'repo clone events',
      'mfa device values',
      'reference data: ip kvm devices',
    ]);
    expect(needInWords('inventory.program or events.process.start')).toBe(
      'program inventory or process start events',
    );
  });
});
