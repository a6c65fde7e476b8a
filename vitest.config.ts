import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    // Examples import the package by its name; here that is its source.
    alias: [
      { find: /^rungbench$/, replacement: source('index.ts') },
      { find: /^rungbench\/testing$/, replacement: source('testing/index.ts') },
      { find: /^rungbench\/testing\/vitest$/, replacement: source('testing/vitest.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // The slow tests wait for programs most of their time.
    maxWorkers: Math.max(4, availableParallelism()),
    // For what hangs, not for what is slow: machines that build are busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'trainer/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
})
