import { isObject } from '../../wire/json.ts'
import type { Json } from '../../wire/service.ts'
import { everyOne, isAnswer, textIn, type Located, type Rule } from './rule.ts'

const json = ({ service }: Located): boolean => service !== 'sts'
const itself = (exchange: Located): readonly Located[] => [exchange]

/** Texts of refusals that SPEC.md quotes, by service and code. */
const REFUSALS: readonly (readonly [id: string, service: string, code: string, text: RegExp])[] = [
  ['ECR-2', 'ecr', 'RepositoryNotFoundException', repository("The repository with name '.+' does")],
  [
    'ECR-4',
    'ecr',
    'ImageAlreadyExistsException',
    /^Image with digest 'sha256:\w+' and tag '.+' already exists in the repository with name '.+' in registry with id '\d{12}'$/,
  ],
  [
    'ECR-5',
    'ecr',
    'ImageTagAlreadyExistsException',
    /^The image tag '.+' already exists in the '.+' repository and cannot be overwritten because the tag is immutable\.$/,
  ],
  [
    'ECR-6',
    'ecr',
    'ReferencedImagesNotFoundException',
    /^Images with digests '\[.+\]' required for pushing image into repository with name '.+' in the registry with id '\d{12}' do not exist$/,
  ],
  [
    'ECR-7',
    'ecr',
    'ImageNotFoundException',
    /^The image with imageId \{imageDigest:'.+', imageTag:'.+'\} does not exist within the repository with name '.+' in the registry with id '\d{12}'$/,
  ],
  ['ECS-7', 'ecs', 'ClusterNotFoundException', /^Cluster not found\.$/],
  ['ECS-5', 'ecs', 'ServiceNotFoundException', /^Service not found\.$/],
  ['ECS-5', 'ecs', 'ServiceNotActiveException', /^Service was not ACTIVE\.$/],
  ['LOGS-2', 'logs', 'ResourceNotFoundException', /^The specified log (?:group|stream) does not/],
]

function repository(begin: string): RegExp {
  return new RegExp(`^${begin} not exist in the registry with id '\\d{12}'$`)
}

/** The code of a refusal: what follows `#`, where there is one. */
export function codeOf({ response }: Located): string {
  return textIn(response, '__type').split('#').at(-1) ?? ''
}

export const wireRules: readonly Rule[] = [
  everyOne(
    'WIRE-1',
    'answers are JSON objects, and refusals name their code in __type',
    (exchange) => (json(exchange) ? itself(exchange) : []),
    (exchange) => {
      if (!isObject(exchange.response)) return `status ${exchange.status} without a JSON object`
      return exchange.status === 200 || codeOf(exchange) !== ''
        ? undefined
        : `status ${exchange.status} without __type`
    },
  ),
  everyOne(
    'WIRE-1',
    'timestamps are numbers of seconds',
    (exchange) => (json(exchange) ? timesIn(exchange.response) : []),
    ([name, value]) =>
      typeof value === 'number' && value < 1e11 ? undefined : `${name} is ${JSON.stringify(value)}`,
  ),
  everyOne(
    'STS-1',
    'AssumeRoleWithWebIdentity answers credentials, role, subject, audience and provider',
    (exchange) => (isAnswer(exchange, 'sts', 'AssumeRoleWithWebIdentity') ? itself(exchange) : []),
    ({ response }) => {
      const missing = [
        ...['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration', 'AssumedRoleId', 'Arn'],
        ...['SubjectFromWebIdentityToken', 'Audience', 'Provider'],
      ].filter((name) => !(typeof response === 'string' && response.includes(`<${name}>`)))
      return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`
    },
  ),
  ...REFUSALS.map(([id, service, code, text]) =>
    everyOne(
      id,
      `${code} speaks in the words of the rule`,
      (exchange) =>
        exchange.service === service && codeOf(exchange) === code ? itself(exchange) : [],
      ({ response }) => {
        const message = textIn(response, 'message') || textIn(response, 'Message')
        return text.test(message) ? undefined : `says ${JSON.stringify(message)}`
      },
    ),
  ),
]

/** Members whose name says that they are a time, wherever they are. */
function timesIn(value: Json): readonly (readonly [string, Json])[] {
  if (Array.isArray(value)) return value.flatMap(timesIn)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    /[a-z]At$/.test(name) && !isObject(member) ? [[name, member] as const] : timesIn(member),
  )
}
