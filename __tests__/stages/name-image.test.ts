import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BakeInputs } from '../../src/core/inputs/build/bake.ts'
import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import type { PublishInputs } from '../../src/core/inputs/publish/publish.ts'
import type { RunContext } from '../../src/core/run-context.ts'
import { nameImage } from '../../src/stages/preflight/name-image.ts'
import { buildInputs } from '../support/build-inputs.ts'
import { buildPorts } from '../support/build-ports.ts'
import { GitCheckout } from '../support/git-checkout.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { tagRules } from '../support/tag-rules.ts'

let docker: RecordingDocker
let head: string
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  const checkout = new GitCheckout(docker.path('workspace'))
  await checkout.write('app/Dockerfile', 'FROM scratch\n')
  checkout.git('init', '--quiet')
  head = checkout.commitAll()
})
afterEach(async () => docker.remove())

async function name(context: Partial<RunContext>, build: Partial<BuildInputs> = {}) {
  return await nameImage({ build: buildInputs(build) }, buildPorts(docker, { context }))
}

const publish: PublishInputs = {
  repository: { name: 'team/app' },
  copies: [],
  creation: undefined,
}
const bake: BakeInputs = {
  files: ['docker-bake.hcl'],
  ...{ targets: [], set: [], platforms: undefined, repository: undefined },
}

const target = (sha: string): Partial<RunContext> => ({
  eventName: 'pull_request_target',
  event: { pull_request: { number: 7, head: { sha } } },
})

describe('nameImage', () => {
  it('names what pull_request_target has checked out after the head of the pull request', async () => {
    const { identity } = await name(target(head))
    expect(identity).toMatchObject({ commit: head, identityTags: [`sha-${head}`] })
  })

  it('names what pull_request_target has checked out after itself, where its event does not tell it', async () => {
    const { identity } = await name(target('f'.repeat(40)))
    expect(identity).toMatchObject({ commit: head, identityTags: [`sha-${head}`] })
  })

  it('names bakes after the checkout that holds their first file', async () => {
    const { files, ...further } = bake
    const inApp = { ...further, files: files.map((file) => `shop/${file}`) }
    const shop = new GitCheckout(docker.path('workspace/shop'))
    await shop.write('docker-bake.hcl', '')
    shop.git('init', '--quiet')
    const own = shop.commitAll()
    expect((await name(target(own), { bake: inApp })).identity.commit).toBe(own)
    expect((await name(target(own), { bake })).identity.commit).toBe(head)
  })

  it('names a remote context after the base: the workspace is not what is built', async () => {
    const context = 'https://github.com/octo/shop.git'
    expect((await name(target(head), { context })).identity.commit).toBe(commit)
  })

  it('goes by the event alone where nothing is checked out', async () => {
    const { identity } = await name({ ...target(head), workspace: docker.path('temporary') })
    expect(identity.commit).toBe(commit)
  })

  it('refuses to have files pushed of which neither git nor the event tells the commit', async () => {
    const context = { ...target(head), workspace: docker.path('temporary') }
    const inputs = { build: buildInputs(), publish }
    await expect(nameImage(inputs, buildPorts(docker, { context }))).rejects.toMatchObject({
      code: 'untrusted-event',
      message: expect.stringContaining(head.slice(0, 12)),
    })
  })

  it.each<[string, Partial<RunContext>, Partial<BuildInputs>]>([
    ['the event tells one commit', target(commit), {}],
    ['BuildKit fetches them', target('f'.repeat(40)), { context: 'https://github.com/o/s.git' }],
    ['nobody else has asked for it', { eventName: 'push' }, {}],
  ])('has files pushed without a checkout where %s', async (_what, event, differences) => {
    const context = { ...event, workspace: docker.path('temporary') }
    const inputs = { build: buildInputs(differences), publish }
    const { identity } = await nameImage(inputs, buildPorts(docker, { context }))
    expect(identity.commit).toBe(commit)
  })

  it("asks git for the commit's time where the event does not tell it", async () => {
    const rules = tagRules(["{{commit_date 'YYYYMMDDHHmm'}}"])
    const { identity } = await name({ eventName: 'schedule' }, { tagRules: rules, context: 'app' })
    expect(identity.movingTags).toEqual(['202611220800'])
  })

  it('fills the expressions of labels and annotations in, and escapes nothing', async () => {
    const annotations = [{ place: 'index', key: 'short', value: '{{sha}}' }]
    const metadata = { labels: { branch: 'on {{branch}}' }, annotations }
    const { inputs } = await name({ ref: "refs/heads/feat/a&b='c" }, { metadata })
    expect(inputs.build.metadata).toEqual({
      labels: { branch: "on feat/a&b='c" },
      annotations: [{ place: 'index', key: 'short', value: commit.slice(0, 7) }],
      written: metadata,
    })
  })

  it('says which label needs what this run does not know', async () => {
    const metadata = { labels: { day: "{{commit_date 'D'}}" }, annotations: [] }
    const workspace = docker.path('temporary')
    await expect(name({ eventName: 'schedule', workspace }, { metadata })).rejects.toThrow(
      /labels: .*needs the time of the commit/,
    )
  })
})
