import { repositoryArn } from '../../iam/place.ts'
import { epochSeconds } from '../../wire/json.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import { imageStatus } from '../store/image-status.ts'
import { isIndexType } from '../store/media-types.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository, StoredImage } from '../store/repository.ts'
import { severityCounts, type ScanFinding } from '../store/scan-finding.ts'
import type { ScanState } from '../store/scans.ts'
import type { EcrOperations } from './operation.ts'
import { pageOf } from './page.ts'
import { imageIdJson, imageIdOf, named, targetImage, targetRepository } from './target.ts'

const DAY_MS = 24 * 3600 * 1000

/** Operations on the scans of images. */
export const scanningOperations: EcrOperations = {
  StartImageScan: (registry, input) => {
    const repository = targetRepository(registry, input)
    const image = targetImage(registry, repository, input)
    checkScannable(registry, repository, image)
    registry.scans.start(repository, image.manifest.digest)
    const state = registry.scans.stateOf(repository, image)
    return {
      ...named(registry, repository),
      imageId: imageIdOfScan(input, image),
      imageScanStatus: { status: state?.status ?? 'IN_PROGRESS' },
    }
  },
  DescribeImageScanFindings: (registry, input) => {
    const repository = targetRepository(registry, input)
    const image = targetImage(registry, repository, input)
    const state = registry.scans.stateOf(repository, image)
    if (state === undefined) throw scanNotFound(registry, repository, input)
    const { items, nextToken } = pageOf(state.findings, input)
    const { status, description } = state
    return {
      ...named(registry, repository),
      imageId: imageIdOfScan(input, image),
      imageScanStatus: { status, description },
      imageScanFindings: findingsJson(registry, repository, image, state, items),
      ...(nextToken !== undefined && { nextToken }),
    }
  },
}

/** `imageScanStatus` and `imageScanFindingsSummary` of DescribeImages. */
export function scanSummary(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
): JsonObject {
  const state = registry.scans.stateOf(repository, image)
  if (state === undefined) return {}
  const { status, description } = state
  const summary = summaryJson(state)
  return {
    imageScanStatus: { status, description },
    ...(Object.keys(summary).length > 0 && { imageScanFindingsSummary: summary }),
  }
}

function checkScannable(registry: Registry, repository: Repository, image: StoredImage): void {
  const { mediaType, digest } = image.manifest
  if (registry.scans.configuration.scanType === 'ENHANCED') {
    throw new ServiceError('ValidationException', 'This feature is disabled')
  }
  if (isIndexType(mediaType)) {
    throw new ServiceError(
      'UnsupportedImageTypeException',
      `An artifact with media type '${mediaType}' cannot be scanned. For more information, see ` +
        'the Amazon ECR documentation.',
    )
  }
  const nowMs = registry.clock.now()
  if (imageStatus(image, nowMs) !== 'ACTIVE') {
    throw new ServiceError(
      'ImageArchivedException',
      'The specified image is archived and cannot be scanned.',
    )
  }
  const lastMs = registry.scans.startedAtMs(repository, digest)
  if (lastMs !== undefined && nowMs - lastMs < DAY_MS) {
    throw new ServiceError(
      'LimitExceededException',
      'The scan quota per image has been exceeded. Wait and try again.',
    )
  }
}

function scanNotFound(registry: Registry, repository: Repository, input: JsonObject): ServiceError {
  const given = input['imageId']
  const id = imageIdOf(typeof given === 'object' && !Array.isArray(given) && given ? given : {})
  return new ServiceError(
    'ScanNotFoundException',
    `Image scan does not exist for the image with '{imageDigest:'${id.digest ?? 'null'}', ` +
      `imageTag:'${id.tag ?? 'null'}'}' in the repository with name '${repository.name}' in the ` +
      `registry with id '${registry.id}'`,
  )
}

function imageIdOfScan(input: JsonObject, { manifest }: StoredImage): JsonObject {
  const given = input['imageId']
  const id = imageIdOf(typeof given === 'object' && !Array.isArray(given) && given ? given : {})
  return imageIdJson({ ...id, digest: manifest.digest })
}

function summaryJson({ findings, completedAtMs }: ScanState): JsonObject {
  if (completedAtMs === undefined) return {}
  return {
    imageScanCompletedAt: epochSeconds(completedAtMs),
    vulnerabilitySourceUpdatedAt: epochSeconds(completedAtMs),
    findingSeverityCounts: severityCounts(findings),
  }
}

function findingsJson(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  state: ScanState,
  findings: readonly ScanFinding[],
): JsonObject {
  const enhanced = (finding: ScanFinding): JsonObject =>
    enhancedFinding(registry, repository, image, finding)
  return {
    ...summaryJson(state),
    ...(state.isEnhanced
      ? { enhancedFindings: findings.map(enhanced) }
      : { findings: findings.map(basicFinding) }),
  }
}

function basicFinding(finding: ScanFinding): JsonObject {
  const { name, severity, description = name, uri, packageName, packageVersion } = finding
  const attributes = Object.entries({
    package_name: packageName,
    package_version: packageVersion,
  }).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]))
  return { name, severity, description, ...(uri !== undefined && { uri }), attributes }
}

function enhancedFinding(
  registry: Registry,
  repository: Repository,
  { manifest }: StoredImage,
  finding: ScanFinding,
): JsonObject {
  const { name, severity, description = name, uri, packageName, packageVersion } = finding
  const { accountId, region } = registry.place
  const packages =
    packageName === undefined ? [] : [{ name: packageName, version: packageVersion ?? '' }]
  return {
    awsAccountId: accountId,
    findingArn: `arn:aws:inspector2:${region}:${accountId}:finding/${name}-${manifest.digest.slice(7, 19)}`,
    type: 'PACKAGE_VULNERABILITY',
    status: 'ACTIVE',
    title: packageName === undefined ? name : `${name} - ${packageName}`,
    severity: severity === 'UNDEFINED' ? 'UNTRIAGED' : severity,
    description,
    packageVulnerabilityDetails: {
      vulnerabilityId: name,
      ...(uri !== undefined && { sourceUrl: uri }),
      vulnerablePackages: packages,
    },
    resources: [
      {
        type: 'AWS_ECR_CONTAINER_IMAGE',
        id: `${repositoryArn(repository.name, registry.place)}/${manifest.digest}`,
      },
    ],
  }
}
