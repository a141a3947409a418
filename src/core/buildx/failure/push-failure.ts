import { ActionError } from '../../errors/action-error.ts'

/** What BuildKit told of a push that failed. */
export interface PushFailure {
  /** BuildKit's words. */
  readonly text: string
  /** The request that was refused, where the text names it. */
  readonly request:
    { readonly verb: string; readonly path: string; readonly status: number } | undefined
}

/** What ECR's API says of the place that was pushed to, asked after the push failed. */
export interface PushFindings {
  readonly repositoryExists: boolean
  /** What the tag names now: our own push of another time, or somebody else's. */
  readonly tagIsTaken: boolean
  readonly tagIsImmutable: boolean
}

export interface PushPlace {
  /** `host/name` */
  readonly repositoryUri: string
  readonly region: string
  /** Undefined: it was pushed by digest. */
  readonly tag: string | undefined
}

/**
 * Recognises a failed push. BuildKit 0.12 to 0.16 print verb, URL and status; later ones, for POST
 * and PUT, the registry's own words instead (both measured).
 */
export function parsePushFailure(text: string): PushFailure | undefined {
  if (!/failed to push|failed commit on ref|blobs\/uploads\//.test(text)) return undefined
  const [, verb, url, status] =
    /unexpected status from ([A-Z]+) request to (\S+?): (\d{3})/.exec(text) ?? []
  if (verb === undefined || url === undefined) return { text, request: undefined }
  const path = url.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/, '')
  return { text, request: { verb, path, status: Number(status) } }
}

/** Why the push failed, by what ECR says first and by BuildKit's words where ECR has no objection. */
export function explainPush(
  failure: PushFailure,
  findings: PushFindings | undefined,
  place: PushPlace,
): ActionError {
  const { repositoryUri, region, tag } = place
  const cause = new Error(failure.text)
  const make = (code: ActionError['code'], message: string, remedy: string): ActionError =>
    new ActionError(code, message, remedy, { cause })
  if (findings?.repositoryExists === false || /name unknown|NAME_UNKNOWN/.test(failure.text)) {
    return make(
      'repository-not-found',
      `repository "${repositoryUri}" does not exist in ${region}`,
      'Create it, or correct `repository`.',
    )
  }
  if (
    (findings?.tagIsTaken === true && findings.tagIsImmutable) ||
    /tag invalid|TAG_INVALID|cannot be overwritten because the/.test(failure.text)
  ) {
    return make(
      'tag-immutable',
      `tag "${tag ?? ''}" of "${repositoryUri}" is immutable and names another image`,
      'Set `skip-existing: auto` to use the image that is there, or build another commit.',
    )
  }
  return make(...refusal(failure, place))
}

/** ECR has no objection that can be seen from outside: the request's own status decides. */
function refusal(
  failure: PushFailure,
  { repositoryUri }: PushPlace,
): [ActionError['code'], string, string] {
  const { text, request } = failure
  const told = request === undefined ? text : `${request.verb} ${request.path}: ${request.status}`
  const message = `push to "${repositoryUri}" failed: ${told}`
  if (
    /no basic auth credentials|authorization token has expired/.test(text) ||
    request?.status === 401
  ) {
    return [
      'registry-login-failed',
      message,
      'Run the job again; a login lasts 12 hours and no later step may log out of this registry.',
    ]
  }
  if (/denied: |not authorized to perform|DENIED/.test(text) || request?.status === 403) {
    const spoken = /not authorized to perform: (ecr:\w+)/.exec(text)?.[1]
    const action = spoken ?? (request && actionsOf(request))
    return ['access-denied', message, deniedRemedy(action, /resource-based policy/.test(text))]
  }
  return [
    'push-failed',
    message,
    'Run the job again: layers that were pushed are not pushed again. ' +
      'A connection that ends without an answer can also be a denied ecr:InitiateLayerUpload.',
  ]
}

/**
 * The actions that ECR asks for a request of the registry's protocol (IAM actions for Amazon ECR;
 * BuildKit sends a layer with the PUT that completes its upload).
 */
function actionsOf({ verb, path }: { verb: string; path: string }): string | undefined {
  if (path.includes('/manifests/')) return verb === 'PUT' ? 'ecr:PutImage' : undefined
  if (!path.includes('/blobs/uploads/')) return 'ecr:BatchCheckLayerAvailability'
  switch (verb) {
    case 'POST':
      return 'ecr:InitiateLayerUpload'
    case 'PATCH':
      return 'ecr:UploadLayerPart'
    case 'PUT':
      return 'ecr:UploadLayerPart and ecr:CompleteLayerUpload'
    default:
      return undefined
  }
}

function deniedRemedy(action: string | undefined, byRepositoryPolicy: boolean): string {
  const actions =
    action ??
    'ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage'
  return byRepositoryPolicy
    ? `Allow ${actions} in the policy of the repository as well: it belongs to another account.`
    : `Allow ${actions} on the repository in the policy of the role.`
}
