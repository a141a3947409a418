import {
  ECRClient,
  paginateDescribeImageScanFindings,
  StartImageScanCommand,
  type DescribeImageScanFindingsResponse,
  type EnhancedImageScanFinding,
  type ImageScanFinding,
} from '@aws-sdk/client-ecr'

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { ImageScan, ScanFinding } from '../../core/scan/scan-verdict.ts'
import type { EcrScan } from '../../ports/ecr-scan.ts'
import type { RepositoryKey } from '../../ports/ecr.ts'
import { callAws, readAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

const pageSize = 1000

/** ECR's scans, basic and enhanced, in one form. */
export function createEcrScan(client: ECRClient, settings: AwsClientSettings): EcrScan {
  // The SDK takes LimitExceededException for throttling (measured) and would ask for a second scan
  // in 24 hours again and again.
  const starter = new ECRClient(clientConfiguration(settings, 1))
  return {
    describeScan: async (repository, digest) => {
      try {
        return await readAws('ECR', 'DescribeImageScanFindings', () =>
          describeScan(client, repository, digest),
        )
      } catch (error) {
        if (error instanceof AwsFailure && error.code === 'ScanNotFoundException') return undefined
        throw error
      }
    },
    startScan: async (repository, digest) => {
      await callAws('ECR', 'StartImageScan', () =>
        starter.send(new StartImageScanCommand(imageOf(repository, digest))),
      )
    },
  }
}

function imageOf({ accountId, name }: RepositoryKey, digest: Digest) {
  return { registryId: accountId, repositoryName: name, imageId: { imageDigest: digest } }
}

async function describeScan(
  client: ECRClient,
  repository: RepositoryKey,
  digest: Digest,
): Promise<ImageScan> {
  const pages: DescribeImageScanFindingsResponse[] = []
  const answers = paginateDescribeImageScanFindings(
    { client, pageSize },
    imageOf(repository, digest),
  )
  for await (const page of answers) pages.push(page)
  const [first] = pages
  const counts = first?.imageScanFindings?.findingSeverityCounts
  return {
    status: first?.imageScanStatus?.status ?? 'UNKNOWN',
    description: first?.imageScanStatus?.description,
    counts: counts && lowerCase(counts),
    completedAt: first?.imageScanFindings?.imageScanCompletedAt,
    findings: pages.flatMap(({ imageScanFindings }) => [
      ...(imageScanFindings?.findings ?? []).map(basicFinding),
      ...(imageScanFindings?.enhancedFindings ?? []).map(enhancedFinding),
    ]),
  }
}

function lowerCase(counts: Partial<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([severity, count]) => [severity.toLowerCase(), count ?? 0]),
  )
}

function basicFinding({ name, severity, attributes = [] }: ImageScanFinding): ScanFinding {
  const value = (key: string) => attributes.find((attribute) => attribute.key === key)?.value
  return {
    name: name ?? 'unnamed',
    severity: (severity ?? 'UNDEFINED').toLowerCase(),
    packageName: packageText(value('package_name'), value('package_version')),
  }
}

function enhancedFinding(finding: EnhancedImageScanFinding): ScanFinding {
  const details = finding.packageVulnerabilityDetails
  const [first] = details?.vulnerablePackages ?? []
  return {
    name: details?.vulnerabilityId ?? finding.title ?? 'unnamed',
    severity: (finding.severity ?? 'UNTRIAGED').toLowerCase(),
    packageName: packageText(first?.name, first?.version),
  }
}

function packageText(name: string | undefined, version: string | undefined): string | undefined {
  return name === undefined ? undefined : [name, version].filter(Boolean).join(' ')
}
