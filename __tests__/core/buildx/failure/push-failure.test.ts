import { describe, expect, it } from '@jest/globals'
import { classifyBuildFailure } from '../../../../src/core/buildx/failure/failure.ts'
import {
  explainPush,
  parsePushFailure,
  type PushFindings,
} from '../../../../src/core/buildx/failure/push-failure.ts'
import { parseDigest } from '../../../../src/core/image/digest.ts'

const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
const uri = `${host}/team/app`
const place = { repositoryUri: uri, region: 'us-east-1', tag: 'sha-1' }
const owner = parseDigest(`sha256:${'0'.repeat(64)}`)
const fine: PushFindings = { repositoryExists: true, owner: undefined, tagIsImmutable: true }

/** The first form: buildx 0.13.1 with Docker 26.1.5. */
const bare = {
  immutable: `failed to push ${uri}:sha-1: failed commit on ref "index-sha256:ab": unexpected status from PUT request to https://${host}/v2/team/app/manifests/sha-1: 400 Bad Request`,
  missing: `failed to push ${uri}:sha-1: unexpected status from POST request to https://${host}/v2/team/app/blobs/uploads/?from=x&mount=sha256%3Aab: 404 Not Found`,
  expired: `failed to push ${uri}:sha-1: unexpected status from HEAD request to https://${host}/v2/team/app/blobs/sha256:ab: 403 Forbidden`,
  anonymous: `failed to push ${uri}:sha-1: unexpected status from HEAD request to https://${host}/v2/team/app/blobs/sha256:ab: 401 Unauthorized`,
  cut: `failed to push ${uri}:sha-1: failed to do request: Post "https://${host}/v2/team/app/blobs/uploads/": EOF`,
}

/** The second form: later ones print the registry's own words (immutableUnknown: buildx 0.29.1, Docker 28.5.2). */
const spoken = {
  immutableUnknown: `failed to push ${uri}:sha-1: unknown: The image tag 'sha-1' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.`,
  immutable: `failed to push ${uri}:sha-1: tag invalid: The image tag 'sha-1' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.`,
  missing: `failed to push ${uri}:sha-1: name unknown: The repository with name 'team/app' does not exist in the registry with id '123456789012'`,
  denied: `failed to push ${uri}:sha-1: denied: User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/team/app because no identity-based policy allows the ecr:InitiateLayerUpload action`,
  crossAccount: `failed to push ${uri}:sha-1: denied: User: arn:aws:iam::1:user/u is not authorized to perform: ecr:PutImage on resource: x because no resource-based policy allows the ecr:PutImage action`,
  expired: `failed to push ${uri}:sha-1: denied: Your authorization token has expired. Reauthenticate and try again.`,
  anonymous: `failed to push ${uri}:sha-1: no basic auth credentials`,
}

describe('parsePushFailure', () => {
  it('takes the request apart', () => {
    expect(parsePushFailure(bare.missing)?.request).toEqual({
      verb: 'POST',
      path: '/v2/team/app/blobs/uploads/',
      status: 404,
    })
  })

  it.each([...Object.values(bare), ...Object.values(spoken)])('is a push: %s', (text) => {
    const lines = ['#9 exporting to image', `#9 ERROR: ${text}`, `ERROR: failed to solve: ${text}`]
    expect(
      classifyBuildFailure(lines, { builder: 'b', dockerfile: 'd', workspace: '/' }).kind,
    ).toBe('push')
  })
})

const explain = (text: string, findings: PushFindings | undefined) => {
  const failure = parsePushFailure(text)
  if (failure === undefined) throw new Error('no push')
  return explainPush(failure, findings, place)
}

describe('explainPush', () => {
  it.each<[string, string, PushFindings | undefined, string]>([
    ['bare 400, tag taken', bare.immutable, { ...fine, owner }, 'tag-immutable'],
    [
      'bare 404, repository gone',
      bare.missing,
      { ...fine, repositoryExists: false },
      'repository-not-found',
    ],
    [
      'EOF, repository gone',
      bare.cut,
      { ...fine, repositoryExists: false },
      'repository-not-found',
    ],
    ['EOF, all well', bare.cut, fine, 'push-failed'],
    ['EOF, nothing known', bare.cut, undefined, 'push-failed'],
    ['bare 403', bare.expired, fine, 'access-denied'],
    ['bare 401', bare.anonymous, fine, 'registry-login-failed'],
    ['bare 400, tag free', bare.immutable, fine, 'push-failed'],
    ['spoken immutable', spoken.immutable, undefined, 'tag-immutable'],
    ['spoken immutable, code unknown', spoken.immutableUnknown, undefined, 'tag-immutable'],
    ['spoken missing', spoken.missing, undefined, 'repository-not-found'],
    ['spoken denied', spoken.denied, fine, 'access-denied'],
    ['spoken expired', spoken.expired, fine, 'registry-login-failed'],
    ['spoken anonymous', spoken.anonymous, fine, 'registry-login-failed'],
  ])('%s', (_name, text, findings, code) => {
    expect(explain(text, findings).code).toBe(code)
  })

  it('names the very action that is missing, and where to allow it', () => {
    expect(explain(spoken.denied, fine).remedy).toBe(
      'Allow ecr:InitiateLayerUpload on the repository in the policy of the role.',
    )
    expect(explain(spoken.crossAccount, fine).remedy).toContain(
      'Allow ecr:PutImage in the policy of the repository as well',
    )
  })

  it.each([
    ['POST', 'blobs/uploads/', 'ecr:InitiateLayerUpload'],
    ['PATCH', 'blobs/uploads/u-1', 'ecr:UploadLayerPart'],
    ['PUT', 'blobs/uploads/u-1', 'ecr:UploadLayerPart and ecr:CompleteLayerUpload'],
    ['HEAD', 'blobs/sha256:ab', 'ecr:BatchCheckLayerAvailability'],
  ])('knows the action behind a bare 403 to %s %s', (verb, path, actions) => {
    const asked = `${verb} request to https://${host}/v2/team/app/${path}`
    const text = `failed to push ${uri}:sha-1: unexpected status from ${asked}: 403 Forbidden`
    expect(explain(text, fine).remedy).toBe(
      `Allow ${actions} on the repository in the policy of the role.`,
    )
  })

  it('names the quota beside the action where a manifest is refused without a word', () => {
    const asked = `PUT request to https://${host}/v2/team/app/manifests/sha256:ab`
    const text = `failed to push ${uri}:sha-1: failed commit on ref "manifest-sha256:ab": unexpected status from ${asked}: 403 Forbidden`
    expect(explain(text, fine)).toMatchObject({
      code: 'access-denied',
      remedy:
        'Allow ecr:PutImage on the repository in the policy of the role. If it is allowed, the repository holds as many images as it may. ' +
        'Delete old images with a lifecycle policy, or ask for a larger quota (images per repository, L-03A36CE1).',
    })
  })

  it.each([
    [
      'E8',
      'denied: The maximum allowed number of images has been reached',
      'aws-refused',
      'L-03A36CE1',
    ],
    ['E8', 'unknown: LimitExceededException: the repository is full', 'aws-refused', 'L-03A36CE1'],
    ['E12', 'unknown: LayerPartTooSmallException: it is small', 'push-failed', 'proxy'],
    [
      'E13',
      'failed commit on ref "layer-sha256:1": invalid content digest in response: invalid checksum digest format',
      'push-failed',
      'proxy',
    ],
    ['E13', 'unknown: InvalidLayerException: no such checksum', 'push-failed', 'proxy'],
    ['E15', 'denied: KmsException: KMS.DisabledException', 'aws-refused', 'KMS key'],
    [
      'E16',
      "manifest blob unknown: Images with digests '[sha256:ab]' required for pushing image into repository with name 'team/app' do not exist",
      'image-incomplete',
      'lifecycle rule',
    ],
  ] as const)('%s is told as what it is: %s', (_row, words, code, remedy) => {
    expect(explain(`failed to push ${uri}:sha-1: ${words}`, fine)).toMatchObject({
      code,
      remedy: expect.stringContaining(remedy),
    })
  })

  it('names the actions of ECR Public for a repository there', () => {
    const there = { ...place, repositoryUri: 'public.ecr.aws/alias/app' }
    const spokenOf = parsePushFailure(
      'failed to push public.ecr.aws/alias/app:1: denied: User: x is not authorized to perform: ecr-public:PutImage on resource: y',
    )
    const bareOf = parsePushFailure(
      'failed to push public.ecr.aws/alias/app:1: unexpected status from POST request to https://public.ecr.aws/v2/alias/app/blobs/uploads/: 403 Forbidden',
    )
    if (spokenOf === undefined || bareOf === undefined) throw new Error('no push')
    expect(explainPush(spokenOf, fine, there).remedy).toContain('Allow ecr-public:PutImage on')
    expect(explainPush(bareOf, fine, there).remedy).toContain(
      'Allow ecr-public:InitiateLayerUpload on',
    )
  })

  it('names the digest that owns an immutable tag, and how to go on with it', () => {
    expect(explain(bare.immutable, { ...fine, owner })).toMatchObject({
      message: `tag "sha-1" of "${uri}" is immutable and names ${owner}`,
      remedy: `Deploy that image (\`mode: deploy\`, \`image: ${owner}\`), or build another commit; add an exclusion filter only for a tag that is meant to move.`,
    })
    expect(explain(spoken.immutable, undefined)).toMatchObject({
      message: `tag "sha-1" of "${uri}" is immutable and names another image`,
    })
  })

  it('keeps what BuildKit said as the cause', () => {
    expect(explain(bare.cut, fine).cause).toMatchObject({ message: bare.cut })
  })
})
