import { describe, expect, it } from '@jest/globals'

import { failedStep, isOfDockerfile } from '../../../../src/core/buildx/failure/log.ts'

const failing = (name: string, reason: string) =>
  failedStep([`#7 ${name}`, `#7 ERROR: ${reason}`, `ERROR: failed to solve: ${reason}`])

describe('what failed in a build', () => {
  it.each<[string, boolean]>([
    ['[2/2] RUN make', true],
    ['[linux/arm64 builder 3/4] RUN npm ci', true],
    ['[internal] load build definition from Dockerfile', false],
    ['exporting to image', false],
    ['importing cache manifest from h/cache:[2/2] x', false],
  ])('%j is a line of the Dockerfile: %j', (name, isStep) => {
    expect(failing(name, 'odd')).toMatchObject({ name, isStep })
  })

  it.each<[string, string | undefined]>([
    ['process "/bin/sh -c make" did not complete successfully: exit code: 2', 'exit code: 2'],
    ['executor failed running [/bin/sh -c make]: exit code: 137', 'exit code: 137'],
    ['exit code: 1', 'exit code: 1'],
    ['failed to mount: odd', undefined],
  ])('ended, where it says %j, with %j', (reason, end) => {
    expect(failing('[2/2] RUN make', reason)?.end).toBe(end)
  })
})

describe('a line of the log', () => {
  it.each<[string, boolean]>([
    ['#7 [builder 2/2] RUN make', true],
    [' > [2/2] RUN make:', true],
    ['#7 0.310 graceful_stop', true],
    ['0.310 graceful_stop', true],
    ['   2 | >>> RUN make', true],
    ['[2/2] RUN make', false],
    ['#7 [internal] waiting for connection', false],
    ['#7 ERROR: graceful_stop', false],
    ['ERROR: graceful_stop', false],
  ])('%j is the Dockerfile’s or its commands’: %j', (line, own) => {
    expect(isOfDockerfile(line)).toBe(own)
  })
})
