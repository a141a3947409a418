import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { basicCredential } from '../../core/image/repository/basic-credential.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ecr, RegistryToken } from '../../ports/ecr.ts'
import { RegistryManifests } from '../registry/manifests.ts'
import type { EcrPublicApi } from './ecr-public-api.ts'
import type { AwsClientSettings } from './settings.ts'

const service = 'ECR Public'

/** The run's clock, and where its secrets are hidden. */
export interface EcrPublicSurroundings {
  readonly clock: Pick<Clock, 'chance' | 'now' | 'sleep'>
  readonly mask: (secret: string) => void
}

/** A token is renewed so long before it expires. */
const renewalMs = 60_000

/**
 * ECR Public: its API has neither BatchGetImage nor scans, mutability or creation templates, so that
 * manifests go by the registry's protocol. The client of its API is loaded when it is first asked.
 * @param origin Of the registry.
 */
export function createEcrPublic(
  settings: AwsClientSettings,
  surroundings: EcrPublicSurroundings,
  origin = 'https://public.ecr.aws',
): Ecr {
  let loaded: Promise<EcrPublicApi> | undefined
  const api = (): Promise<EcrPublicApi> => (loaded ??= load(settings))
  const authorization = bearer(api, surroundings)
  const { clock } = surroundings
  const manifests = new RegistryManifests({ service, origin, authorization, clock })
  return {
    authorizationToken: async () => (await api()).authorizationToken(),
    describeRepository: async (name) => (await api()).describeRepository(name),
    tagsOf: async (repository, digest) => (await api()).tagsOf(repository, digest),
    newestTags: async (repository, count) => (await api()).newestTags(repository, count),
    readManifest: ({ name }, image) =>
      manifests.read(name, 'tag' in image ? image.tag : image.digest),
    tagImage: ({ name }, manifest, tag, signal) => manifests.put(name, manifest, tag, signal),
    ...nothingElse(),
  }
}

async function load(settings: AwsClientSettings): Promise<EcrPublicApi> {
  const { createEcrPublicApi } = await import('./ecr-public-api.ts')
  return createEcrPublicApi(settings)
}

/**
 * The registry takes the API's token itself, `AWS:<password>` in base64, as a bearer (ECR Public user
 * guide, registry authentication by HTTP).
 */
function bearer(
  api: () => Promise<EcrPublicApi>,
  { clock, mask }: EcrPublicSurroundings,
): () => Promise<string> {
  let current: RegistryToken | undefined
  return async () => {
    const soonMs = clock.now().getTime() + renewalMs
    if (current === undefined || current.expiresAt.getTime() < soonMs) {
      current = await (await api()).authorizationToken()
      mask(current.password)
      mask(basicCredential(current))
    }
    return `Bearer ${basicCredential(current)}`
  }
}

/** What there is not, in the words of an API that refuses it. */
function nothingElse(): Pick<
  Ecr,
  | 'describeScan'
  | 'startScan'
  | 'readTail'
  | 'readBlob'
  | 'hasLayer'
  | 'registryHosts'
  | 'pushTemplates'
  | 'createRepository'
  | 'madeRepository'
  | 'putLifecyclePolicy'
  | 'setRepositoryPolicy'
> {
  const refuse = (operation: string, message: string) => (): Promise<never> =>
    Promise.reject(
      new AwsFailure({ service, operation, code: 'UnsupportedCommandException', message }),
    )
  const unmade = 'repositories of ECR Public are not made here'
  return {
    describeScan: refuse('DescribeImageScanFindings', 'ECR Public scans no images'),
    startScan: refuse('StartImageScan', 'ECR Public scans no images'),
    readTail: refuse('GetDownloadUrlForLayer', 'ECR Public has no download URLs'),
    readBlob: refuse('GetDownloadUrlForLayer', 'ECR Public has no download URLs'),
    hasLayer: refuse('BatchCheckLayerAvailability', 'the registry itself is asked for layers'),
    registryHosts: refuse('DescribeRegistries', 'ECR Public has one host'),
    pushTemplates: () => Promise.resolve([]),
    createRepository: refuse('CreateRepository', unmade),
    madeRepository: refuse('DescribeRepositories', unmade),
    putLifecyclePolicy: refuse('PutLifecyclePolicy', unmade),
    setRepositoryPolicy: refuse('SetRepositoryPolicy', unmade),
  }
}
