import type { Clock } from './clock/clock.ts'
import { RealClock } from './clock/real-clock.ts'
import { Control } from './control/control.ts'
import { stateOf } from './control/state.ts'
import { Ecr } from './ecr/ecr.ts'
import { LayerBucketFront } from './ecr/layer-downloads.ts'
import type { BlobStore } from './ecr/store/blob-store.ts'
import { DiskBlobs } from './ecr/store/disk-blobs.ts'
import { MemoryBlobs } from './ecr/store/memory-blobs.ts'
import { RegistryFront } from './ecr/v2/front.ts'
import { ScriptedDriver } from './ecs/drivers/scripted-driver.ts'
import { createEcs, type Ecs } from './ecs/ecs.ts'
import { Elbv2 } from './elbv2/elbv2.ts'
import { EcrPublic } from './ecr-public/ecr-public.ts'
import { PublicTokenFront } from './ecr-public/front.ts'
import { Faults } from './faults/faults.ts'
import { OidcEndpoints } from './github/oidc/endpoints.ts'
import { OidcIssuer } from './github/oidc/issuer.ts'
import { GitHubEndpoints } from './github/rest/endpoints.ts'
import { GitHub } from './github/rest/github.ts'
import { GITHUB_OPERATIONS } from './github/rest/route.ts'
import { Iam } from './iam/iam.ts'
import type { Place } from './iam/place.ts'
import { RoleReads } from './iam/role-reads.ts'
import type { RegistryOptions, SimulatorOptions } from './options.ts'
import { createLogs } from './logs/logs.ts'
import { Sts } from './sts/sts.ts'
import { Throttling } from './throttling/throttling.ts'
import { AwsFront } from './wire/aws-front.ts'
import { createDispatch } from './wire/dispatch.ts'
import { JsonProtocol } from './wire/json-protocol.ts'
import { QueryProtocol } from './wire/query-protocol.ts'
import { Reactions } from './wire/reactions.ts'
import { RequestLog } from './wire/request-log.ts'
import type { Mount } from './wire/router.ts'
import type { JsonService } from './wire/service.ts'

/** Everything that is simulated, not yet listening. */
export interface Services {
  readonly place: Place
  readonly clock: Clock
  readonly iam: Iam
  readonly sts: Sts
  readonly oidc: OidcIssuer
  readonly github: GitHub
  readonly ecr: Ecr
  readonly ecrPublic: EcrPublic
  readonly ecs: Ecs
  readonly logs: JsonService
  readonly elbv2: Elbv2
  readonly roleReads: RoleReads
  readonly requests: RequestLog
  readonly faults: Faults
  readonly throttling: Throttling
  readonly reactions: Reactions
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
  const { foreignImages = 'refuse' } = options.registry ?? {}
  const blobs = await blobStoreOf(options.registry)
  const ecr = new Ecr(clock, place, blobs, foreignImages)
  const ecrPublic = new EcrPublic(clock, place.accountId, blobs)
  iam.attachResourcePolicies('ecr', (arn) => ecr.registry.policyAt(arn))
  const ecs = createEcs({
    ...options.ecs,
    ...place,
    clock,
    driver: options.driver ?? new ScriptedDriver(clock),
    images: ecr,
  })
  const logs = createLogs(ecs, clock)
  const elbv2 = new Elbv2(ecs)
  const roleReads = new RoleReads(iam, clock, () => ecs.rolesInUse())
  const services = {
    ...{ place, clock, iam, sts, oidc, ecr, ecrPublic, ecs, logs, elbv2, roleReads },
    github: new GitHub(clock),
    requests: new RequestLog(),
    faults: new Faults(clock, operationsOf({ ecs, ecr, ecrPublic, sts, logs, elbv2, roleReads })),
    throttling: new Throttling(clock, place.accountId, options.throttling ?? 'off'),
    reactions: new Reactions(),
  }
  const close = async (): Promise<void> => {
    await ecs.close()
    await ecr.registry.close()
  }
  return { ...services, ...frontEnds(services), close }
}

async function blobStoreOf({ blobs, directory }: RegistryOptions = {}): Promise<BlobStore> {
  if (blobs !== undefined) return blobs
  return directory === undefined ? new MemoryBlobs() : DiskBlobs.create(directory)
}

/** What a fault plan can name; the registry's and the issuer's operations are few and fixed. */
function operationsOf({
  ecs,
  ecr,
  ecrPublic,
  sts,
  logs,
  elbv2,
  roleReads,
}: Pick<Services, 'ecs' | 'ecr' | 'ecrPublic' | 'sts' | 'logs' | 'elbv2' | 'roleReads'>) {
  return {
    ecs: Object.keys(ecs.operations),
    ecr: Object.keys(ecr.operations),
    'ecr-public': Object.keys(ecrPublic.operations),
    sts: [...Object.keys(sts.operations), ...Object.keys(sts.anonymous)],
    logs: Object.keys(logs.operations),
    elasticloadbalancing: Object.keys(elbv2.operations),
    iam: Object.keys(roleReads.operations),
    oidc: ['GetIdToken'],
    github: GITHUB_OPERATIONS,
    layers: ['GetObject'],
    registry: undefined,
  }
}

function frontEnds(
  services: Omit<Services, 'mounts' | 'registryFront' | 'close'>,
): Pick<Services, 'mounts' | 'registryFront'> {
  const { clock, iam, sts, oidc, ecr, ecs, logs, elbv2, requests, faults, throttling } = services
  const { ecrPublic, reactions, roleReads } = services
  const layers = [faults.layer, throttling.layer, reactions.layer]
  const dispatch = createDispatch(clock, requests, layers)
  const registryFront = new RegistryFront(ecr.registry, ecr.tokens, ecrPublic, iam, dispatch)
  const aws = new AwsFront(
    new JsonProtocol([ecr, ecrPublic, ecs, logs], iam, dispatch),
    new QueryProtocol([sts, elbv2, roleReads], iam, dispatch),
  )
  const control = new Control({
    ...{ clock, requests, faults, state: () => stateOf(services) },
    disturb: (disturbance) => ecs.disturb(disturbance),
  })
  const github = new GitHubEndpoints(services.github, dispatch)
  const issuer = new OidcEndpoints(oidc, dispatch)
  const bucket = new LayerBucketFront(ecr.downloads, dispatch)
  const tokens = new PublicTokenFront(ecrPublic.tokens)
  return { mounts: [control, registryFront, tokens, bucket, issuer, github, aws], registryFront }
}
