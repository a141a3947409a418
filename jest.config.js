/** @type {import('jest').Config} */
export default {
  // Jest's own makes each look at a global a call of a proxy.
  testEnvironment: '<rootDir>/scripts/plain-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  // TypeScript writes `./x.ts` imports as `./x.js`; here both mean the source.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.world/', '<rootDir>/lib/'],
  reporters: ['default', '<rootDir>/scripts/closing-line-reporter.mjs'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'simulator/**/*.ts'],
  randomize: true,
  // A machine may be busy; no test waits on the real clock for its result.
  testTimeout: 30_000,
  // One worker for each processor: left to itself, Jest keeps one free and, of two, uses one.
  maxWorkers: '100%',
}
