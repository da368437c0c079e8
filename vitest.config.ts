import { defineConfig } from 'vitest/config';

const simulation = 'test/simulation/**';

export default defineConfig({
  test: {
    globalSetup: 'test/support/build.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'simulation', include: [`${simulation}/*.test.ts`] } },
      {
        extends: true,
        test: {
          name: 'all else',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [simulation],
          // The WebAssembly of PGlite lives too briefly here to be worth optimising, but for the thousands of simulated runs.
          execArgv: ['--liftoff-only'],
        },
      },
    ],
  },
});
