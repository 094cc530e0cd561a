import { describe, expect, it } from 'vitest';
import { loadContent } from './content/load.js';
import { testConnector } from './content-tests.js';

const content = await loadContent();

describe.each(content.connectors.map((connector) => [connector.id, connector] as const))(
  'connector %s',
  (_, connector) => {
    it('gives the rows its samples say', async () => {
      const results = await testConnector(connector, content.connectors);
      expect(
        results.filter((result) => result.problem).map((result) => `${result.name}: ${result.problem}`),
      ).toEqual([]);
    });
  },
);
