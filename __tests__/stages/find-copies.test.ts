import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { findEverywhere } from '../../src/stages/preflight/find-copies.ts'
import { imageOf, indexOf } from '../simulator/ecr/image.ts'
import { noGitHub } from '../support/no-github.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { openRegistry, pushImage, sessionOf, type TestRegistry } from '../support/test-registry.ts'

let registry: TestRegistry
let report: RecordingReport
beforeEach(async () => {
  registry = await openRegistry()
  report = new RecordingReport()
  await registry.createRepository('team/app')
  await registry.createRepository('team/mirror')
})
afterEach(async () => registry.close())

const find = (...copies: readonly string[]) =>
  findEverywhere(
    '1.2.3',
    { repository: { name: 'team/app' }, copies: copies.map((name) => ({ name })) },
    sessionOf(registry.settings),
    { report, github: noGitHub, signal: new AbortController().signal },
  )

/** The same bytes in both. */
async function pushTwice(): Promise<void> {
  const child = imageOf('linux/amd64')
  const index = indexOf({ 'linux/amd64': child })
  for (const name of ['team/app', 'team/mirror']) {
    await registry.client.push(name, child)
    await registry.client.push(name, index, '1.2.3')
  }
}

describe('an image that is deployed from several repositories', () => {
  it('is known in those that hold its very bytes', async () => {
    await pushTwice()
    const { copies } = await find('team/mirror')
    expect(copies?.map(({ name }) => name)).toEqual(['team/mirror'])
    expect(report.warnings).toEqual([])
  })

  it('is not taken from one that holds other bytes under its tag', async () => {
    await pushImage(registry, 'team/app', '1.2.3', {})
    await pushImage(registry, 'team/mirror', '1.2.3', { annotations: { other: 'build' } })
    expect((await find('team/mirror')).copies).toBeUndefined()
    expect(report.lines.join()).toContain('team/mirror has no copy of sha256:')
  })

  it('is deployed all the same where one of them cannot be asked, with a warning', async () => {
    await pushTwice()
    const { copies } = await find('team/lost', 'team/mirror')
    expect(copies?.map(({ name }) => name)).toEqual(['team/mirror'])
    expect(report.warnings.join()).toContain('whether there is a copy is not known')
  })
})
