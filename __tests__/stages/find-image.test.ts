import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { findImage } from '../../src/stages/preflight/find-image.ts'
import { addShop, commits, gitHubOf } from '../support/github-world.ts'
import { noGitHub } from '../support/no-github.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { commit } from '../support/run-context.ts'
import {
  openRegistry,
  pushImage,
  registryHost,
  sessionOf,
  type TestRegistry,
} from '../support/test-registry.ts'

const annotations = {
  'org.opencontainers.image.revision': commit,
  'org.opencontainers.image.version': '1.2.3',
}

let registry: TestRegistry
let digest: string
let report: RecordingReport
beforeEach(async () => {
  report = new RecordingReport()
  registry = await openRegistry()
  await registry.createRepository('team/app')
  digest = (await pushImage(registry, 'team/app', `sha-${commit}`, { annotations })).digest
  await pushImage(registry, 'team/app', '1.2.3', { annotations })
})
afterEach(async () => registry.close())

const ports = () => ({ report, github: noGitHub, signal: new AbortController().signal })
const find = (image: string, reference: { name: string } | undefined = { name: 'team/app' }) =>
  findImage(image, reference, sessionOf(registry.settings), ports())

describe('findImage', () => {
  it.each([
    ['an exact tag', `sha-${commit}`],
    ['a full commit', commit],
    ['a short commit', commit.slice(0, 7)],
    ['a version', '1.2.3'],
    ['a version with v', 'v1.2.3'],
    ['a reference with a tag', `${registryHost}/team/app:1.2.3`],
  ])('finds the image by %s', async (_name, text) => {
    expect(await find(text)).toMatchObject({
      digest,
      version: '1.2.3',
      commit,
      reused: true,
      platforms: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
    })
  })

  it('finds it by digest, alone or in a reference', async () => {
    expect((await find(digest)).digest).toBe(digest)
    expect((await find(`${registryHost}/team/app@${digest}`)).digest).toBe(digest)
  })

  it('warns of a platform whose manifest is gone, and does not list it', async () => {
    const whole = await find('1.2.3')
    const [amd64] = whole.platforms
    const session = sessionOf(registry.settings, (ecr) => ({
      ...ecr,
      readManifest: async (repository, name) =>
        'digest' in name && name.digest === amd64?.digest
          ? undefined
          : await ecr.readManifest(repository, name),
    }))
    const image = await findImage('1.2.3', { name: 'team/app' }, session, ports())
    expect(image.platforms.map(({ platform }) => platform)).toEqual(['linux/arm64'])
    expect(report.warnings.join()).toContain('has lost its linux/amd64')
  })

  it('needs no repository for a reference that names one', async () => {
    const image = await findImage(
      `${registryHost}/team/app@${digest}`,
      undefined,
      sessionOf(registry.settings),
      ports(),
    )
    expect(image.repository).toMatchObject({ name: 'team/app', registry: { host: registryHost } })
  })

  it('shows the newest tags where nothing fits', async () => {
    for (let at = 0; at < 12; at += 1) {
      registry.clock.advance(1000)
      await pushImage(registry, 'team/app', `v${at}`, { salt: String(at) })
    }
    const error: unknown = await find('nightly').catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'image-not-found',
      message: `"${registryHost}/team/app" has no tag, commit or version "nightly"; its newest tags: v11, v10, v9, v8, v7, v6, v5, v4, v3, v2`,
    })
  })

  it('says why the tags cannot be shown, and what to do about that, too', async () => {
    const settings = registry.settingsOf(['ecr:DescribeRepositories', 'ecr:BatchGetImage'])
    const found = findImage('nightly', { name: 'team/app' }, sessionOf(settings), ports())
    await expect(found).rejects.toMatchObject({
      code: 'image-not-found',
      message: expect.stringContaining(
        'has no tag, commit or version "nightly"; its tags cannot be listed: not allowed to call ' +
          'ecr:DescribeImages on repository "team/app" in us-east-1 of account 123456789012: ',
      ),
      remedy: expect.stringContaining(
        'Allow ecr:DescribeImages on arn:aws:ecr:us-east-1:123456789012:repository/team/app',
      ),
    })
  })

  it('refuses a short commit that fits two images, and names both', async () => {
    const other = `sha-${commit.slice(0, 7)}${'f'.repeat(33)}`
    await pushImage(registry, 'team/app', other, { salt: 'other' })
    await expect(find(commit.slice(0, 7))).rejects.toMatchObject({
      code: 'image-ambiguous',
      message: expect.stringContaining(other),
    })
  })

  it('does not take half a commit for another tag', async () => {
    await expect(find('fedcba9')).rejects.toMatchObject({ code: 'image-not-found' })
  })

  it('says that an unknown digest is not there', async () => {
    await expect(find(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({
      code: 'image-not-found',
      message: expect.stringContaining('has no image "sha256:'),
    })
  })

  it('names the repository that does not exist', async () => {
    await expect(find('v1', { name: 'team/none' })).rejects.toMatchObject({
      code: 'repository-not-found',
    })
  })

  describe('by a short commit that GitHub knows', () => {
    const known = () => {
      addShop(registry.simulator)
      return { ...ports(), github: gitHubOf(registry.simulator) }
    }
    const findShort = (prefix: string, seen = known()) =>
      findImage(prefix, { name: 'team/app' }, sessionOf(registry.settings), seen)
    const listed = () => registry.simulator.requests.list('ecr', 'DescribeImages').length

    it('asks for its tags, and goes through no others', async () => {
      expect((await findShort(commit.slice(0, 9))).digest).toBe(digest)
      expect(listed()).toBe(0)
    })

    it('goes through the tags where none has the commit in full', async () => {
      const annotations = { 'org.opencontainers.image.revision': commits.newer }
      await pushImage(registry, 'team/app', 'sha-2222222', { annotations })
      expect((await findShort('222222222')).commit).toBe(commits.newer)
      expect(listed()).toBeGreaterThan(0)
    })

    it('goes through the tags where GitHub may not be asked, without a warning', async () => {
      const seen = { ...known(), github: gitHubOf(registry.simulator, {}) }
      expect((await findShort(commit.slice(0, 9), seen)).digest).toBe(digest)
      expect(report.warnings).toEqual([])
      expect(report.details.join()).toContain('contents: read')
    })
  })
})
