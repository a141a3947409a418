import { repositoryArn } from '../../iam/place.ts'
import { objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { ScanFrequency, ScanningConfiguration } from '../store/scans.ts'
import type { EcrOperations } from './operation.ts'
import { required } from './target.ts'

/** Operations on how a registry has its images scanned. */
export const scanningConfigurationOperations: EcrOperations = {
  GetRegistryScanningConfiguration: (registry) => ({
    registryId: registry.id,
    scanningConfiguration: configurationJson(registry.scans.configuration),
  }),
  PutRegistryScanningConfiguration: (registry, input) => {
    const scanType = stringMember(input, 'scanType') ?? 'BASIC'
    if (scanType !== 'BASIC' && scanType !== 'ENHANCED') {
      throw invalidParameter('scanType', 'Member must satisfy enum value set: [BASIC, ENHANCED]')
    }
    const rules = (objectsMember(input, 'rules') ?? []).map((rule) => ruleOf(rule, scanType))
    registry.scans.configuration = { scanType, rules }
    return { registryScanningConfiguration: configurationJson(registry.scans.configuration) }
  },
  BatchGetRepositoryScanningConfiguration: (registry, input) => {
    const names = stringsMember(input, 'repositoryNames') ?? []
    const scanningConfigurations: JsonObject[] = []
    const failures: JsonObject[] = []
    for (const repositoryName of names) {
      const repository = registry.find(repositoryName)
      if (repository === undefined) {
        const failureCode = 'REPOSITORY_NOT_FOUND'
        failures.push({ repositoryName, failureCode, failureReason: 'Repository not found' })
      } else {
        scanningConfigurations.push({
          repositoryArn: repositoryArn(repositoryName, registry.place),
          repositoryName,
          scanOnPush: registry.scans.frequencyOf(repository) === 'SCAN_ON_PUSH',
          scanFrequency: registry.scans.frequencyOf(repository),
          appliedScanFilters: [],
        })
      }
    }
    return { scanningConfigurations, failures }
  },
}

function ruleOf(
  rule: JsonObject,
  scanType: ScanningConfiguration['scanType'],
): ScanningConfiguration['rules'][number] {
  const scanFrequency = required(rule, 'scanFrequency')
  if (
    !isFrequency(scanFrequency) ||
    (scanType === 'BASIC' && scanFrequency === 'CONTINUOUS_SCAN')
  ) {
    throw invalidParameter(
      'scanFrequency',
      `'${scanFrequency}' is not valid for ${scanType} scanning`,
    )
  }
  const filters = objectsMember(rule, 'repositoryFilters') ?? []
  return { scanFrequency, filters: filters.map((filter) => required(filter, 'filter')) }
}

function isFrequency(text: string): text is ScanFrequency {
  return text === 'SCAN_ON_PUSH' || text === 'CONTINUOUS_SCAN' || text === 'MANUAL'
}

function configurationJson({ scanType, rules }: ScanningConfiguration): JsonObject {
  return {
    scanType,
    rules: rules.map(({ scanFrequency, filters }) => ({
      scanFrequency,
      repositoryFilters: filters.map((filter) => ({ filter, filterType: 'WILDCARD' })),
    })),
  }
}
