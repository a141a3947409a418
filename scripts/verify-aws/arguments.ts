import { parseArgs } from 'node:util'

/** What to verify against, by names: everything is there already. */
export interface Target {
  readonly roleArn: string
  readonly region: string
  readonly repository: string
  readonly cluster: string
  readonly service: string
  readonly platforms: string
}

export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'compare'; readonly file: string }
  | {
      readonly kind: 'run'
      readonly target: Target
      readonly accountId: string | undefined
      readonly directory: string | undefined
    }

export const USAGE = `Usage: npm run verify:aws -- --role-arn ARN --region NAME --repository NAME
                             --cluster NAME --service NAME --yes-this-account ID [--record DIR]
       npm run verify:aws -- --compare FILE

Plays the demo's runs with the sample application on a REAL AWS account (first release, the same
commit again, a new commit, a broken commit, a redeploy; then wrong names), records the API calls, and names the rules of
simulator/SPEC.md that AWS contradicts. Exit code 1 if it contradicts any, or a run ends otherwise
than it should; 2 if it refuses to begin.

  --role-arn ARN         the role that deploys; assumed with the job's OIDC token, else with the
                         credentials that the AWS SDK finds
  --region NAME          of the service and of the repository
  --repository NAME      an ECR repository: three images are pushed to it, and stay
  --cluster, --service   a service with a rolling deployment, a circuit breaker with rollback,
                         and one container; its health checks may ask / or /healthz on port
                         8080. It is left running the sample application: use one made for this
  --platforms LIST       what is built (linux/amd64,linux/arm64)
  --yes-this-account ID  the account that all of this may be done to
  --record DIR           keep the redacted trace and the report in DIR
  --compare FILE         only compare a trace that was recorded before; asks AWS nothing
  --help                 this text

It needs Docker with buildx, AWS credentials and a network. Where the project is developed there is
no AWS account: there it runs against the simulator alone, and its verdict on AWS itself is still
to be had. What a trace keeps and what not: docs/verify-aws.md.
`

const OPTIONS = {
  'role-arn': { type: 'string' },
  region: { type: 'string' },
  repository: { type: 'string' },
  cluster: { type: 'string' },
  service: { type: 'string' },
  platforms: { type: 'string', default: 'linux/amd64,linux/arm64' },
  'yes-this-account': { type: 'string' },
  record: { type: 'string' },
  compare: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Reads the command line; a mistake is told in one line. */
export function parseArguments(argv: readonly string[]): Arguments {
  let values
  try {
    values = parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values
  } catch (cause) {
    return mistake(cause instanceof Error ? cause.message : String(cause))
  }
  if (values.help) return { kind: 'help' }
  if (values.compare !== undefined) return { kind: 'compare', file: values.compare }
  const { region, repository, cluster, service, platforms } = values
  const roleArn = values['role-arn']
  if (roleArn === undefined) return mistake('--role-arn is missing')
  if (region === undefined) return mistake('--region is missing')
  if (repository === undefined) return mistake('--repository is missing')
  if (cluster === undefined) return mistake('--cluster is missing')
  if (service === undefined) return mistake('--service is missing')
  return {
    kind: 'run',
    target: { roleArn, region, repository, cluster, service, platforms },
    accountId: values['yes-this-account'],
    directory: values.record,
  }
}

function mistake(message: string): Arguments {
  return { kind: 'mistake', message }
}
