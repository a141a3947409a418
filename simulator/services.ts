import type { Clock } from './clock/clock.ts'
import { RealClock } from './clock/real-clock.ts'
import { Control } from './control/control.ts'
import { Ecr } from './ecr/ecr.ts'
import { DiskBlobs } from './ecr/store/disk-blobs.ts'
import { MemoryBlobs } from './ecr/store/memory-blobs.ts'
import { RegistryFront } from './ecr/v2/front.ts'
import { ScriptedDriver } from './ecs/drivers/scripted-driver.ts'
import { createEcs, type Ecs } from './ecs/ecs.ts'
import { OidcEndpoints } from './github/oidc/endpoints.ts'
import { OidcIssuer } from './github/oidc/issuer.ts'
import { Iam } from './iam/iam.ts'
import type { Place } from './iam/resource.ts'
import type { SimulatorOptions } from './options.ts'
import { createLogs } from './logs/logs.ts'
import { Sts } from './sts/sts.ts'
import { AwsFront } from './wire/aws-front.ts'
import { createDispatch } from './wire/dispatch.ts'
import { JsonProtocol } from './wire/json-protocol.ts'
import { QueryProtocol } from './wire/query-protocol.ts'
import { RequestLog } from './wire/request-log.ts'
import type { Mount } from './wire/router.ts'
import type { JsonObject } from './wire/service.ts'

/** Everything that is simulated, not yet listening. */
export interface Services {
  readonly place: Place
  readonly clock: Clock
  readonly iam: Iam
  readonly sts: Sts
  readonly oidc: OidcIssuer
  readonly ecr: Ecr
  readonly ecs: Ecs
  readonly requests: RequestLog
  /** Every front end; the registry's listener of its own serves `registryFront` alone. */
  readonly mounts: readonly Mount[]
  readonly registryFront: Mount
  close(): Promise<void>
}

/** Puts the services together as `options` say. */
export async function createServices(options: SimulatorOptions): Promise<Services> {
  const clock = options.clock ?? new RealClock()
  const place = {
    accountId: options.accountId ?? '123456789012',
    region: options.region ?? 'us-east-1',
  }
  const iam = new Iam(clock, place)
  const oidc = new OidcIssuer(clock, options.oidc)
  const sts = new Sts(clock, iam, [
    { issuer: oidc.issuer, clientIds: ['sts.amazonaws.com'], keys: () => oidc.jwks() },
  ])
  const { directory, foreignImages = 'refuse' } = options.registry ?? {}
  const blobs = directory === undefined ? new MemoryBlobs() : await DiskBlobs.create(directory)
  const ecr = new Ecr(clock, place, blobs, foreignImages)
  const ecs = createEcs({
    ...options.ecs,
    ...place,
    clock,
    driver: options.driver ?? new ScriptedDriver(clock),
    images: ecr,
  })
  const services = { place, clock, iam, sts, oidc, ecr, ecs, requests: new RequestLog() }
  const close = async (): Promise<void> => {
    await ecs.close()
    await ecr.registry.close()
  }
  return { ...services, ...frontEnds(services), close }
}

function frontEnds(
  services: Omit<Services, 'mounts' | 'registryFront' | 'close'>,
): Pick<Services, 'mounts' | 'registryFront'> {
  const { place, clock, iam, sts, oidc, ecr, ecs, requests } = services
  const dispatch = createDispatch(clock, requests)
  const registryFront = new RegistryFront(ecr.registry, ecr.tokens, iam, dispatch)
  const aws = new AwsFront(
    new JsonProtocol([ecr, ecs, createLogs(ecs, clock)], iam, dispatch),
    new QueryProtocol(sts, iam, dispatch),
  )
  const state = (): JsonObject => ({
    ...place,
    iam: iam.state(),
    ecr: ecr.state(),
    ecs: ecs.dump(),
  })
  const control = new Control({ clock, requests, state })
  return { mounts: [control, registryFront, new OidcEndpoints(oidc, dispatch), aws], registryFront }
}
