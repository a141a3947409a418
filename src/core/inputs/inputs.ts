import type { Digest } from '../image/digest.ts'
import type { Platform } from '../image/platform.ts'
import type { RepositoryReference } from '../image/repository/repository.ts'
import type { TagRules } from '../image/naming/tag-rules/tag-rule.ts'
import type { BakeInputs } from './build/bake.ts'
import type { BuildSettings } from './build/build-settings.ts'
import type { Gates } from './build/gates.ts'
import type { GitHubInputs } from './identity/github.ts'
import type { BuilderInputs } from './build/builder.ts'
import type { CacheInputs } from './build/cache.ts'
import type { ImageMetadata } from './build/image-metadata.ts'
import type { PolicyInputs } from './deploy/policies.ts'
import type { PublishInputs } from './publish/publish.ts'
import type { PullRegistry } from './publish/registries.ts'
import type { DeployOrder, ServiceSettings } from './deploy/service-settings.ts'
import type { RunTaskInputs } from './deploy/run-task.ts'
import type { TaskDefinitionInputs } from './deploy/task-definition.ts'
import type { AnswerInputs, WaitingInputs } from './deploy/waiting.ts'

/** Who the action is in AWS. */
export interface IdentityInputs {
  /** Undefined only where a later stage finds one in a repository's host or a service's ARN. */
  readonly region: string | undefined
  readonly proof: IdentityProof
  /** Undefined: the action is who the proof says. */
  readonly roleToAssume: string | undefined
  readonly roleSession: RoleSession
  /** Empty: any account. */
  readonly allowedAccountIds: readonly string[]
  /** Whether later steps of the job get the credentials. */
  readonly exportCredentials: boolean
  readonly maskAccountId: boolean
}

/** What proves who we are: of everything that was given, the one that wins. */
export type IdentityProof =
  | { readonly kind: 'oidc'; readonly audience: string }
  /** A path; a relative one is below the workspace. */
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'keys'; readonly keys: AccessKeys }
  /** What the job or its machine has: variables, profile, container or instance role. */
  | { readonly kind: 'ambient' }

/** How the role is assumed. */
export interface RoleSession {
  readonly name: string
  readonly durationSeconds: number
  readonly externalId: string | undefined
  /** Whether the session is tagged; a session by a token never is, its claims say more. */
  readonly tagged: boolean
  /** An IAM policy in JSON, as it was written. */
  readonly inlinePolicy: string | undefined
  /** ARNs of managed policies that limit the session. */
  readonly managedPolicies: readonly string[]
}

export interface AccessKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export const skipExistingChoices = ['auto', 'true', 'false'] as const
export type SkipExisting = (typeof skipExistingChoices)[number]

/** What is built. */
export interface BuildInputs {
  /** At least one, without repeats. */
  readonly platforms: readonly Platform[]
  /** A folder, relative to the workspace, or what BuildKit fetches by itself. */
  readonly context: string
  /** Relative to the workspace, or to a remote context; undefined: `Dockerfile` in the context. */
  readonly file: string | undefined
  readonly target: string | undefined
  /** `NAME=value`, or `NAME` to take the value of the environment. */
  readonly buildArguments: readonly string[]
  readonly noCache: boolean
  readonly pull: boolean
  readonly skipExisting: SkipExisting
  /** Further attempts after failures that are known to pass. */
  readonly retries: number
  readonly tagRules: TagRules
  readonly metadata: ImageMetadata
  readonly settings: BuildSettings
  /** Whether the image goes into the job's Docker engine, too. */
  readonly load: boolean
  readonly cache: CacheInputs
  readonly builder: BuilderInputs
  readonly gates: Gates
  /** Registries besides that the build may pull from. */
  readonly registries: readonly PullRegistry[]
  /** Given: what is built are the targets of these files, and not `context`. */
  readonly bake?: BakeInputs
}

/** A service as a line of `service` names it, with the cluster that holds it. */
export interface ServiceReference {
  /** Short name or ARN. */
  readonly cluster: string
  /** Short name. */
  readonly service: string
  /** The region of the ARN that was written, if one was. */
  readonly region: string | undefined
}

/** What is deployed, where, and how long we watch. */
export interface DeployInputs {
  readonly services: readonly ServiceReference[]
  /** Deploy mode: which image; undefined redeploys the task definition as it is. */
  readonly image: string | undefined
  /** Deploy mode: where a tag or commit is looked up. */
  readonly repository: RepositoryReference | undefined
  /** Further repositories that may hold the same bytes. */
  readonly copies: readonly RepositoryReference[]
  readonly taskDefinition: TaskDefinitionInputs
  /** Containers that get the image and the changes; empty: decided by what they run now. */
  readonly containerNames: readonly string[]
  readonly forceNewDeployment: boolean
  /** What of the services is set besides. */
  readonly settings: ServiceSettings
  readonly deployOrder: DeployOrder
  /** How many of a family's revisions stay after a deployment; undefined: all. */
  readonly keepTaskDefinitions: number | undefined
  /** False: the outcome is `submitted` and nothing is verified. */
  readonly waitForStability: boolean
  /** Undefined: 30 minutes and what the deployment's configuration adds. */
  readonly waitMinutes: number | undefined
  readonly waiting: WaitingInputs
  /** Essential exits or failed health checks that end the wait; 0: never. */
  readonly maxTaskFailures: number
  /** Lines of a failing container's log that are shown; undefined: 20, in public repositories 0. */
  readonly logLines: number | undefined
  readonly policies: PolicyInputs
}

interface CommonInputs {
  /** Everything is looked at and decided; then the plan is told, and nothing is done. */
  readonly dryRun: boolean
  readonly identity: IdentityInputs
  readonly allowUntrustedEvents: boolean
  /** Opens what belongs to the job's repository on its server. */
  readonly githubToken: string | undefined
  readonly gitHub: GitHubInputs
  readonly summary: boolean
  readonly deploy: DeployInputs
  /** Beside the services, or alone in mode run. */
  readonly runTask: RunTaskInputs
}

/** Builds, publishes, and deploys to the services, if there are any. */
export interface ReleaseInputs extends CommonInputs {
  readonly mode: 'release'
  readonly build: BuildInputs
  readonly publish: PublishInputs
}

/** `push: false`: the image is built and stays in the builder. */
export interface LocalBuildInputs extends CommonInputs {
  readonly mode: 'release'
  readonly build: BuildInputs
  readonly publish: undefined
}

/** A leg of a matrix of native runners: builds and pushes by digest alone. */
export interface LegInputs extends CommonInputs {
  readonly mode: 'build'
  readonly build: BuildInputs
  readonly publish: PublishInputs
}

/** Joins the digests of legs into one image; goes on as a release does. */
export interface MergeInputs extends CommonInputs {
  readonly mode: 'merge'
  readonly build: BuildInputs
  readonly publish: PublishInputs
  readonly digests: readonly Digest[]
}

/** Everything the user asked for, parsed: after this no raw string means anything. */
export type Inputs =
  | ReleaseInputs
  | LocalBuildInputs
  | LegInputs
  | MergeInputs
  | (CommonInputs & { readonly mode: 'deploy' })
  | (CommonInputs & { readonly mode: 'rollback' })
  | (CommonInputs & { readonly mode: 'run' })
  | (CommonInputs & { readonly mode: 'continue'; readonly answer: AnswerInputs })
