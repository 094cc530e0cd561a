import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take more than a minute or so, the longest first: begun last, one of them would keep the others waiting. */
const long = [
  'first-path/first-path',
  'cli/src/scan',
  'console/src/report',
  'first-path/accessibility',
  'lake/bad-input',
  'server/src/serve',
  'store/kill',
  'cli/src/evaluate',
  'cli/src/check',
  'engine/src/content-tests',
  'first-path/hostile',
  'store/backup',
  'areas/cases/cases',
  'access/access',
  'applicants/applicants',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((part) => moduleId.endsWith(`${part}.test.ts`));
      return at < 0 ? long.length : at;
    };
    return [...files].sort((a, b) => place(a) - place(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'packages/**/*.test.tsx',
      'simulate/**/*.test.ts',
      'content/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['vitest.seed.ts'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Modules are loaded, and content is read, once a worker and not once a file: half the time of many files.
    isolate: false,
    sequence: { sequencer: LongFirst },
  },
});
