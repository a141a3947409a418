import { ServiceError } from '../../wire/service.ts'

/** ECR's refusals, in its own words; the `/v2/` front translates the codes. */
export function repositoryNotFound(name: string, registryId: string): ServiceError {
  return new ServiceError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  )
}

export function invalidParameter(name: string, constraint: string): ServiceError {
  return new ServiceError(
    'InvalidParameterException',
    `Invalid parameter at '${name}' failed to satisfy constraint: '${constraint}'`,
  )
}

export function tagTaken(tag: string, repositoryName: string): ServiceError {
  return new ServiceError(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${repositoryName}' repository and cannot be ` +
      'overwritten because the tag is immutable.',
  )
}

export function imageAlreadyExists(
  digest: string,
  tag: string | undefined,
  repositoryName: string,
  registryId: string,
): ServiceError {
  return new ServiceError(
    'ImageAlreadyExistsException',
    `Image with digest '${digest}' and tag '${tag ?? 'null'}' already exists in the repository ` +
      `with name '${repositoryName}' in registry with id '${registryId}'`,
  )
}

export function imageNotFound(
  imageId: { readonly digest?: string | undefined; readonly tag?: string | undefined },
  repositoryName: string,
  registryId: string,
): ServiceError {
  const { digest = 'null', tag = 'null' } = imageId
  return new ServiceError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${digest}', imageTag:'${tag}'} does not exist within ` +
      `the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
  )
}

export function missingContent(
  kind: 'Images' | 'Layers',
  digests: readonly string[],
  repositoryName: string,
  registryId: string,
): ServiceError {
  const code = kind === 'Images' ? 'ReferencedImagesNotFoundException' : 'LayersNotFoundException'
  return new ServiceError(
    code,
    `${kind} with digests '[${digests.join(', ')}]' required for pushing image into repository ` +
      `with name '${repositoryName}' in the registry with id '${registryId}' do not exist`,
  )
}
