import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'packages/**/*.test.tsx',
      'simulate/**/*.test.ts',
      'content/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Modules are loaded, and content is read, once a worker and not once a file: half the time of many files.
    isolate: false,
  },
});
