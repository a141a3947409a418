import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuildSettings } from '../../src/core/inputs/build/build-settings.ts'
import type { BuilderInputs } from '../../src/core/inputs/build/builder.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { buildSettings } from '../support/build-settings.ts'
import { imagePlan } from '../support/image-plan.ts'
import { ownBuilder } from '../support/own-builder.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker, type DockerScenario } from '../support/recording-docker.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const amd = 'type=registry,ref=host/cache:amd'
const arm = 'type=registry,ref=host/cache:arm'
const both = 'type=registry,ref=host/cache:both'
const twoNodes = ownBuilder({
  driver: 'remote',
  endpoint: 'tcp://amd64:1234',
  nodes: [
    {
      ...{ name: undefined, endpoint: 'tcp://arm64:1234', platforms: ['linux/arm64'] as const },
      ...{ driverOptions: [], buildkitdFlags: undefined },
    },
  ],
})

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
let scenario: DockerScenario
beforeEach(async () => {
  registry = await openRegistry()
  const nodePlatforms = { 'tcp://amd64:1234': 'linux/amd64', 'tcp://arm64:1234': 'linux/arm64*' }
  scenario = { registryUrl: registry.simulator.registry.url, nodePlatforms }
  docker = await RecordingDocker.prepare(scenario)
  ports = buildPorts(docker)
  await registry.createRepository('team/app')
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

/** A build whose preset keeps caches in a registry. */
function cached(
  builder: BuilderInputs,
  settings: Partial<BuildSettings> = { cacheFrom: [both], cacheTo: [`${both},mode=max`] },
): BuiltImagePlan {
  const { build } = imagePlan()
  const platformCaches = [
    { platform: 'linux/amd64', from: [amd], to: [`${amd},mode=max`] },
    { platform: 'linux/arm64', from: [arm], to: [`${arm},mode=max`] },
  ] as const
  const specification = { ...build, noCache: true, pull: true, settings: buildSettings(settings) }
  return imagePlan({ builder, build: { ...specification, platformCaches } })
}

/** What builds were asked of their platforms, caches and outputs, in order. */
async function builds(): Promise<readonly (readonly string[])[]> {
  const calls = await docker.calls()
  return calls.flatMap(({ argv }) =>
    argv[1] === 'build'
      ? [
          argv.filter((text) =>
            /^--(platform|cache|output=type=cacheonly|no-cache|pull)/.test(text),
          ),
        ]
      : [],
  )
}

const publish = async (plan: BuiltImagePlan): Promise<void> => {
  await publishOne(plan, sessionOf(registry.settings), ports)
}

describe('a build by two nodes with a cache', () => {
  it('reads the caches of all platforms and writes each by the node that has its steps', async () => {
    await publish(cached(twoNodes))
    const [build, ...exports] = await builds()
    expect(build).toEqual([
      ...['--platform=linux/amd64,linux/arm64', '--no-cache', '--pull'],
      ...[`--cache-from=${amd}`, `--cache-from=${arm}`],
    ])
    const shared = [`--cache-from=${amd}`, `--cache-from=${arm}`]
    expect(new Set(exports)).toEqual(
      new Set([
        [
          '--platform=linux/amd64',
          ...shared,
          `--cache-to=${amd},mode=max`,
          '--output=type=cacheonly',
        ],
        [
          '--platform=linux/arm64',
          ...shared,
          `--cache-to=${arm},mode=max`,
          '--output=type=cacheonly',
        ],
      ]),
    )
    expect(ports.report.lines).toContain('wrote the cache of linux/amd64')
    expect(ports.report.lines).toContain('wrote the cache of linux/arm64')
  })

  it.each([0, 1])('is not lost with the cache of one (exit code %i)', async (exitCode) => {
    const cacheLost = { platform: 'linux/arm64', text: 'denied', exitCode }
    await docker.play({ ...scenario, cacheLost })
    const image = await publishOne(cached(twoNodes), sessionOf(registry.settings), ports)
    expect(image.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(ports.report.warnings).toEqual(['the cache of linux/arm64 was not written: denied'])
    expect(ports.report.lines).toContain('wrote the cache of linux/amd64')
  })

  it('shows how each was written: the command, and what buildx said of which platform', async () => {
    await publish(cached(twoNodes))
    const { untrustedLines } = ports.report
    for (const [platform, cache] of [
      ['linux/amd64', amd],
      ['linux/arm64', arm],
    ]) {
      expect(untrustedLines).toContainEqual(
        expect.stringMatching(`^docker buildx build .*--cache-to=${cache ?? ''},mode=max`),
      )
      expect(untrustedLines).toContain(
        `${platform ?? ''}: #1 [internal] load build definition from Dockerfile`,
      )
    }
  })

  it('is published also where the run is cancelled while it writes its caches', async () => {
    const cancel = new AbortController()
    ports = buildPorts(docker, { signal: cancel.signal })
    await docker.play({ ...scenario, cacheHangs: true })
    const note = ports.report.untrusted.bind(ports.report)
    ports.report.untrusted = (line) => {
      note(line)
      if (line.includes('exporting cache')) cancel.abort(new Error('cancelled'))
    }
    await expect(publish(cached(twoNodes))).rejects.toThrow('cancelled')
    const [tag] = imagePlan().identityTags
    const { pushed } = ports.report.facts
    expect(pushed?.tags).toEqual([tag])
    expect(ports.report.lines).toContain(
      `published before the failure: 123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app@${pushed?.digest ?? ''}, tagged ${tag ?? ''}, not read back`,
    )
  })

  it("leaves a cache out that nobody has the key for, each platform's alike", async () => {
    const plan = cached(twoNodes)
    const gha = (scope: string) => `type=gha,scope=${scope}`
    const platformCaches = [
      { platform: 'linux/amd64', from: [gha('amd')], to: [gha('amd')] },
      { platform: 'linux/arm64', from: [gha('arm')], to: [gha('arm')] },
    ] as const
    await publish({ ...plan, build: { ...plan.build, platformCaches } })
    expect(await builds()).toEqual([['--platform=linux/amd64,linux/arm64', '--no-cache', '--pull']])
    expect(ports.report.warnings).toEqual([expect.stringMatching(/^GitHub's cache is off: /)])
  })

  it('is warned where it writes a cache of its own name', async () => {
    const plan = cached(twoNodes, { cacheTo: ['type=inline', both] })
    await publish({ ...plan, build: { ...plan.build, platformCaches: [] } })
    expect(await builds()).toHaveLength(1)
    expect(ports.report.warnings).toEqual([
      expect.stringMatching(/^the nodes of builder \S+ write one cache name, so the last/),
    ])
  })
})

describe('a build by one node with a cache', () => {
  it('reads and writes one cache for all its platforms, in one call', async () => {
    await docker.play({ ...scenario, platforms: 'linux/amd64, linux/arm64' })
    await publish(cached(ownBuilder()))
    expect(await builds()).toEqual([
      [
        ...['--platform=linux/amd64,linux/arm64', '--no-cache', '--pull'],
        ...[`--cache-from=${both}`, `--cache-to=${both},mode=max`],
      ],
    ])
    expect(ports.report.warnings).toEqual([])
  })
})
