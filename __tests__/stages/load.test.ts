import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import { buildLocally } from '../../src/stages/publish/build-locally.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'

const classic = { ServerVersion: '28.5.2', DriverStatus: [['Backing Filesystem', 'extfs']] }
const containerd = {
  ServerVersion: '29.1.0',
  DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
}

let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  await writeFile(docker.path('workspace/Dockerfile'), 'FROM scratch\n')
  ports = buildPorts(docker)
})
afterEach(async () => docker.remove())

const parse = (given: Readonly<Record<string, string>>) =>
  parseInputs(
    new Map(
      Object.entries({
        push: 'false',
        load: 'true',
        'aws-region': 'us-east-1',
        tags: 'type=sha,format=long',
        ...given,
      }),
    ),
    { region: undefined },
  )

/** What of the build's argv says where the image goes, and what is attested. */
async function build(info: object | undefined, given: Readonly<Record<string, string>> = {}) {
  await docker.play(info === undefined ? {} : { info })
  const { inputs } = parse(given)
  if (inputs.mode !== 'release' || inputs.publish !== undefined) throw new TypeError('it is pushed')
  await buildLocally(inputs, ports)
  const { argv = [] } = (await docker.calls()).find((call) => call.argv[1] === 'build') ?? {}
  return argv.filter((argument) => /^--(output|provenance)/.test(argument))
}

describe('the plan of an image that is not pushed', () => {
  it('names the commit that its labels and tags name: the head of a pull request', async () => {
    const head = 'f'.repeat(40)
    const event = { pull_request: { head: { sha: head } } }
    const ofPull = { eventName: 'pull_request', ref: 'refs/pull/7/merge', event }
    ports = buildPorts(docker, { context: ofPull })
    const { inputs } = parse({ 'dry-run': 'true', platforms: 'linux/amd64' })
    if (inputs.mode !== 'release' || inputs.publish !== undefined) throw new TypeError('is pushed')
    await buildLocally(inputs, ports)
    const [image] = ports.report.facts.plan?.images ?? []
    expect(image?.commit).toBe(head)
    expect(image?.build).toContain(`--label=org.opencontainers.image.revision=${head}`)
    expect(image?.reason).toContain(`:sha-${head}`)
  })
})

describe('an image that is loaded and not pushed', () => {
  it('is called like its repository, with its first tag, and has no attestation unasked', async () => {
    const given = { repository: 'team/app', platforms: 'linux/amd64' }
    expect(await build(classic, given)).toEqual([
      '--provenance=false',
      `--output=type=docker,name=team/app:sha-${commit}`,
      '--output=type=image,push=false,oci-mediatypes=true',
    ])
    expect(ports.report.lines.join()).toContain(`loaded as team/app:sha-${commit}`)
  })

  it('may be of several platforms where the engine has the containerd store', async () => {
    const argv = await build(containerd, { repository: 'team/app', provenance: 'mode=max' })
    expect(argv).toContain('--provenance=mode=max')
  })

  it.each([
    ['several platforms', { platforms: 'linux/amd64,linux/arm64' }],
    ['attestations', { platforms: 'linux/amd64', provenance: 'mode=max' }],
  ])('is refused before it is built with %s and without that store', async (what, given) => {
    await expect(build(classic, given)).rejects.toMatchObject({
      code: 'invalid-inputs',
      message: `load: ${what} need the containerd image store, which Docker 28.5.2 does not use here`,
    })
    expect(await docker.verbs()).not.toContain('build')
  })

  it("is built under its name by the engine's own builder, which keeps it", async () => {
    await docker.addBuilder('default', 'docker', 'linux/amd64', 'default')
    const given = { repository: 'team/app', platforms: 'linux/amd64', driver: 'docker' }
    expect(await build(containerd, given)).toEqual([
      '--provenance=false',
      `--output=type=image,name=team/app:sha-${commit},push=false,oci-mediatypes=true`,
    ])
  })

  it('needs an engine', async () => {
    await expect(build(undefined)).rejects.toMatchObject({ code: 'docker-unavailable' })
  })
})

describe('load', () => {
  it('is not for bake files', () => {
    expect(() => parse({ push: 'true', 'bake-files': 'compose.yaml' })).toThrow(
      /is for the image of one Dockerfile/,
    )
  })

  it('does nothing in a leg, and says so', () => {
    const { inputs, notices } = parse({ mode: 'build', push: 'true', repository: 'team/app' })
    expect('build' in inputs && inputs.build.load).toBe(false)
    expect(notices.join()).toMatch(/mode build does not use .*\bload\b/)
  })
})
