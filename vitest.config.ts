/** The test suites: `fast` is everything that takes seconds; `slow` holds hostile calls, memory tests and other `*.slow.test.ts`. */

import { defineConfig } from 'vitest/config'

const slow = ['tests/hostile/**/*.test.ts', 'tests/memory/**/*.test.ts', '**/*.slow.test.ts']

export default defineConfig({
  // the examples import the package by its name; the tests run them on the sources
  resolve: { alias: { numgrad: new URL('src/index.ts', import.meta.url).pathname } },
  test: {
    // Forks, not threads: a crash of the compiled kernels then ends one file's process and is reported as that file's failure.
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: { name: 'fast', include: ['{src,tests}/**/*.test.ts'], exclude: ['**/node_modules/**', ...slow], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          exclude: ['**/node_modules/**'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
