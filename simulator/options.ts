import type { Clock } from './clock/clock.ts'
import type { BlobStore } from './ecr/store/blob-store.ts'
import type { ForeignImages } from './ecr/image-resolver.ts'
import type { TaskDriver } from './ecs/drivers/task-driver.ts'
import type { EcsOptions } from './ecs/ecs.ts'
import type { FaultPlan } from './faults/fault.ts'
import type { OidcOptions } from './github/oidc/issuer.ts'
import type { ThrottlingMode } from './throttling/throttling.ts'
import type { TlsMaterial } from './wire/listener.ts'

/** The `/v2/` front and what is behind it. */
export interface RegistryOptions {
  /** Blobs go to files below this directory, removed on close; without it they stay in memory. */
  readonly directory?: string
  /** Keeps the blobs instead, as a registry of somebody else's may; closed with the simulator. */
  readonly blobs?: BlobStore
  /** A listener of its own, `127.0.0.1:0`; the simulator's own server serves `/v2/` in any case. */
  readonly listen?: string
  /** Makes that listener speak TLS: see `createTlsIdentity`. */
  readonly tls?: TlsMaterial
  /** `aws`: clients are told the host that AWS would give. `loopback`: the listener's. */
  readonly proxyEndpoint?: 'aws' | 'loopback'
  /** Whether tasks may use images of other registries; default `refuse`. */
  readonly foreignImages?: ForeignImages
}

export interface SimulatorOptions {
  /** Default: real time. */
  readonly clock?: Clock
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number
  /** Default 123456789012. */
  readonly accountId?: string
  /** Default us-east-1. */
  readonly region?: string
  /** Runs ECS tasks; default: by script, every one healthy. */
  readonly driver?: TaskDriver
  readonly ecs?: Pick<EcsOptions, 'pace' | 'seed'>
  readonly registry?: RegistryOptions
  readonly oidc?: OidcOptions
  /** What goes wrong from the start; `simulator.faults` adds to it. */
  readonly faults?: FaultPlan
  /** Default `off`. */
  readonly throttling?: ThrottlingMode
}
