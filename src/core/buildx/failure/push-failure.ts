import { ActionError } from '../../errors/action-error.ts'
import { quotaRemedy } from '../../faults/ecr-remedies.ts'
import { takenTag, takenTagRemedy } from '../../faults/taken-tag.ts'
import type { Digest } from '../../image/digest.ts'
import { spokenRefusal } from './spoken-refusal.ts'
import { isLoginLost } from './transient.ts'

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
  /** What the tag names now, our own push of another time or somebody else's; undefined: nothing. */
  readonly owner: Digest | undefined
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
    (findings?.owner !== undefined && findings.tagIsImmutable) ||
    /tag invalid|TAG_INVALID|cannot be overwritten because the/.test(failure.text)
  ) {
    return make(
      'tag-immutable',
      takenTag(tag ?? '', `"${repositoryUri}"`, findings?.owner),
      takenTagRemedy(findings?.owner),
    )
  }
  return make(...refusal(failure, place))
}

/** Whether the connection ended without an answer, behind which ECR often hides a denial. */
export function isCutOff({ text, request }: PushFailure): boolean {
  return request === undefined && /: EOF\b/.test(text)
}

/** ECR has no objection that can be seen from outside: its own words decide, else the status. */
function refusal(
  failure: PushFailure,
  { repositoryUri }: PushPlace,
): [ActionError['code'], string, string] {
  const { text, request } = failure
  const told = request === undefined ? text : `${request.verb} ${request.path}: ${request.status}`
  const message = `push to "${repositoryUri}" failed: ${told}`
  if (isLoginLost(text) || request?.status === 401) {
    return [
      'registry-login-failed',
      message,
      'Run the job again; a login lasts 12 hours and no later step may log out of this registry.',
    ]
  }
  const spoken = spokenRefusal(text)
  if (spoken !== undefined) return [spoken.code, message, spoken.remedy]
  if (/denied: |not authorized to perform|DENIED/.test(text) || request?.status === 403) {
    return ['access-denied', message, deniedRemedy(failure, repositoryUri)]
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

/** ECR answers a full repository as it does a denial, and BuildKit drops the words that differ. */
function deniedRemedy({ text, request }: PushFailure, repositoryUri: string): string {
  const spoken = /not authorized to perform: (ecr(?:-public)?:\w+)/.exec(text)?.[1]
  const asked = (request && actionsOf(request)) ?? allActions
  const isPublic = repositoryUri.startsWith('public.ecr.aws/')
  const actions = spoken ?? (isPublic ? asked.replaceAll('ecr:', 'ecr-public:') : asked)
  if (/resource-based policy/.test(text)) {
    return `Allow ${actions} in the policy of the repository as well: it belongs to another account.`
  }
  const allow = `Allow ${actions} on the repository in the policy of the role.`
  const mayBeFull = spoken === undefined && asked === 'ecr:PutImage'
  return mayBeFull
    ? `${allow} If it is allowed, the repository holds as many images as it may. ${quotaRemedy}`
    : allow
}

const allActions =
  'ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage'
