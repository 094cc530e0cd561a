import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../src/lake/recognise.js';
import { firstArrayOfObjects } from '../src/lake/shape.js';
import { type Json, loadedContent, scan } from './harness.js';

/** What a hostile or broken exporter may write in place of any value. */
const surprises: unknown[] = [
  null,
  '',
  'text',
  '{not json',
  '["a"',
  7,
  -1e308,
  true,
  [],
  {},
  [null, 1, 'x', { a: [] }],
  { a: { b: null } },
  '2026-13-45T99:99:99Z',
  '😀\u0000"\\\'; DROP TABLE events; --',
];

const connectors = [
  'okta-system-log',
  'entra-sign-in',
  'entra-audit',
  'google-workspace-activity',
  'github-audit',
  'duo-authentication',
  'duo-admin',
  'slack-audit',
  'slack-access',
  'm365-audit',
];

describe('values of any type in any place are read or rejected, never an error', () => {
  it.each(connectors)('%s', async (id) => {
    const connector = (await loadedContent()).connectors.find((one) => one.id === id);
    const originals = await recordsOfSamples(join(connector?.folder ?? '', 'samples'));
    expect(originals.length).toBeGreaterThan(0);
    // Enough originals that the file stays recognisable among the broken ones.
    const records = originals.flatMap((record) => mutations(record));
    const { accounts } = await scan({
      'records.ndjson': [...Array(60).fill(originals[0]), ...records]
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    });
    const account = accounts[0];
    expect(account?.connector).toBe(id);
    expect(account?.read).toBe(60 + records.length);
    expect((account?.kept ?? 0) + (account?.duplicate ?? 0) + (account?.rejected ?? 0)).toBe(account?.read);
    expect(account?.kept).toBeGreaterThan(0);
  });
});

/** The record once for every place in it and every surprise. */
function mutations(record: Json): Json[] {
  const results: Json[] = [];
  const visit = (value: unknown, put: (other: unknown) => Json, depth: number) => {
    for (const surprise of surprises) results.push(put(surprise));
    if (value === null || typeof value !== 'object' || depth > 5) return;
    if (Array.isArray(value)) {
      if (value.length > 0) visit(value[0], (other) => put([other, ...value.slice(1)]), depth + 1);
      return;
    }
    for (const [key, inner] of Object.entries(value))
      visit(inner, (other) => put({ ...value, [key]: other }), depth + 1);
  };
  for (const [key, inner] of Object.entries(record))
    visit(inner, (other) => ({ ...record, [key]: other }), 1);
  return results;
}

async function recordsOfSamples(folder: string): Promise<Json[]> {
  const records: Json[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!/\.(json|ndjson)$/.test(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    if (name.endsWith('.ndjson')) {
      for (const line of text.split('\n')) if (line.trim()) records.push(JSON.parse(line) as Json);
      continue;
    }
    const value = JSON.parse(text) as unknown;
    const list = Array.isArray(value) ? value : at(value, (firstArrayOfObjects(text) ?? []).join('.'));
    if (Array.isArray(list)) records.push(...(list as Json[]));
  }
  return records;
}
