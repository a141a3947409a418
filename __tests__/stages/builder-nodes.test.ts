import { readFile, stat } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { builderName } from '../../src/core/buildx/builder/builder-name.ts'
import type { BuilderNode } from '../../src/core/inputs/build/builder-nodes.ts'
import type { BuilderInputs } from '../../src/core/inputs/build/builder.ts'
import type { DockerConfiguration } from '../../src/ports/docker-credentials.ts'
import { prepareBuilder } from '../../src/stages/builder/prepare-builder.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { ownBuilder } from '../support/own-builder.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

const arm: BuilderNode = {
  name: undefined,
  endpoint: 'tcp://arm64:1234',
  platforms: ['linux/arm64'],
  driverOptions: ['servername=buildkit'],
  buildkitdFlags: undefined,
}
const own = ownBuilder({ driver: 'remote', endpoint: 'tcp://amd64:1234', nodes: [arm] })
const nodePlatforms = { 'tcp://amd64:1234': 'linux/amd64', 'tcp://arm64:1234': 'linux/arm64*' }

let docker: RecordingDocker
let ports: BuildPorts
let configuration: DockerConfiguration
beforeEach(async () => {
  docker = await RecordingDocker.prepare({ nodePlatforms })
  await begin()
})
afterEach(async () => docker.remove())

async function begin(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  ports = buildPorts(docker, { environment })
  configuration = await ports.dockerCredentials.open()
}

const prepare = async (builder: BuilderInputs): Promise<string> => {
  const { name } = await prepareBuilder(
    { builder, build: { platforms: ['linux/amd64', 'linux/arm64'] } },
    configuration,
    ports,
  )
  return name
}

describe('a builder of two nodes', () => {
  it('builds what the nodes build together', async () => {
    const name = await prepare(own)
    const calls = await docker.calls()
    expect(await docker.verbs()).toEqual(['inspect', 'create', 'create', 'inspect'])
    expect(calls[2]?.argv).toEqual([
      ...['buildx', 'create', `--name=${name}`, '--append', `--node=${name}1`],
      ...['--driver-opt=servername=buildkit', '--platform=linux/arm64'],
      ...['--', 'tcp://arm64:1234'],
    ])
    expect(ports.report.lines).toEqual([
      `builder ${name} (remote, 2 nodes): linux/amd64, linux/arm64 can be built`,
    ])
  })

  it('builds each platform where the user put it, though the first node offers all', async () => {
    const all = { ...nodePlatforms, 'tcp://amd64:1234': 'linux/amd64, linux/386, linux/arm64' }
    await docker.play({ nodePlatforms: all })
    const name = await prepare(own)
    expect((await docker.calls()).at(-1)?.argv).toEqual([
      ...['buildx', 'create', `--name=${name}`, `--node=${name}0`],
      ...['--platform=linux/amd64', '--', 'tcp://amd64:1234'],
    ])
    expect(ports.report.lines[0]).toBe(`node ${name}0 builds linux/amd64 and nothing else`)
  })

  it('gets the node that a killed run did not come to', async () => {
    const kept = { ...own, keep: true }
    const name = builderName(kept, '')
    await docker.addBuilder(name, 'remote', 'linux/amd64', 'tcp://amd64:1234')
    expect(await prepare(kept)).toBe(name)
    expect(await docker.verbs()).toEqual(['inspect', 'create', 'inspect'])
    expect((await docker.calls())[1]?.argv).toContain(`--node=${name}1`)
  })

  it('is left alone where it is complete', async () => {
    const kept = { ...own, keep: true }
    await prepare(kept)
    await prepare(kept)
    expect(await docker.verbs()).toEqual(['inspect', 'create', 'create', 'inspect', 'inspect'])
  })

  it("that cannot take its second is told with docker's words, and is made anew next time", async () => {
    const kept = { ...own, keep: true }
    const appendError = 'ERROR: failed to initialize builder: no route to host'
    await docker.play({ nodePlatforms, appendError })
    await expect(prepare(kept)).rejects.toMatchObject({
      code: 'builder-unavailable',
      message: expect.stringMatching(
        /\(tcp:\/\/arm64:1234\) cannot be added .*: .*no route to host$/,
      ),
    })
    expect((await docker.calls()).at(-1)?.argv).toContain('--keep-state')
    await docker.play({ nodePlatforms })
    await prepare(kept)
    expect((await docker.verbs()).slice(4)).toEqual(['inspect', 'create', 'create', 'inspect'])
  })
})

describe('TLS material in the variables of the job', () => {
  const pem = (what: string): string =>
    `-----BEGIN ${what}-----\n${what}-of-the-test\n-----END ${what}-----\n`
  const variables = {
    BUILDER_NODE_0_AUTH_TLS_CACERT: pem('AUTHORITY'),
    BUILDER_NODE_1_AUTH_TLS_CACERT: pem('OTHER-AUTHORITY'),
    BUILDER_NODE_1_AUTH_TLS_CERT: pem('CERTIFICATE'),
    BUILDER_NODE_1_AUTH_TLS_KEY: pem('KEY'),
  }

  const optionsOf = async (call: number): Promise<Readonly<Record<string, string>>> => {
    const { argv = [] } = (await docker.calls())[call] ?? {}
    return Object.fromEntries(
      argv.flatMap((argument) => {
        const [, name = '', file = ''] =
          /^--driver-opt=(cacert|cert|key)=(.+)$/.exec(argument) ?? []
        return name === '' ? [] : [[name, file]]
      }),
    )
  }

  it('reaches each node in files of this run that go with its configuration', async () => {
    await begin(variables)
    await prepare(own)
    const [first, second] = [await optionsOf(1), await optionsOf(2)]
    expect(Object.keys(first)).toEqual(['cacert'])
    expect(Object.keys(second)).toEqual(['cacert', 'cert', 'key'])
    const files = [first['cacert'], second['cacert'], second['cert'], second['key']].map(String)
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(
      Object.values(variables),
    )
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600)
    await configuration.dispose()
    for (const file of files) await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is masked, and reaches no child and no argument', async () => {
    await begin(variables)
    await prepare(own)
    expect(ports.report.masks).toEqual(Object.values(variables))
    expect(ports.report.everything).not.toContain('of-the-test')
    for (const { argv, environment } of await docker.calls()) {
      expect(JSON.stringify({ argv, environment })).not.toContain('of-the-test')
    }
  })

  it('keeps a builder from being kept: its files are gone with the run', async () => {
    await begin(variables)
    const name = await prepare({ ...own, keep: true })
    expect(ports.saved.builders).toEqual([name])
    expect(ports.report.lines[0]).toContain('keep-builder')
    await begin(variables)
    expect(await prepare({ ...own, keep: true })).not.toBe(name)
  })

  it('that lacks a part is refused before anything is made', async () => {
    await begin({
      BUILDER_NODE_1_AUTH_TLS_CACERT: pem('AUTHORITY'),
      BUILDER_NODE_1_AUTH_TLS_KEY: pem('KEY'),
    })
    await expect(prepare(own)).rejects.toMatchObject({
      code: 'invalid-inputs',
      message:
        'BUILDER_NODE_1_AUTH_TLS_CACERT and BUILDER_NODE_1_AUTH_TLS_KEY without BUILDER_NODE_1_AUTH_TLS_CERT',
    })
    expect(await docker.calls()).toEqual([])
  })

  it('is said to have no effect where the driver takes none', async () => {
    await begin({ BUILDER_NODE_0_AUTH_TLS_CACERT: pem('AUTHORITY') })
    await docker.play({})
    await prepare(ownBuilder({ endpoint: 'ssh://builder' }))
    expect(await optionsOf(1)).toEqual({})
    expect(ports.report.warnings).toEqual([
      expect.stringContaining('BUILDER_NODE_0_AUTH_TLS_* have no effect'),
    ])
  })
})
