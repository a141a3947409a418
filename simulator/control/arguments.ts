import { parseArgs } from 'node:util'

import type { ThrottlingMode } from '../throttling/throttling.ts'

/** What the command line asks for. */
export interface Arguments {
  readonly port: number
  /** Undefined: the registry shares the simulator's port. */
  readonly registryPort?: number
  /** A file that receives the authority's certificate; the registry then speaks TLS. */
  readonly registryCa?: string
  readonly accountId: string
  readonly region: string
  /** Directory for blobs; undefined: memory. */
  readonly data?: string
  readonly clock: 'real' | 'virtual'
  readonly driver: 'scripted' | 'container'
  readonly repositories: readonly string[]
  readonly immutable: boolean
  readonly roles: readonly string[]
  /** The subject that roles trust. */
  readonly subject: string
  /** A file that says what there is from the start. */
  readonly seed?: string
  /** A file that says what goes wrong. */
  readonly faults?: string
  /** Undefined: off, unless the seed says something else. */
  readonly throttling?: ThrottlingMode
}

export type ParsedArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'run'; readonly arguments: Arguments }

export const USAGE = `Usage: npm run simulator -- [options]

Simulates one AWS account on loopback: ECS, ECR with its registry, STS, CloudWatch Logs; and of
GitHub the OIDC issuer and the REST API of commits and deployments.

  --port N               port of the AWS APIs (4566; 0: any free port)
  --registry-port N      a port of its own for the registry (else the same)
  --registry-ca FILE     the registry speaks TLS; FILE receives the certificate to trust
  --account ID           account id (123456789012)
  --region NAME          region (us-east-1)
  --data DIR             keep layers in files below DIR until the end (else in memory)
  --clock real|virtual   virtual: time stands still until POST /_simulator/clock/advance {"ms":…}
  --driver scripted|container
                         tasks follow a script, or are containers of the local Docker engine
  --repository NAME      create a repository; may be given several times
  --immutable            its tags are immutable
  --role NAME            create a role that GitHub's jobs may assume; may be given several times
  --subject PATTERN      the subject that the roles trust (repo:*)
  --seed FILE            fill it from a YAML file: images, roles, services, commits, faults and more
                         (examples/simulator/seed.yaml shows everything there is)
  --faults FILE          a fault plan, YAML or JSON; behind the faults of the seed
  --throttling off|aws   aws: refuse calls beyond the token buckets that AWS documents (off)
  --help                 this text

While it runs: GET /_simulator/state (?format=yaml), GET and DELETE /_simulator/requests,
GET, PUT and DELETE /_simulator/faults, POST /_simulator/disturb, POST /_simulator/clock/advance.
`

const OPTIONS = {
  port: { type: 'string', default: '4566' },
  'registry-port': { type: 'string' },
  'registry-ca': { type: 'string' },
  account: { type: 'string', default: '123456789012' },
  region: { type: 'string', default: 'us-east-1' },
  data: { type: 'string' },
  clock: { type: 'string', default: 'real' },
  driver: { type: 'string', default: 'scripted' },
  repository: { type: 'string', multiple: true },
  immutable: { type: 'boolean', default: false },
  role: { type: 'string', multiple: true },
  subject: { type: 'string', default: 'repo:*' },
  seed: { type: 'string' },
  faults: { type: 'string' },
  throttling: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

class Mistake extends Error {}

/** Reads the command line; every mistake is told in one sentence. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true })
    if (values.help) return { kind: 'help' }
    const registryPort = values['registry-port']
    const registryCa = values['registry-ca']
    const { seed, faults, throttling } = values
    if (!/^\d{12}$/.test(values.account)) throw new Mistake('--account is 12 digits')
    return {
      kind: 'run',
      arguments: {
        port: portOf('--port', values.port),
        ...(registryPort !== undefined && {
          registryPort: portOf('--registry-port', registryPort),
        }),
        ...(registryCa !== undefined && { registryCa }),
        accountId: values.account,
        region: values.region,
        ...(values.data !== undefined && { data: values.data }),
        clock: oneOf('--clock', values.clock, ['real', 'virtual']),
        driver: oneOf('--driver', values.driver, ['scripted', 'container']),
        repositories: values.repository ?? [],
        immutable: values.immutable,
        roles: values.role ?? [],
        subject: values.subject,
        ...(seed !== undefined && { seed }),
        ...(faults !== undefined && { faults }),
        ...(throttling !== undefined && {
          throttling: oneOf('--throttling', throttling, ['off', 'aws']),
        }),
      },
    }
  } catch (cause) {
    if (cause instanceof Mistake || isOptionError(cause)) {
      return { kind: 'mistake', message: cause.message }
    }
    throw cause
  }
}

/** Node's parser says with a code that the mistake is the user's. */
function isOptionError(cause: unknown): cause is { readonly message: string } {
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return false
  return 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS_')
}

function portOf(option: string, text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Mistake(`${option} is a port, 0 to 65535, not '${text}'`)
}

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw new Mistake(`${option} is ${choices.join(' or ')}, not '${text}'`)
}
