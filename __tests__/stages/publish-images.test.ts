import { readFileSync, statSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { contentDigest } from '../../src/core/image/content/verify.ts'
import { parseDigest, shortDigest } from '../../src/core/image/digest.ts'
import { parseSizeLimit } from '../../src/core/image/content/size-limit.ts'
import type { BuildSettings } from '../../src/core/inputs/build/build-settings.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { inspectRepository } from '../../src/stages/preflight/inspect-repository.ts'
import { buildSettings } from '../support/build-settings.ts'
import { filesHolding } from '../support/files-holding.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker, type DockerScenario } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { openRegistry, pushImage, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const tag = `sha-${commit}`

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker)
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const publish = (plan: BuiltImagePlan = imagePlan()) =>
  publishOne(plan, sessionOf(registry.settings), ports)
const play = (scenario: DockerScenario): Promise<void> =>
  docker.play({ registryUrl: registry.simulator.registry.url, ...scenario })
const facts = () =>
  inspectRepository(
    { name: 'team/app' },
    { identityTags: [tag, '1.2.3'], movingTags: [] },
    sessionOf(registry.settings),
    ports,
  )

describe('publishing a new image', () => {
  it('pushes by digest where no tag is its own, and puts the moving tags on it', async () => {
    await registry.createRepository('team/app')
    const image = await publish(imagePlan({ identityTags: [], movingTags: ['nightly'] }))
    const build = (await docker.calls()).find(({ argv }) => argv[1] === 'build')
    expect(build?.argv.join(' ')).toContain(
      'name=123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app,push-by-digest=true,name-canonical=true,push=true',
    )
    expect(image.tags).toEqual(['nightly'])
  })

  it('builds, pushes once, reads back and puts the other identity tags on the same digest', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const image = await publish()
    const { existing } = await facts()
    expect(existing.get(tag)?.digest).toBe(image.digest)
    expect(existing.get('1.2.3')?.digest).toBe(image.digest)
    expect(image).toMatchObject({ tags: [tag, '1.2.3'], version: '1.2.3', commit, reused: false })
    expect(image.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(image.platforms.every(({ sizeBytes }) => sizeBytes > 0)).toBe(true)
    expect(await docker.verbs()).toEqual(['inspect', 'create', 'inspect', 'build'])
    expect(ports.report.phases).toEqual(['login', 'builder', 'build', 'verify', 'tag'])
    expect(ports.report.facts).toMatchObject({ digest: image.digest, image })
  })

  it('keeps the password out of arguments, environments and the log, and takes the login away', async () => {
    await registry.createRepository('team/app')
    await publish()
    const [password = ''] = ports.report.masks
    expect(password.length).toBeGreaterThan(20)
    const calls = JSON.stringify(await docker.calls())
    for (const secret of ports.report.masks) {
      expect(calls).not.toContain(secret)
      expect(ports.report.everything).not.toContain(secret)
    }
    expect(ports.report.masks).toContain(Buffer.from(`AWS:${password}`).toString('base64'))
    expect(calls).not.toContain('of-the-job')
    expect(ports.saved.configurations).toHaveLength(1)
    expect(await docker.leftovers()).toEqual([])
    expect(await readdir(docker.path('home'))).toEqual([])
  })

  it('leaves facts in the registry by which the next run knows the image', async () => {
    await registry.createRepository('team/app')
    await publish()
    const platforms = (await facts()).existing.get(tag)?.platforms ?? []
    expect(platforms.map(({ annotations }) => annotations)).toEqual([
      imagePlan().build.annotations,
      imagePlan().build.annotations,
    ])
  })

  it('keeps the metadata that buildx wrote', async () => {
    await registry.createRepository('team/app')
    const image = await publish()
    expect(JSON.parse(ports.report.facts.metadata ?? '')).toEqual({
      'containerimage.digest': image.digest,
    })
  })
})

describe('secrets of the build', () => {
  const withSecrets = (secrets: BuildSettings['secrets'], more: Partial<BuildSettings> = {}) =>
    imagePlan({
      build: { ...imagePlan().build, settings: buildSettings({ secrets, ...more }) },
    })
  const buildCall = async () => {
    const call = (await docker.calls()).find(({ argv }) => argv[1] === 'build')
    if (call === undefined) throw new Error('docker was not asked to build')
    return call
  }

  it('are masked and read from files of 0600 that are gone when it ends', async () => {
    await registry.createRepository('team/app')
    const seen: { mode: number; text: string }[] = []
    const note = ports.report.untrusted.bind(ports.report)
    ports.report.untrusted = (line) => {
      note(line)
      const [, file] = /--secret=id=npm,src=([^\s']+)/.exec(line) ?? []
      if (file === undefined) return
      seen.push({ mode: statSync(file).mode & 0o777, text: readFileSync(file, 'utf8') })
    }
    await publish(withSecrets([{ kind: 'text', id: 'npm', text: 'hush "1"\nhush 2' }]))
    expect(seen).toEqual([{ mode: 0o600, text: 'hush "1"\nhush 2' }])
    expect(ports.report.masks).toContain('hush "1"\nhush 2')
    expect(JSON.stringify(await docker.calls())).not.toContain('hush')
    expect(ports.report.everything).not.toContain('hush')
    expect(await filesHolding(docker.path('temporary'), /hush/)).toEqual([])
    expect(await docker.leftovers()).toEqual([])
  })

  it('are gone when the build fails, too', async () => {
    await registry.createRepository('team/app')
    await play({ buildError: 'ERROR: failed to solve: no' })
    const plan = withSecrets([{ kind: 'text', id: 'npm', text: 'hush' }])
    await expect(publish(plan)).rejects.toMatchObject({ code: 'build-failed' })
    expect(await filesHolding(docker.path('temporary'), /hush/)).toEqual([])
  })

  it('from variables reach buildx alone, deny-list or not, and that is said', async () => {
    await registry.createRepository('team/app')
    ports = buildPorts(docker, { environment: { GITHUB_TOKEN: 'hush' } })
    await publish(withSecrets([{ kind: 'variable', id: 'gh', name: 'GITHUB_TOKEN' }]))
    const { argv, environment } = await buildCall()
    expect(argv).toContain('--secret=id=gh,env=GITHUB_TOKEN')
    expect(environment['GITHUB_TOKEN']).toBe('hush')
    const others = (await docker.calls()).filter((call) => call.argv[1] !== 'build')
    expect(JSON.stringify(others)).not.toContain('hush')
    expect(ports.report.masks).toContain('hush')
    expect(ports.report.lines).toContain('buildx is given the variables GITHUB_TOKEN of the job')
  })

  it('from a variable that is not set end the run before the build', async () => {
    await registry.createRepository('team/app')
    const plan = withSecrets([{ kind: 'variable', id: 'gh', name: 'NOT_SET' }])
    await expect(publish(plan)).rejects.toMatchObject({
      code: 'invalid-inputs',
      message: 'secret-envs: the variable that "gh" names is not set in this step',
    })
    expect(await docker.verbs()).not.toContain('build')
  })

  it('from files are masked and named, not copied', async () => {
    await registry.createRepository('team/app')
    await writeFile(docker.path('workspace/npmrc'), 'hush')
    await publish(withSecrets([{ kind: 'file', id: 'rc', path: 'npmrc' }]))
    expect((await buildCall()).argv).toContain(
      `--secret=id=rc,src=${docker.path('workspace/npmrc')}`,
    )
    expect(ports.report.masks).toContain('hush')
  })

  it('from a file that is not there end the run before the build', async () => {
    await registry.createRepository('team/app')
    const plan = withSecrets([{ kind: 'file', id: 'rc', path: 'npmrc' }])
    await expect(publish(plan)).rejects.toMatchObject({ code: 'file-unreadable' })
    expect(await docker.verbs()).not.toContain('build')
  })

  it.each([
    ['type=gha', 'token-of-the-job'],
    ['type=registry,ref=a/b', undefined],
  ])('the runtime token is given for the cache %s: %s', async (cache, expected) => {
    await registry.createRepository('team/app')
    ports = buildPorts(docker, { environment: { ACTIONS_RUNTIME_TOKEN: 'token-of-the-job' } })
    await publish(withSecrets([], { cacheFrom: [cache] }))
    expect((await buildCall()).environment['ACTIONS_RUNTIME_TOKEN']).toBe(expected)
  })
})

describe('an image that is there already', () => {
  it('costs no docker call, and gets the identity tags that it lacks', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const first = await publish(imagePlan({ identityTags: [tag] }))
    const before = await docker.verbs()
    const existing = { ...first, reused: true }
    const again = await publish(imagePlan({ existing }))
    expect(again).toEqual({ ...existing, tags: [tag, '1.2.3'] })
    expect(await docker.verbs()).toEqual(before)
    expect((await facts()).existing.get('1.2.3')?.digest).toBe(first.digest)
  })
})

describe('what is published before a failure', () => {
  const gates = { maxImageSize: parseSizeLimit('1'), scan: { kind: 'off' } } as const
  const told = (): readonly string[] =>
    ports.report.lines.filter((line) => line.startsWith('published before the failure'))

  it('is an image that this run built and a gate refuses', async () => {
    await registry.createRepository('team/app')
    await expect(publish(imagePlan({ gates }))).rejects.toMatchObject({ code: 'image-too-large' })
    expect(told()).toEqual([expect.stringMatching(new RegExp(`, tagged ${tag}$`))])
  })

  it('is no image that was there before', async () => {
    await registry.createRepository('team/app')
    const existing = { ...(await publish()), reused: true }
    const refused = publish(imagePlan({ gates, existing }))
    await expect(refused).rejects.toMatchObject({ code: 'image-too-large' })
    expect(told()).toEqual([])
  })

  it('is of such an image what this run named it', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const first = await publish(imagePlan({ identityTags: [tag] }))
    await pushImage(registry, 'team/app', 'latest')
    const plan = imagePlan({ existing: { ...first, reused: true }, movingTags: ['latest'] })
    await expect(publish(plan)).rejects.toMatchObject({ code: 'tag-immutable' })
    expect(told()).toEqual([expect.stringMatching(/, tagged 1\.2\.3$/)])
  })

  it('is no moving tag that named the image before', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const first = await publish(imagePlan({ movingTags: ['latest'] }))
    await pushImage(registry, 'team/app', 'main')
    const existing = { ...first, tags: [tag, '1.2.3'], reused: true }
    const plan = imagePlan({ existing, movingTags: ['latest', 'new', 'main'] })
    await expect(publish(plan)).rejects.toMatchObject({ code: 'tag-immutable' })
    expect(told()).toEqual([expect.stringMatching(/, tagged new$/)])
    expect(ports.report.facts.image?.tags).toEqual([tag, '1.2.3', 'latest', 'new'])
  })

  it('is each tag that was put on before the one that failed', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const { digest } = await pushImage(registry, 'team/app', 'taken')
    const plan = imagePlan({ identityTags: [tag, '1.2.3', 'taken'] })
    await expect(publish(plan)).rejects.toMatchObject({
      code: 'tag-immutable',
      message: expect.stringMatching(new RegExp(`^tag "taken" of .* names ${digest}$`)),
    })
    expect(told()).toEqual([expect.stringMatching(new RegExp(`, tagged ${tag}, 1\\.2\\.3$`))])
    expect(ports.report.facts.image?.tags).toEqual([tag, '1.2.3'])
  })
})

describe('a push that fails', () => {
  it('is told to be about the immutable tag where ECR says so', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const { digest } = await pushImage(registry, 'team/app', tag)
    await expect(publish()).rejects.toMatchObject({
      code: 'tag-immutable',
      message: expect.stringContaining(`tag "${tag}" of "`),
      remedy: expect.stringContaining(digest),
    })
    expect(await docker.leftovers()).toEqual([])
  })

  it('is told to be about the repository where that is gone', async () => {
    await expect(publish()).rejects.toMatchObject({
      code: 'repository-not-found',
      message: expect.stringContaining('team/app" does not exist in us-east-1'),
    })
  })

  it('names the actions that are missing where the registry denies', async () => {
    await registry.createRepository('team/app')
    const session = sessionOf(registry.settingsOf(['ecr:GetAuthorizationToken']))
    await expect(publishOne(imagePlan(), session, ports)).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('ecr:InitiateLayerUpload'),
    })
  })

  it('says that no token may be had', async () => {
    await registry.createRepository('team/app')
    const session = sessionOf(registry.settingsOfStranger)
    await expect(publishOne(imagePlan(), session, ports)).rejects.toMatchObject({
      code: 'access-denied',
      remedy: 'Allow ecr:GetAuthorizationToken with "Resource": "*" in the policy of the role.',
    })
    expect(await docker.verbs()).toEqual([])
    expect(await docker.leftovers()).toEqual([])
  })
})

describe('a build that does not give an image', () => {
  it('shows the failing step and its own lines', async () => {
    await registry.createRepository('team/app')
    await play({
      buildError:
        '#7 [builder 2/2] RUN make\n#7 0.1 no rule to make\n#7 ERROR: exit code: 2\nERROR: failed to solve: exit code: 2',
    })
    const error: unknown = await publish().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'build-failed',
      message: 'step "[builder 2/2] RUN make" failed: exit code: 2',
    })
    expect(error).toMatchObject({ details: ['[builder 2/2] RUN make', 'no rule to make'] })
    expect(ports.report.untrustedLines).toContain('#7 0.1 no rule to make')
    expect(await docker.leftovers()).toEqual([])
  })

  it('is refused where buildx tells no digest', async () => {
    await registry.createRepository('team/app')
    await play({ withoutMetadata: true })
    await expect(publish()).rejects.toMatchObject({ code: 'build-result-missing' })
  })

  it('is refused where the registry does not have what buildx says it pushed', async () => {
    await registry.createRepository('team/app')
    await play({ reportedDigest: contentDigest('something else') })
    await expect(publish()).rejects.toMatchObject({ code: 'digest-mismatch' })
  })

  it('is refused where a platform is not there', async () => {
    await registry.createRepository('team/app')
    await docker.addBuilder('theirs', 'remote', 'linux/amd64, linux/arm64')
    const other = await pushImage(registry, 'team/app', 'other', { platforms: ['linux/amd64'] })
    await play({ reportedDigest: other.digest })
    const builder = { kind: 'existing', name: 'theirs', binfmtImage: undefined } as const
    await expect(publish(imagePlan({ builder }))).rejects.toMatchObject({
      code: 'image-incomplete',
      message: expect.stringContaining('lacks linux/arm64'),
    })
  })
})

describe('a run that is cancelled while it builds', () => {
  it('ends the build, takes the login away and rejects with the reason', async () => {
    await registry.createRepository('team/app')
    await play({ hang: true })
    const abort = new AbortController()
    const reason = new Error('cancelled')
    ports = buildPorts(docker, { signal: abort.signal })
    const note = ports.report.untrusted.bind(ports.report)
    let seen = ''
    ports.report.untrusted = (line) => {
      note(line)
      if (!line.startsWith('#1 ')) return
      void remember().then(() => abort.abort(reason))
    }
    const remember = async (): Promise<void> => {
      const [configuration = ''] = ports.saved.configurations
      seen = await readFile(join(configuration, 'config.json'), 'utf8')
    }
    await expect(publish()).rejects.toBe(reason)
    expect(seen).toContain('"auth"')
    expect(await docker.leftovers()).toEqual([])
  })
})

describe('a tag that somebody moves after the push', () => {
  it('is said, and the digest that was built goes on', async () => {
    await registry.createRepository('team/app')
    const other = await pushImage(registry, 'team/app', 'other')
    let moved = false
    const session = sessionOf(registry.settings, (ecr) => ({
      ...ecr,
      readManifest: async (repository, name) => {
        if (!moved && 'tag' in name && name.tag === tag) {
          moved = true
          await registry.client.putManifest('team/app', other, tag)
        }
        return await ecr.readManifest(repository, name)
      },
    }))
    const image = await publishOne(imagePlan(), session, ports)
    expect(image.digest).not.toBe(other.digest)
    expect(image.tags).toEqual(['1.2.3'])
    expect(ports.report.warnings.join()).toContain(
      `tag "${tag}" was moved after the push and now points to ${shortDigest(parseDigest(other.digest))}; this run continues with ${shortDigest(image.digest)}, the image it built`,
    )
  })
})
