import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ContainerDriver } from '../../simulator/ecs/drivers/container-driver.ts'
import type { BlobStore } from '../../simulator/ecr/store/blob-store.ts'
import { trustGitHub } from '../../simulator/iam/trust-policy.ts'
import type { RegistryOptions } from '../../simulator/options.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { createTlsIdentity } from '../../simulator/wire/tls.ts'
import { pushLayout } from '../world/push-layout.ts'
import { trustCertificates } from '../world/trust.ts'

export const accountId = '123456789012'
export const region = 'us-east-1'
/** The true name of the registry. Inside a world it leads to {@link registryAddress}. */
export const ecrHost = `${accountId}.dkr.ecr.${region}.amazonaws.com`
export const registryAddress = '127.0.0.77'
export const roleArn = `arn:aws:iam::${accountId}:role/deployer`
export const repository = 'sample/hello'
/** Where the demo's own service is. */
export const demoCluster = 'demo'
/** Where the service of two images is. */
export const shopCluster = 'shop'

/** The base image where a public registry is in reach and Debian's packages are not. */
const publicBase = 'public.ecr.aws/docker/library/busybox:stable-musl'

/** How the machine is that the demo plays on. */
export interface StageOptions {
  /** OCI layout of the base image for both CPUs; undefined: {@link publicBase} is used. */
  readonly baseImage: string | undefined
  /** Whether the machine is a private world: then the registry has its true name, and TLS. */
  readonly world: boolean
  /** In a world, further hosts of the registry; they lead to {@link registryAddress}, too. */
  readonly furtherHosts?: readonly string[]
  /** Clusters to make, each with a service `hello`. */
  readonly clusters: readonly string[]
  /** What keeps the registry's content; unless told, the simulator itself does. */
  readonly blobs?: BlobStore
}

/**
 * An AWS account with an immutable repository, a role that trusts GitHub's token of one repository,
 * and a service whose tasks are real containers of this machine's Docker engine.
 */
export class Stage {
  readonly simulator: Simulator
  /** Host of the registry as images name it. */
  readonly registryHost: string
  /** Variables by which a process reaches everything here. */
  readonly environment: Readonly<Record<string, string>>
  /** What the sample application is built on, and what the service's placeholder runs. */
  base = publicBase
  /** Emptied at the end. */
  readonly directory: string
  readonly #authority: string | undefined

  private constructor(
    simulator: Simulator,
    registryHost: string,
    environment: Readonly<Record<string, string>>,
    directory: string,
    authority: string | undefined,
  ) {
    this.simulator = simulator
    this.registryHost = registryHost
    this.environment = { ...simulator.environment, ...environment }
    this.directory = directory
    this.#authority = authority
  }

  static async open(options: StageOptions): Promise<Stage> {
    const { baseImage, world, furtherHosts = [], clusters, blobs } = options
    const directory = mkdtempSync(join(tmpdir(), 'steadyship-demo-'))
    const dockerConfig = join(directory, 'task-execution-role')
    mkdirSync(dockerConfig)
    const tls = world ? await createTlsIdentity([ecrHost, ...furtherHosts]) : undefined
    const simulator = await startSimulator({
      accountId,
      region,
      registry: {
        ...{ ...registryOptions(tls), ...(blobs && { blobs }) },
        foreignImages: baseImage ? 'refuse' : 'assume',
      },
      driver: new ContainerDriver({ environment: { ...process.env, DOCKER_CONFIG: dockerConfig } }),
      // A service without a load balancer and a placeholder without a health check settle sooner.
      ecs: { pace: { settledAfterMs: 3_000, completesAfterMs: 3_000 } },
    })
    const host = tls === undefined ? simulator.registry.host : ecrHost
    const hosts = [host, ...furtherHosts]
    const environment = tls === undefined ? {} : await trustCertificates(hosts, tls.authority)
    const stage = new Stage(simulator, host, environment, directory, tls?.authority)
    stage.#populate(dockerConfig, hosts)
    if (baseImage !== undefined) await stage.#pushBase(baseImage)
    for (const cluster of clusters) await stage.#createService(cluster)
    return stage
  }

  #populate(dockerConfig: string, hosts: readonly string[]): void {
    const { iam, ecr } = this.simulator
    const trustPolicy = trustGitHub({ accountId, subject: 'repo:octo-org/hello:*' })
    iam.addRole({ name: 'deployer', trustPolicy })
    ecr.registry.create(repository, { tagMutability: 'IMMUTABLE' })
    writeFileSync(join(dockerConfig, 'config.json'), this.#dockerLogin(hosts))
  }

  async #pushBase(layout: string): Promise<void> {
    this.simulator.ecr.registry.create('base/busybox', { tagMutability: 'IMMUTABLE' })
    await pushLayout(layout, {
      registry: this.simulator.registry.url.replace(registryAddress, this.registryHost),
      repository: 'base/busybox',
      tag: 'stable',
      credentials: this.credentials(),
      ...(this.#authority !== undefined && { certificateAuthority: this.#authority }),
    })
    this.base = `${this.registryHost}/base/busybox:stable`
  }

  /** A registry login of an administrator, for readers that are not the action. */
  credentials(): { readonly username: string; readonly password: string } {
    const { accessKeyId } = this.simulator.iam.addUser({ name: 'administrator' })
    return { username: 'AWS', password: this.simulator.ecr.tokens.issue(accessKeyId).password }
  }

  #dockerLogin(hosts: readonly string[]): string {
    const { username, password } = this.credentials()
    const auth = Buffer.from(`${username}:${password}`).toString('base64')
    return JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) })
  }

  /** What infrastructure code would have made: a cluster and a service on a placeholder image. */
  async #createService(cluster: string): Promise<void> {
    await this.call('CreateCluster', { clusterName: cluster })
    await this.call('RegisterTaskDefinition', {
      family: 'hello',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn: `arn:aws:iam::${accountId}:role/hello-execution`,
      runtimePlatform: { cpuArchitecture: process.arch === 'arm64' ? 'ARM64' : 'X86_64' },
      // `sleep` does not heed SIGTERM: without the time-out its end would take 30 s.
      containerDefinitions: [
        { name: 'hello', image: this.base, command: ['sleep', '86400'], stopTimeout: 2 },
      ],
    })
    await this.call('CreateService', {
      cluster,
      serviceName: 'hello',
      taskDefinition: 'hello',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    })
  }

  /** A service of two containers, both on a placeholder, and the repositories of their images. */
  async createShop(cluster = shopCluster): Promise<void> {
    const containers = ['web', 'worker']
    for (const name of containers) {
      this.simulator.ecr.registry.create(`sample/${name}`, { tagMutability: 'IMMUTABLE' })
    }
    await this.call('CreateCluster', { clusterName: cluster })
    const placeholder = { image: this.base, command: ['sleep', '86400'], stopTimeout: 2 }
    await this.call('RegisterTaskDefinition', {
      family: 'shop',
      ...{ requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512' },
      executionRoleArn: `arn:aws:iam::${accountId}:role/shop-execution`,
      runtimePlatform: { cpuArchitecture: process.arch === 'arm64' ? 'ARM64' : 'X86_64' },
      containerDefinitions: containers.map((name) => ({ name, ...placeholder })),
    })
    await this.call('CreateService', {
      ...{ cluster, serviceName: 'shop', taskDefinition: 'shop', desiredCount: 1 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    })
  }

  /** An ECS operation as an operator calls it. */
  async call(operation: string, input: object): Promise<unknown> {
    const perform = this.simulator.ecs.operations[operation]
    if (perform === undefined) throw new TypeError(`the simulator has no ${operation}`)
    const arn = `arn:aws:iam::${accountId}:user/operator`
    const caller = { accessKeyId: 'operator', accountId, arn, region }
    const plain = JSON.parse(JSON.stringify(input)) as Parameters<typeof perform>[0]
    return perform(plain, { caller, requestId: 'operator' })
  }

  async close(): Promise<void> {
    await this.simulator.close()
    await rm(this.directory, { recursive: true, force: true })
  }
}

function registryOptions(tls: RegistryOptions['tls']): RegistryOptions {
  return tls === undefined
    ? { listen: '127.0.0.1:0', proxyEndpoint: 'loopback' }
    : { listen: `${registryAddress}:443`, tls }
}
