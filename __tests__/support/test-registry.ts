import { CreateRepositoryCommand, ECRClient, type ImageTagMutability } from '@aws-sdk/client-ecr'
import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { createEcrPublic } from '../../src/adapters/aws/ecr-public.ts'
import { createEcr } from '../../src/adapters/aws/ecr.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { isPublic } from '../../src/core/image/repository/repository.ts'
import type { AwsClientSettings } from '../../src/adapters/aws/settings.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { Ecr } from '../../src/ports/ecr.ts'
import { imageOf, indexOf, type TestImage } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'

export const registryHost = '123456789012.dkr.ecr.us-east-1.amazonaws.com'

/** A simulated registry and the settings with which the real SDK reaches it. */
export interface TestRegistry {
  readonly simulator: Simulator
  readonly clock: VirtualClock
  /** Of one who may do all. */
  readonly settings: AwsClientSettings
  /** Of one who may do nothing. */
  readonly settingsOfStranger: AwsClientSettings
  /** May do what is listed and nothing else. */
  settingsOf(allow: readonly string[]): AwsClientSettings
  /** Writes as docker would, by the registry's own protocol. */
  readonly client: RegistryClient
  createRepository(
    name: string,
    mutability?: string,
    exclusionFilters?: readonly string[],
  ): Promise<void>
  close(): Promise<void>
}

export async function openRegistry(): Promise<TestRegistry> {
  const clock = new VirtualClock()
  const simulator = await startSimulator({ clock })
  process.env['AWS_ENDPOINT_URL_ECR'] = simulator.url
  process.env['AWS_ENDPOINT_URL_ECR_PUBLIC'] = simulator.url
  const administrator = simulator.iam.addUser({ name: 'administrator' })
  const settings = settingsFor(administrator)
  const ecr = new ECRClient({ ...settings, endpoint: simulator.url })
  const settingsOf = (allow: readonly string[]): AwsClientSettings =>
    settingsFor(simulator.iam.addUser({ name: `user-${allow.length}`, allow }))
  return {
    simulator,
    clock,
    settings,
    settingsOf,
    settingsOfStranger: settingsOf([]),
    client: RegistryClient.loggedIn(simulator, administrator.accessKeyId),
    async createRepository(name, mutability = 'MUTABLE', exclusionFilters = []) {
      await ecr.send(
        new CreateRepositoryCommand({
          repositoryName: name,
          imageTagMutability: mutability as ImageTagMutability,
          ...(exclusionFilters.length > 0 && {
            imageTagMutabilityExclusionFilters: exclusionFilters.map((filter) => ({
              filterType: 'WILDCARD',
              filter,
            })),
          }),
        }),
      )
    },
    async close() {
      delete process.env['AWS_ENDPOINT_URL_ECR']
      delete process.env['AWS_ENDPOINT_URL_ECR_PUBLIC']
      ecr.destroy()
      await simulator.close()
    },
  }
}

function settingsFor(key: {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}): AwsClientSettings {
  return { region: 'us-east-1', credentials: () => Promise.resolve(key) }
}

/** A session whose ECR is the real adapter; the stages under test ask for nothing else of AWS. */
export function sessionOf(
  settings: AwsClientSettings,
  altered: (ecr: Ecr) => Ecr = (ecr) => ecr,
): AwsSession {
  const surroundings = { clock: systemClock, mask: () => undefined }
  const absent = (): never => {
    throw new Error('this test has no ECS')
  }
  return {
    caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/administrator' },
    region: settings.region,
    ecr: (place) =>
      altered(
        isPublic(place)
          ? createEcrPublic(settings, surroundings, process.env['AWS_ENDPOINT_URL_ECR_PUBLIC'])
          : createEcr({ ...settings, region: place.region }),
      ),
    async childCredentials() {
      const { accessKeyId, secretAccessKey } = await settings.credentials()
      return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    },
    get ecs() {
      return absent()
    },
    get logs() {
      return absent()
    },
    get targetGroups() {
      return absent()
    },
    get roles() {
      return absent()
    },
  }
}

/** Pushes an index with one image per platform and an attestation, as BuildKit does. */
export async function pushImage(
  registry: TestRegistry,
  repository: string,
  tag: string,
  about: {
    readonly salt?: string
    readonly platforms?: readonly string[]
    readonly annotations?: Readonly<Record<string, string>>
  } = {},
): Promise<TestImage> {
  const { salt = '', platforms = ['linux/amd64', 'linux/arm64'], annotations = {} } = about
  const children = [...platforms, 'unknown/unknown'].map((platform): [string, TestImage] => [
    platform,
    imageOf(platform, salt, { annotations }),
  ])
  for (const [, image] of children) await accepted(registry.client.push(repository, image))
  const index = indexOf(Object.fromEntries(children))
  await accepted(registry.client.push(repository, index, tag))
  return index
}

async function accepted(answer: Promise<Response>): Promise<void> {
  const response = await answer
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
}
