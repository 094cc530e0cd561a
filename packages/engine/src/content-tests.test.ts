import { Dialect, transpile } from '@polyglot-sql/sdk';
import { describe, expect, it } from 'vitest';
import { loadContent } from './content/load.js';
import { detectionTestDatabase, testConnector, testDetection, testFieldMap } from './content-tests.js';
import { trinoProblems } from './portable.js';

const content = await loadContent();

describe.each(content.connectors.map((connector) => [connector.id, connector] as const))(
  'connector %s',
  (_, connector) => {
    it('gives the rows its samples say', async () => {
      const results = await testConnector(connector, content.connectors, content.facts);
      expect(
        results.filter((result) => result.problem).map((result) => `${result.name}: ${result.problem}`),
      ).toEqual([]);
    });
  },
);

const database = await detectionTestDatabase(content.facts);

describe.each(content.detections.map((detection) => [detection.id, detection] as const))(
  'detection %s',
  (_, detection) => {
    it('fires and stays silent as its tests say', async () => {
      const results = await testDetection(detection, database, content);
      expect(
        results.filter((result) => result.problem).map((result) => `${result.name}: ${result.problem}`),
      ).toEqual([]);
    });

    it('translates to Trino', ({ skip }) => {
      const own = detection.sigma === undefined ? [detection.query] : [];
      const queries = [...own, ...(detection.among === undefined ? [] : [detection.among])];
      skip(queries.length === 0, 'written in Sigma: the SQL of rules is tested in packages/sigma');
      for (const query of queries) {
        const translated = transpile(query, Dialect.DuckDB, Dialect.Trino);
        expect(translated.error ?? '').toBe('');
        expect(translated.sql).toHaveLength(1);
        expect(trinoProblems(translated.sql?.[0] ?? '')).toEqual([]);
      }
    });
  },
);

describe.each(content.fieldMaps.map((map) => [map.id, map] as const))('field map %s', (_, map) => {
  it('reads the fields its tests say', async () => {
    const results = await testFieldMap(map, content.connectors, database);
    expect(
      results.filter((result) => result.problem).map((result) => `${result.name}: ${result.problem}`),
    ).toEqual([]);
  });
});

it('what is read from résumés is measured among those who sent one, and who is measured is always said', () => {
  const readsResumes =
    /^(documents|passages|claims\.|traces\.|identifiers\.(file_hash|file_origin|image_hash))/;
  const weighed = content.detections.filter((detection) => detection.weight);
  expect(
    weighed
      .filter((one) => one.among === undefined && one.needs.some((need) => readsResumes.test(need)))
      .map(({ id }) => id),
  ).toEqual([]);
  expect(weighed.filter((one) => one.among !== undefined && !one.among_whom).map(({ id }) => id)).toEqual([]);
});
