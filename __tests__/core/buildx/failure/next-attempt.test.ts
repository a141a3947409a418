import { describe, expect, it } from '@jest/globals'
import { nextAttempt, type FailedGo } from '../../../../src/core/buildx/failure/next-attempt.ts'
import { parsePushFailure } from '../../../../src/core/buildx/failure/push-failure.ts'
import { isTransient } from '../../../../src/core/buildx/failure/transient.ts'
import { ActionError } from '../../../../src/core/errors/action-error.ts'

const url = 'https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/app/manifests/x'
type FailedPush = Extract<FailedGo, { kind: 'push' }>

function push(text: string, code: ActionError['code'] = 'push-failed'): FailedPush {
  const failure = parsePushFailure(text)
  if (failure === undefined) throw new TypeError(`no push: ${text}`)
  return {
    kind: 'push',
    error: new ActionError(code, text, 'remedy'),
    push: failure,
    expired: false,
  }
}
const hosts = ['123456789012.dkr.ecr.eu-west-1.amazonaws.com']
const fresh = { attempt: 1, renewed: false, hosts }
const renewed = (attempt: number) => ({ attempt, renewed: true, hosts })

describe('isTransient', () => {
  it.each([
    `failed to push a: unexpected status from PUT request to ${url}: 503 Service Unavailable`,
    `failed to push a: unexpected status from POST request to ${url}: 429 Too Many Requests`,
    'toomanyrequests: Rate exceeded',
    'Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
    'failed to do request: Put "https://host/v2/": read tcp 1.2.3.4:1->5.6.7.8:443: read: connection reset by peer',
    'failed to do request: Head "https://host/v2/": net/http: TLS handshake timeout',
    'failed to copy: unexpected EOF',
    'failed to do request: Post "https://host/v2/app/blobs/uploads/": EOF',
    'lookup host: Temporary failure in name resolution',
    'failed commit on ref "layer-sha256:1": invalid content digest in response: invalid checksum digest format',
    "failed to push a: unknown: provided digest 'sha256:1' did not match uploaded content 'sha256:2'",
    'failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
    `failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/node/blobs/sha256:1: 503 Service Unavailable`,
    'failed to do request: Head "https://host/v2/": dial tcp 1.2.3.4:443: connect: connection timed out',
    'could not lock /caches/of-both/index.json.lock',
    'failed to push a: unknown: LayerPartTooSmallException: Layer parts must be at least 5 MiB in size.',
    'failed to push a: unknown: InvalidLayerException: the checksum is wrong',
  ])('lets pass: %s', (text) => {
    expect(isTransient(text)).toBe(true)
  })

  it.each([
    'process "/bin/sh -c curl https://x" did not complete successfully: exit code: 56',
    'toomanyrequests: You have reached your unauthenticated pull rate limit.',
    'failed to compute cache key: "/x": not found',
    'pull access denied for x, repository does not exist or may require authorization',
    'unexpected status from PUT request to https://host: 400 Bad Request',
    // Digits of an account are no status.
    'unexpected status from PUT request to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/a: 403 Forbidden',
    'failed open: unexpected status code https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/a/blobs/sha256:500: 403 Forbidden',
    'failed to dial gRPC: connection refused',
    'write /var/lib/buildkit: no space left on device',
    'dockerfile parse error on line 503: unknown instruction: FORM',
    '',
  ])('does not let pass: %s', (text) => {
    expect(isTransient(text)).toBe(false)
  })
})

describe('nextAttempt', () => {
  const refused = (status: string) =>
    push(`failed to push a: unexpected status from PUT request to ${url}: ${status}`)

  it.each([
    ['a 5xx', refused('500 Internal Server Error'), 'again'],
    ['an EOF that ECR has no objection to', push('failed to push a: EOF'), 'again'],
    ['an EOF that hides a denial', push('failed to push a: EOF', 'access-denied'), 'give-up'],
    [
      'a 5xx where the repository is gone',
      push('failed to push a: 503', 'repository-not-found'),
      'give-up',
    ],
    ['a 400', refused('400 Bad Request'), 'give-up'],
    ['a 403 of a good login', refused('403 Forbidden'), 'give-up'],
  ])('%s', (_what, failed, kind) => {
    expect(nextAttempt(failed, fresh, 2).kind).toBe(kind)
  })

  it('renews a lost login once, which costs none of the retries', () => {
    const lost = push(
      'failed to push a: denied: Your authorization token has expired. Reauthenticate and try again.',
    )
    expect(nextAttempt(lost, fresh, 0)).toEqual({ kind: 'again', renew: true })
    expect(nextAttempt(lost, renewed(2), 5).kind).toBe('give-up')
    const later = refused('503 Service Unavailable')
    expect(nextAttempt(later, renewed(2), 1).kind).toBe('again')
    expect(nextAttempt(later, renewed(3), 1).kind).toBe('give-up')
  })

  it('renews a lost login of a pull and of a copy, once', () => {
    const error = new ActionError('build-failed', 'no', 'remedy')
    const words = `${hosts.join()}/base:1: no basic auth credentials`
    const pull = { kind: 'build', error, words } as const
    const copy = { kind: 'copy', error, words: 'no basic auth credentials' } as const
    for (const failed of [pull, { ...copy, expired: false }]) {
      expect(nextAttempt(failed, fresh, 0)).toEqual({ kind: 'again', renew: true })
      expect(nextAttempt(failed, renewed(2), 5).kind).toBe('give-up')
    }
    expect(nextAttempt({ ...pull, words: '' }, fresh, 2).kind).toBe('give-up')
  })

  it('renews no login of a registry that nobody logged in to', () => {
    const error = new ActionError('registry-login-failed', 'no', 'remedy')
    const words = 'no basic auth credentials'
    const other = '210987654321.dkr.ecr.eu-west-1.amazonaws.com'
    for (const text of [
      `${other}/base:1: ${words}`,
      `${hosts.join()}.cn/base:1: ${words}`,
      words,
    ]) {
      expect(nextAttempt({ kind: 'build', error, words: text }, fresh, 2).kind).toBe('give-up')
    }
    const ended = `${other}/base:1: denied: Your authorization token has expired.`
    expect(nextAttempt({ kind: 'build', error, words: ended }, fresh, 0)).toMatchObject({
      renew: true,
    })
  })

  it('tries a copy again as often as the user allows', () => {
    const error = new ActionError('copy-failed', 'no', 'remedy')
    const failed = { kind: 'copy', error, words: 'unexpected EOF', expired: false } as const
    expect(nextAttempt(failed, fresh, 0).kind).toBe('give-up')
    expect(nextAttempt(failed, { ...fresh, attempt: 5 }, 5).kind).toBe('again')
    expect(nextAttempt(failed, { ...fresh, attempt: 6 }, 5).kind).toBe('give-up')
  })

  it('takes a bare 401 or 403 for a lost login only past the password’s own date', () => {
    for (const status of ['401 Unauthorized', '403 Forbidden']) {
      const failed = refused(status)
      expect(nextAttempt({ ...failed, expired: true }, fresh, 0)).toMatchObject({ renew: true })
      expect(nextAttempt(failed, fresh, 2).kind).toBe('give-up')
    }
  })
})
