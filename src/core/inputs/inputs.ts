import type { Platform } from '../image/platform.ts'
import type { RepositoryReference } from '../image/repository.ts'
import type { TagRules } from '../image/tag-rules/tag-rule.ts'
import type { BuildSettings } from './build-settings.ts'
import type { ImageMetadata } from './image-metadata.ts'
import type { TaskDefinitionInputs } from './task-definition.ts'

export const modes = ['release', 'deploy'] as const
export type Mode = (typeof modes)[number]

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

export const builderDrivers = ['docker-container', 'remote'] as const
export type BuilderDriver = (typeof builderDrivers)[number]

/** An existing builder by name, or the settings of one that we make. */
export type BuilderInputs =
  | { readonly kind: 'existing'; readonly name: string }
  | {
      readonly kind: 'own'
      readonly driver: BuilderDriver
      readonly endpoint: string | undefined
      readonly driverOptions: readonly string[]
      readonly keep: boolean
    }

export const skipExistingChoices = ['auto', 'true', 'false'] as const
export type SkipExisting = (typeof skipExistingChoices)[number]

/** What is built and where it goes. */
export interface BuildInputs {
  readonly repository: RepositoryReference
  /** At least one, without repeats. */
  readonly platforms: readonly Platform[]
  /** A folder, relative to the workspace. */
  readonly context: string
  /** Relative to the workspace; undefined: `Dockerfile` in the context. */
  readonly file: string | undefined
  readonly target: string | undefined
  /** `NAME=value`, or `NAME` to take the value of the environment. */
  readonly buildArguments: readonly string[]
  readonly noCache: boolean
  readonly pull: boolean
  readonly skipExisting: SkipExisting
  readonly tagRules: TagRules
  readonly metadata: ImageMetadata
  readonly settings: BuildSettings
  readonly builder: BuilderInputs
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
  readonly taskDefinition: TaskDefinitionInputs
  /** Containers that get the image and the changes; empty: decided by what they run now. */
  readonly containerNames: readonly string[]
  readonly forceNewDeployment: boolean
  /** False: the outcome is `submitted` and nothing is verified. */
  readonly waitForStability: boolean
  /** Undefined: 30 minutes and what the deployment's configuration adds. */
  readonly waitMinutes: number | undefined
  /** Essential exits or failed health checks that end the wait; 0: never. */
  readonly maxTaskFailures: number
  /** Lines of a failing container's log that are shown; undefined: 20, in public repositories 0. */
  readonly logLines: number | undefined
}

interface CommonInputs {
  readonly identity: IdentityInputs
  readonly allowUntrustedEvents: boolean
  readonly summary: boolean
  readonly deploy: DeployInputs
}

/** Everything the user asked for, parsed: after this no raw string means anything. */
export type Inputs =
  | (CommonInputs & { readonly mode: 'release'; readonly build: BuildInputs })
  | (CommonInputs & { readonly mode: 'deploy' })
