import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { inspectExisting } from '../../src/stages/builder/inspect-builder.ts'
import { buildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

/** As buildx 0.13.1 answers after 20 s, whatever the reason, of a node that asks for a certificate. */
const silence = `#1 [internal] waiting for connection
#1 ERROR: context deadline exceeded
------
 > [internal] waiting for connection:
------
ERROR: context deadline exceeded`

describe('a node of the remote driver that cannot be reached', () => {
  let docker: RecordingDocker
  beforeEach(async () => {
    docker = await RecordingDocker.prepare()
  })
  afterEach(async () => docker.remove())

  it('is told as such, with the reasons that buildx keeps to itself', async () => {
    await docker.play({ inspectError: silence })
    const ports = buildPorts(docker)
    const configuration = await ports.dockerCredentials.open()
    await expect(inspectExisting('theirs', configuration, ports)).rejects.toMatchObject({
      code: 'builder-unavailable',
      message: 'builder "theirs" has a node that cannot be reached: context deadline exceeded',
      remedy:
        'Check that the runner reaches `endpoint` and every node of `append`, and where a node uses TLS its ' +
        '`BUILDER_NODE_<n>_AUTH_TLS_*` variables: a node that asks for a client certificate needs `…_CERT` and `…_KEY`.',
    })
  })
})
