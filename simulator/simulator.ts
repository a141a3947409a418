import type { Clock } from './clock/clock.ts'
import type { Ecr } from './ecr/ecr.ts'
import type { EcrPublic } from './ecr-public/ecr-public.ts'
import type { Ecs } from './ecs/ecs.ts'
import type { Faults } from './faults/faults.ts'
import { OIDC_PATH } from './github/oidc/endpoints.ts'
import type { OidcIssuer } from './github/oidc/issuer.ts'
import { GITHUB_PATH } from './github/rest/endpoints.ts'
import type { GitHub } from './github/rest/github.ts'
import type { Iam } from './iam/iam.ts'
import type { RegistryOptions, SimulatorOptions } from './options.ts'
import { createServices, type Services } from './services.ts'
import type { Sts } from './sts/sts.ts'
import type { Throttling } from './throttling/throttling.ts'
import { listen, type Listener } from './wire/listener.ts'
import type { Reactions } from './wire/reactions.ts'
import type { RequestLog } from './wire/request-log.ts'
import { createRouter } from './wire/router.ts'

/** A running simulator. */
export interface Simulator {
  /** Endpoint of every simulated AWS service: `http://127.0.0.1:4566`. */
  readonly url: string
  /** Where the `/v2/` front listens: the listener of its own, else the same server. */
  readonly registry: { readonly url: string; readonly host: string }
  /** What to export to a process so that it talks to the simulator. Holds no AWS credentials. */
  readonly environment: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly iam: Iam
  readonly sts: Sts
  readonly oidc: OidcIssuer
  /** GitHub's REST API: repositories, commits, deployments, tokens. */
  readonly github: GitHub
  readonly ecr: Ecr
  readonly ecrPublic: EcrPublic
  readonly ecs: Ecs
  readonly requests: RequestLog
  /** What goes wrong on purpose. */
  readonly faults: Faults
  /** AWS's limits of calls; off unless asked for. */
  readonly throttling: Throttling
  /** What somebody else does in the very moment of a call. */
  readonly reactions: Reactions
  /** Stops listening, cuts connections and gives up what is stored. */
  close(): Promise<void>
}

/** Starts the simulated AWS account on loopback. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const services = await createServices(options)
  const listeners: Listener[] = []
  const close = async (): Promise<void> => {
    for (const listener of listeners) await listener.close()
    await services.close()
  }
  try {
    services.faults.add(options.faults ?? [])
    const main = await listen('127.0.0.1', options.port ?? 0, createRouter(services.mounts))
    listeners.push(main)
    const registry = await listenForRegistry(options.registry, services)
    if (registry !== undefined) listeners.push(registry)
    return describe(services, options, main, registry ?? main, close)
  } catch (cause) {
    await close()
    throw cause
  }
}

function describe(
  services: Services,
  options: SimulatorOptions,
  main: Listener,
  registry: Listener,
  close: () => Promise<void>,
): Simulator {
  const { clock, iam, sts, oidc, github, ecr, ecs, requests, faults, throttling, place } = services
  ecr.hosts.push(main.host, registry.host)
  ecr.downloads.url = main.url
  if (options.registry?.proxyEndpoint === 'loopback') {
    ecr.proxyEndpoint = registry.url
    ecr.registry.publishedHost = registry.host
  }
  return {
    url: main.url,
    registry: { url: registry.url, host: registry.host },
    environment: environmentOf(main.url, place.region, oidc),
    clock,
    iam,
    sts,
    oidc,
    github,
    ecr,
    ecrPublic: services.ecrPublic,
    ecs,
    requests,
    faults,
    throttling,
    reactions: services.reactions,
    close,
  }
}

async function listenForRegistry(
  { listen: address, tls }: RegistryOptions = {},
  { registryFront }: Services,
): Promise<Listener | undefined> {
  if (address === undefined) {
    if (tls !== undefined) throw new TypeError('registry.tls needs registry.listen')
    return undefined
  }
  const [, hostname = '', port = ''] = /^(.+):(\d+)$/.exec(address) ?? []
  if (hostname === '') throw new TypeError(`registry.listen is host:port, not '${address}'`)
  return listen(hostname, Number(port), createRouter([registryFront]), tls)
}

function environmentOf(url: string, region: string, oidc: OidcIssuer): Record<string, string> {
  return {
    // The general one catches services that are not simulated: nothing may reach AWS itself.
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_ECR: url,
    AWS_ENDPOINT_URL_ECR_PUBLIC: url,
    AWS_ENDPOINT_URL_ECS: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    GITHUB_API_URL: `${url}${GITHUB_PATH}`,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${OIDC_PATH}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.requestToken,
  }
}
