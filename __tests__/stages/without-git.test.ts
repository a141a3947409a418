import { expect, it } from '@jest/globals'
import { askGit } from '../../src/stages/preflight/ask-git.ts'
import { buildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

it('a runner without git tells nothing of the checkout, and nobody speaks of docker', async () => {
  const docker = await RecordingDocker.prepare()
  try {
    const ports = buildPorts(docker, { environment: { PATH: docker.path('bin') } })
    expect(await askGit(docker.path('workspace'), ['status'], ports)).toBeUndefined()
    expect(ports.report.everything).not.toMatch(/docker/i)
  } finally {
    await docker.remove()
  }
})
