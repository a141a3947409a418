import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuildSettings } from '../../src/core/inputs/build/build-settings.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { buildSettings } from '../support/build-settings.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker, type DockerCall } from '../support/recording-docker.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker)
  await registry.createRepository('team/app')
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

/** Publishes and answers the builds among the calls, and all others. */
async function publish(
  settings: Partial<BuildSettings>,
  differences: Partial<BuiltImagePlan> = {},
): Promise<{ build: DockerCall; others: readonly DockerCall[] }> {
  const { build } = imagePlan()
  const plan = imagePlan({
    build: { ...build, settings: buildSettings(settings) },
    ...differences,
  })
  await publishOne(plan, sessionOf(registry.settings), ports)
  const calls = await docker.calls()
  const found = calls.find(({ argv }) => argv[1] === 'build')
  if (found === undefined) throw new Error('nothing was built')
  return { build: found, others: calls.filter((call) => call !== found) }
}

const s3 = 'type=s3,region=us-east-1,bucket=caches,name=n'

describe('a build with a cache in S3', () => {
  it('gets the credentials of the session as variables, and no other child does', async () => {
    const { accessKeyId, secretAccessKey } = await registry.settings.credentials()
    const { build, others } = await publish({ cacheFrom: [s3], cacheTo: [s3] })
    expect(build.environment).toMatchObject({
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    })
    expect(build.argv).toContain(`--cache-to=${s3}`)
    expect(build.argv.join(' ')).not.toContain(secretAccessKey)
    expect(ports.report.everything).not.toContain(secretAccessKey)
    expect(others.length).toBeGreaterThan(0)
    for (const { environment } of others) {
      expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY')
    }
  })

  it('is the only one that gets credentials', async () => {
    const { build } = await publish({ cacheFrom: ['type=registry,ref=host/cache:1'] })
    expect(build.environment).not.toHaveProperty('AWS_ACCESS_KEY_ID')
  })
})

describe("a build with GitHub's cache", () => {
  it('goes without it where the job has no token', async () => {
    const { build } = await publish({ cacheFrom: ['type=gha'], cacheTo: ['type=gha,mode=max'] })
    expect(build.argv.filter((argument) => argument.startsWith('--cache'))).toEqual([])
    expect(ports.report.warnings).toEqual([expect.stringMatching(/^GitHub's cache is off: /)])
  })
})

describe('a build with a cache in another registry', () => {
  it('is logged in there, too', async () => {
    const host = '210987654321.dkr.ecr.us-east-1.amazonaws.com'
    const cacheHost = { host, accountId: '210987654321', region: 'us-east-1' }
    await publish({ cacheFrom: [`type=registry,ref=${host}/cache:1`] }, { cacheHost })
    expect(ports.report.lines).toContainEqual(expect.stringContaining(`logged in to ${host} until`))
  })
})
