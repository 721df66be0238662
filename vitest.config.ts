/** The test suites: `fast` is everything that takes seconds; `webgpu` runs on a GPU; `slow` holds hostile calls, memory tests and other `*.slow.test.ts`. */

import { defineConfig } from 'vitest/config'

const slow = ['tests/hostile/**/*.test.ts', 'tests/memory/**/*.test.ts', '**/*.slow.test.ts']

/** On a GPU, or a software one, which is slow. */
const webgpu = ['tests/webgpu/**/*.test.ts']

export default defineConfig({
  // the examples import the package by its name; the tests run them on the sources
  resolve: { alias: { numgrad: new URL('src/index.ts', import.meta.url).pathname } },
  test: {
    // Forks, not threads: a crash of the compiled kernels then ends one file's process and is reported as that file's failure.
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['{src,tests}/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...slow, ...webgpu],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: { name: 'webgpu', include: webgpu, testTimeout: 60_000, hookTimeout: 60_000 },
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
