import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { LocalBuildInputs } from '../../src/core/inputs/inputs.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import { parseEcrHost } from '../../src/core/image/repository/repository.ts'
import { authenticateForPulls } from '../../src/stages/publish/authenticate-for-pulls.ts'
import { buildLocally } from '../../src/stages/publish/build-locally.ts'
import { DockerSession } from '../../src/stages/publish/docker-session.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const other = '210987654321.dkr.ecr.us-east-1.amazonaws.com'

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  await writeFile(docker.path('workspace/Dockerfile'), 'FROM scratch\n')
  ports = buildPorts(docker)
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

function localInputs(registries: string): LocalBuildInputs {
  const values = new Map([
    ...[['push', 'false'] as const, ['registries', registries] as const],
    ['aws-region', 'us-east-1'] as const,
  ])
  const { inputs } = parseInputs(values, { region: undefined })
  if (inputs.mode !== 'release' || inputs.publish !== undefined) throw new Error('it is pushed')
  return inputs
}

describe('the registries that a build pulls from', () => {
  it('are logged in to by one password of their region, at the hosts that ECR tells', async () => {
    const session = new DockerSession(sessionOf(registry.settings), ports)
    const near = parseEcrHost('123456789012.dkr-ecr-fips.us-east-1.on.aws')
    const far = parseEcrHost(other)
    if (near === undefined || far === undefined) throw new TypeError('no host')
    const configuration = await session.logIn([near, far])
    const folder = configuration.environment['DOCKER_CONFIG'] ?? ''
    const text = await readFile(join(folder, 'config.json'), 'utf8')
    const { auths } = JSON.parse(text) as { auths: Record<string, { auth: string }> }
    expect(Object.keys(auths)).toEqual([near.host, other])
    expect(auths[near.host]).toEqual(auths[other])
    await session.close()
  })

  it('are logged in to for a build that is not pushed, and the login goes with it', async () => {
    await buildLocally(localInputs('210987654321'), ports, sessionOf(registry.settings))
    expect(ports.report.everything).toContain(`logged in to ${other} until`)
    expect(await docker.leftovers()).toEqual([])
  })

  it('are not logged in to by an untrusted event, which is said', async () => {
    const event = { pull_request: { head: { repo: { full_name: 'eve/shop' } } } }
    const context = { eventName: 'pull_request', ref: 'refs/pull/7/merge', event }
    const untrusted = buildPorts(docker, { context })
    // The port refuses to open a session: nobody asks it to.
    const session = await authenticateForPulls(localInputs(other), 'us-east-1', untrusted)
    expect(session).toBeUndefined()
    expect(untrusted.report.notices).toEqual([
      'registries: the build goes without these logins, because the head of this pull_request is the fork eve/shop',
    ])
  })
})
