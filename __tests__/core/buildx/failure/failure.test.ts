import { describe, expect, it } from '@jest/globals'
import {
  classifyBuildFailure,
  type BuildFailure,
} from '../../../../src/core/buildx/failure/failure.ts'
import type { ActionError } from '../../../../src/core/errors/action-error.ts'

const place = {
  builder: 'steadyship-1',
  dockerfile: '/workspace/app/Dockerfile',
  workspace: '/workspace',
}
const classify = (text: string): BuildFailure => classifyBuildFailure(text.split('\n'), place)
const errorOf = (text: string): ActionError => {
  const failure = classify(text)
  if (failure.kind === 'push') throw new Error(`taken for a push: ${failure.push.text}`)
  return failure.error
}

/** As buildx 0.13.1 prints it: two platforms, one fails, the other is cancelled. */
const failedRun = `#0 building with "steadyship-1" instance using remote driver
#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s
#7 [linux/amd64 builder 3/4] RUN npm ci
#8 [linux/arm64 builder 3/4] RUN npm ci
#7 0.310 npm error code EUSAGE
#8 0.400 something of the other
#7 0.311 npm error can only install with an existing package-lock.json
#7 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
#8 ERROR: context canceled
------
 > [linux/amd64 builder 3/4] RUN npm ci:
0.310 npm error code EUSAGE
0.311 npm error can only install with an existing package-lock.json
------
Dockerfile:3
--------------------
   3 | >>> RUN npm ci
--------------------
ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`

describe('classifyBuildFailure', () => {
  it('shows the failing step with its own lines and no others', () => {
    const error = errorOf(failedRun)
    expect(error.code).toBe('build-failed')
    expect(error.message).toBe(
      'step "[linux/amd64 builder 3/4] RUN npm ci" failed: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    )
    expect(error.details).toEqual([
      '[linux/amd64 builder 3/4] RUN npm ci',
      'npm error code EUSAGE',
      'npm error can only install with an existing package-lock.json',
    ])
  })

  it('names the line of the Dockerfile, and none of a file that is not the user’s', () => {
    expect(errorOf(failedRun).source).toEqual({ file: 'app/Dockerfile', line: 3 })
    expect(errorOf(failedRun.replace('Dockerfile:3', 'other.Dockerfile:3')).source).toBeUndefined()
    expect(errorOf('ERROR: failed to solve: no').source).toBeUndefined()
  })

  it('passes over a step that was cancelled because another one failed', () => {
    const turned = failedRun.replace('#7 ERROR', '#8 ERROR: context canceled\n#7 ERROR')
    expect(errorOf(turned).message).toContain('step "[linux/amd64 builder 3/4] RUN npm ci" failed')
  })

  it('passes over a cache that is not there yet, and one that could not be written', () => {
    const cache =
      '#5 importing cache manifest from host/cache:main\n#5 ERROR: host/cache:main: not found\n'
    expect(errorOf(cache + failedRun)).toEqual(errorOf(failedRun))
    const outOfSight = failedRun.slice(failedRun.indexOf('------'))
    const excerpt = '------\n > importing cache manifest from host/cache:main:\n'
    expect(errorOf(`${cache}#7 ERROR: exit code: 1\n${excerpt}${outOfSight}`).message).toContain(
      'step "[linux/amd64 builder 3/4] RUN npm ci" failed',
    )
    const other = errorOf(`${cache}ERROR: failed to solve: something else`)
    expect(other.message).toBe('the build failed: something else')
    const failedPush = classify(
      '#14 exporting cache to registry\n#14 ERROR: error writing manifest blob: failed commit on ref "c": unexpected status from PUT request to https://host/v2/team/cache/manifests/m: 400 Bad Request\n' +
        '#13 exporting to image\n#13 ERROR: failed to push host/team/app:1: unexpected status from POST request to https://host/v2/team/app/blobs/uploads/: 403 Forbidden\n' +
        'ERROR: failed to solve: failed to push host/team/app:1: unexpected status from POST request to https://host/v2/team/app/blobs/uploads/: 403 Forbidden',
    )
    expect(failedPush).toMatchObject({
      kind: 'push',
      push: { request: { path: '/v2/team/app/blobs/uploads/', status: 403 } },
    })
  })

  it('names a cache only where the build ended with it', () => {
    const error = errorOf(
      '#9 exporting cache to registry\n#9 ERROR: error writing layer blob: not_found\n' +
        'ERROR: failed to solve: error writing layer blob: not_found',
    )
    expect(error.message).toContain('step "exporting cache to registry" failed')
  })

  it.each([
    'maximum timeout reached',
    'error writing layer blob: failed to reserve cache',
    "failed to parse error response 400: <h2>Our services aren't available right now</h2>",
    'error writing manifest blob: failed commit on ref "c": unexpected status from PUT request to https://host/v2/team/cache/manifests/m: 400 Bad Request',
    'failed to authorize: no basic auth credentials',
    'failed to authorize: denied: Your authorization token has expired. Reauthenticate and try again.',
    'push access denied: server message: insufficient_scope: authorization failed',
    'unexpected status from POST request to https://host/v2/team/cache/blobs/uploads/: 429 Too Many Requests',
  ])('says how a cache that cannot be written fails no build: %s', (reason) => {
    const failure = classify(
      `#9 exporting cache to registry\n#9 ERROR: ${reason}\nERROR: failed to solve: ${reason}`,
    )
    expect(failure).toMatchObject({
      kind: 'build',
      error: {
        message: `step "exporting cache to registry" failed: ${reason}`,
        remedy: expect.stringContaining('Leave `ignore-error=false` out of `cache-to`'),
      },
    })
  })

  it('tells what BuildKit said, and nothing that a command speaks of', () => {
    const words = 'no basic auth credentials'
    expect(classify(`ERROR: failed to solve: h/base:1: ${words}`)).toMatchObject({
      kind: 'build',
      words: `h/base:1: ${words}`,
    })
    expect(classify(failedCommand(`echo ${words}`, [words]))).toMatchObject({
      kind: 'build',
      words: '',
    })
  })

  it('names `registries` where nobody logged in to the registry of a base image', () => {
    const text = 'ERROR: failed to solve: h/base:1: failed to authorize: no basic auth credentials'
    expect(errorOf(text)).toMatchObject({
      code: 'registry-login-failed',
      remedy: expect.stringContaining('Name the registry in `registries`'),
    })
  })

  it('tells that a builder knows no such cache', () => {
    const error = errorOf('ERROR: failed to solve: unknown cache exporter: "s3"')
    expect(error).toMatchObject({
      code: 'builder-unsuitable',
      message: 'builder "steadyship-1": unknown cache exporter: "s3"',
    })
  })

  it('falls back on the closing summary where the beginning is out of sight', () => {
    const tail = failedRun.slice(failedRun.indexOf('#7 ERROR'))
    expect(errorOf(tail).message).toContain('step "[linux/amd64 builder 3/4] RUN npm ci" failed')
    expect(errorOf(tail).details).toContain('npm error code EUSAGE')
  })

  it('keeps the last 20 lines of a step', () => {
    const output = Array.from({ length: 50 }, (_, at) => `#7 0.${at} line ${at}`).join('\n')
    const error = errorOf(`#7 [1/1] RUN x\n${output}\n#7 ERROR: exit code: 1\nERROR: exit code: 1`)
    const last = Array.from({ length: 20 }, (_, at) => `line ${at + 30}`)
    expect(error.details).toEqual(['[1/1] RUN x', ...last])
  })

  it.each([
    ['ERROR: no builder "gone" found', 'builder-unavailable', 'no builder "gone" found'],
    [
      'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
      'builder-unavailable',
      'builder "steadyship-1" went away during the build',
    ],
    [
      'ERROR: failed to solve: Unavailable: closing transport due to: connection error: desc = "error reading from server: EOF", received prior goaway: code: NO_ERROR, debug data: "graceful_stop"',
      'builder-unavailable',
      'went away',
    ],
    [
      '#1 [internal] waiting for connection\n#1 ERROR: context deadline exceeded\nERROR: context deadline exceeded',
      'builder-unavailable',
      'went away during the build: waiting for connection',
    ],
    [
      'ERROR: Multi-platform build is not supported for the docker driver.',
      'builder-unsuitable',
      'Multi-platform build is not supported for the docker driver',
    ],
    [
      'ERROR: Attestation is not supported for the docker driver.',
      'builder-unsuitable',
      'Attestation is not supported',
    ],
    [
      '#9 [2/3] RUN true\n#9 0.081 exec /bin/sh: exec format error\n#9 ERROR: process "/bin/sh -c true" did not complete successfully: exit code: 1\nERROR: failed to solve: process "/bin/sh -c true" did not complete successfully: exit code: 1',
      'platform-unsupported',
      'exec format error',
    ],
    [
      '#9 [2/3] RUN x\n#9 0.1 qemu: uncaught target signal 11 (Segmentation fault) - core dumped\n#9 ERROR: exit code: 139',
      'platform-unsupported',
      'qemu: uncaught target signal 11',
    ],
    [
      'ERROR: failed to solve: node:20: no match for platform in manifest: not found',
      'platform-unsupported',
      'a base image lacks a platform',
    ],
    [
      'ERROR: failed to solve: failed to copy: write /var/lib/x: no space left on device',
      'build-failed',
      'no space left',
    ],
    [
      'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 137',
      'build-failed',
      'want of memory',
    ],
    [
      'ERROR: failed to solve: node:20: failed to resolve source metadata: 429 Too Many Requests - toomanyrequests: You have reached your unauthenticated pull rate limit.',
      'build-failed',
      'refuses more pulls',
    ],
    [
      'ERROR: failed to solve: x: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'build-failed',
      'a base image cannot be pulled',
    ],
    [
      'ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
      'build-failed',
      '"/workspace/app/Dockerfile": failed to read dockerfile',
    ],
    [
      'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref abc::def: "/x": not found',
      'build-failed',
      'not in the context',
    ],
    [
      'ERROR: failed to solve: node:20: no match for platform in manifest sha256:1: not found',
      'platform-unsupported',
      'a base image lacks a platform: node:20: no match for platform in manifest sha256:1',
    ],
    [
      '#9 [2/3] RUN --mount=type=secret,id=npm,required true\n#9 ERROR: secret npm: not found\nERROR: failed to solve: secret npm: not found',
      'build-failed',
      'the Dockerfile needs a secret that it is not given: secret npm: not found',
    ],
    [
      'ERROR: failed to solve: error getting credentials - err: exit status 1, out: `no key`',
      'registry-login-failed',
      'a credential helper of docker failed: error getting credentials - err: exit status 1',
    ],
    [
      'ERROR: failed to solve: h/base:1: failed to authorize: denied: Your authorization token has expired. Reauthenticate and try again.',
      'registry-login-failed',
      'a registry that the build pulls from does not take its login: h/base:1: ',
    ],
    ['ERROR: something new', 'build-failed', 'the build failed: something new'],
    ['', 'build-failed', 'buildx failed without a word'],
  ])('explains %j', (text, code, message) => {
    expect(errorOf(text)).toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('names the step that the build ended with, where others failed beside it', () => {
    const two =
      '#7 [web 2/2] RUN a\n#8 [worker 2/2] RUN b\n#7 ERROR: process "/bin/sh -c a" did not complete successfully: exit code: 1\n' +
      '#8 ERROR: process "/bin/sh -c b" did not complete successfully: exit code: 2\n' +
      'ERROR: target worker: failed to solve: process "/bin/sh -c b" did not complete successfully: exit code: 2'
    expect(errorOf(two).message).toContain('step "[worker 2/2] RUN b" failed')
  })

  it('does not take a base image that is refused for a push', () => {
    const text =
      'ERROR: failed to solve: h/r:1: failed to resolve source metadata for h/r:1: unexpected status from HEAD request to https://h/v2/r/manifests/1: 403 Forbidden'
    expect(classify(text).kind).toBe('build')
  })
})

/** As buildx ends where a command of the Dockerfile does: its name, what it printed, how it ended. */
function failedCommand(command: string, output: readonly string[], end = 'exit code: 1'): string {
  const reason = `process ${JSON.stringify(`/bin/sh -c ${command}`)} did not complete successfully: ${end}`
  return [
    `#7 [2/2] RUN ${command}`,
    ...output.map((line) => `#7 0.310 ${line}`),
    `#7 ERROR: ${reason}`,
    '------',
    ` > [2/2] RUN ${command}:`,
    ...output.map((line) => `0.310 ${line}`),
    '------',
    'Dockerfile:2',
    '--------------------',
    `   2 | >>> RUN ${command}`,
    '--------------------',
    `ERROR: failed to solve: ${reason}`,
  ].join('\n')
}

/** What is told of BuildKit, of registries or of a push where BuildKit itself says it. */
const foreignWords = [
  'rpc error: code = Unavailable desc = connection refused',
  'failed to dial tcp 127.0.0.1:5432',
  'no active session',
  'graceful_stop',
  'no builder "x" found',
  'unknown cache exporter: "s3"',
  'Multi-platform build is not supported for the docker driver',
  'npm error 429 Too Many Requests - GET https://registry.npmjs.org/x',
  'toomanyrequests: You have reached your unauthenticated pull rate limit.',
  'pull access denied for x',
  'failed to read dockerfile: open x',
  'failed to calculate checksum of ref a: "/x": not found',
  'no match for platform in manifest: not found',
  'failed to push 123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:1: tag invalid',
  'failed commit on ref "x"',
  'PUT /v2/x/blobs/uploads/1',
  'secret npm: not found',
  'error getting credentials - err: exit status 1',
  'no basic auth credentials',
  'exporting cache to registry',
]

describe('a command of the Dockerfile that fails', () => {
  it.each(foreignWords)('is the reason, whatever it prints: %s', (words) => {
    expect(errorOf(failedCommand('make', [words]))).toMatchObject({
      code: 'build-failed',
      message:
        'step "[2/2] RUN make" failed: process "/bin/sh -c make" did not complete successfully: exit code: 1',
      details: ['[2/2] RUN make', words],
    })
  })

  it.each([...foreignWords, 'exit code: 137', 'no space left on device', 'exec format error'])(
    'is the reason, whatever its own text says: %s',
    (words) => {
      const error = errorOf(failedCommand(`make || (echo '${words}'; exit 1)`, []))
      expect(error.code).toBe('build-failed')
      expect(error.message).toMatch(/^step "\[2\/2\] RUN make \|\| \(echo /)
    },
  )

  it.each(foreignWords)('does not make another failure look like its words: %s', (words) => {
    const lines = failedCommand('make', [words])
      .split('\n')
      .filter((line) => !line.includes('ERROR'))
    expect(errorOf([...lines, 'ERROR: failed to solve: something else'].join('\n'))).toMatchObject({
      code: 'build-failed',
      message: 'the build failed: something else',
    })
    const lost = failedCommand('make', [words]).replaceAll(/process .*/g, 'failed to mount: odd')
    expect(errorOf(lost).message).toBe('step "[2/2] RUN make" failed: failed to mount: odd')
  })

  it('is never tried again, in the words of older builders, too', () => {
    const text =
      '#7 [2/2] RUN x\n#7 ERROR: executor failed running [/bin/sh -c echo : EOF]: exit code: 1'
    expect(classify(text)).toMatchObject({ kind: 'build', words: '' })
  })

  it.each([
    [['sh: exec format error'], 'exit code: 1', 'platform-unsupported', 'foreign CPU'],
    [['qemu: uncaught target signal 11'], 'exit code: 139', 'platform-unsupported', 'foreign CPU'],
    [['tar: write: no space left on device'], 'exit code: 2', 'build-failed', 'no space left'],
    [['fork: cannot allocate memory'], 'exit code: 1', 'build-failed', 'want of memory'],
    [[], 'cannot allocate memory', 'build-failed', 'want of memory'],
    [['Killed'], 'exit code: 137', 'build-failed', 'want of memory'],
  ])('may be the machine’s doing: %j, %s', (output, end, code, message) => {
    expect(errorOf(failedCommand('make', output, end))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })
})
