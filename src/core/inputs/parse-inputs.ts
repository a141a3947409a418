import { InputErrors } from '../errors/action-error.ts'
import { hidesFact } from '../image/annotations.ts'
import { isPublic, type RepositoryReference } from '../image/repository/repository.ts'
import { rejectForeignAccounts } from './identity/allowed-accounts.ts'
import { readBake } from './build/bake.ts'
import { readBuild } from './build/build.ts'
import { cacheNotices } from './build/cache.ts'
import { describeUnfilled } from './build/image-metadata.ts'
import { describeIdleVariables } from './build/metadata-variables.ts'
import { declaredInputs } from './declared.ts'
import { readDeploy } from './deploy/deploy.ts'
import { readGitHub } from './identity/github.ts'
import { readGitHubToken } from './identity/github-token.ts'
import { readIdentity, type IdentitySurroundings } from './identity/identity.ts'
import type { Inputs } from './inputs.ts'
import { modes, type Mode } from './mode.ts'
import {
  describeUnpushed,
  pushed,
  readDigests,
  readPublish,
  readRepositories,
} from './publish/publish.ts'
import { InputReader } from './reader.ts'
import { describeIdleSettings } from './publish/repository-settings.ts'
import { describeUnknownSettings } from './deploy/setting-members.ts'
import { idleRunTaskInputs, readRunTask } from './deploy/run-task.ts'
import { judgeStrangers } from './strangers.ts'
import type { TaskDefinitionChoice } from './deploy/task-definition.ts'
import { describeIdleWaiting, readAnswer } from './deploy/waiting.ts'

/** What the job's environment says where inputs are silent. */
export interface Surroundings extends IdentitySurroundings {
  /** DOCKER_METADATA_*, by name. */
  readonly metadataVariables?: ReadonlyMap<string, string>
}

/** The inputs, parsed, and what is to be said about them before anything is done. */
export interface ParsedInputs {
  readonly inputs: Inputs
  /** Where STS and ECS are asked; empty where nothing is asked of AWS. */
  readonly region: string
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Turns the strings of the `with:` block into what the user means.
 * @param values By input name, as the runner passes them.
 * @throws InputErrors with every problem there is; nothing has been asked of the network by then.
 */
export function parseInputs(
  values: ReadonlyMap<string, string>,
  surroundings: Surroundings,
): ParsedInputs {
  const { metadataVariables = new Map<string, string>() } = surroundings
  const reader = new InputReader(values)
  const { mode, note } = decideMode(reader)
  const strangers = judgeStrangers(reader)
  const inputs = readInputs(reader, mode, surroundings)
  const region = decideRegion(reader, inputs)
  rejectEssentials(reader, mode)
  rejectForeignAccounts(reader, inputs.identity.allowedAccountIds)
  if (reader.problems.length > 0) throw new InputErrors(reader.problems)
  const unused = unusedIn(reader, mode)
  const idle = idleRunTaskInputs(reader, mode)
  return {
    inputs,
    region,
    warnings: [
      ...strangers.warnings,
      ...suspiciousArguments(inputs),
      ...describeUnknownSettings(inputs.deploy.settings),
    ],
    notices: [
      ...note,
      ...strangers.notices,
      ...hiddenFacts(inputs),
      ...('build' in inputs ? describeUnfilled(inputs.build.metadata) : []),
      ...(isLocal(inputs) ? describeUnpushed(reader) : []),
      ...describeIdleWaiting(reader),
      ...('build' in inputs ? cacheNotices(reader) : []),
      ...('build' in inputs ? describeIdleVariables(metadataVariables) : []),
      ...('build' in inputs ? describeIdleSettings(reader) : []),
      ...(idle.length > 0 ? [`no task runs with run-task: off; unused: ${idle.join(', ')}`] : []),
      ...(unused.length > 0 ? [`mode ${mode} does not use ${unused.join(', ')}`] : []),
    ],
  }
}

/** An image and no repository to build for is a redeployment, whatever the default mode says. */
function decideMode(reader: InputReader): {
  readonly mode: Mode
  readonly note: readonly string[]
} {
  const mode = reader.choice('mode', modes)
  const redeploys =
    mode === 'release' &&
    reader.given('image') &&
    !['repository', 'bake-files', 'context', 'file'].some((name) => reader.given(name))
  return redeploys
    ? { mode: 'deploy', note: ['`image` is given and no `repository`: this is `mode: deploy`'] }
    : { mode, note: [] }
}

function readInputs(reader: InputReader, mode: Mode, surroundings: Surroundings): Inputs {
  const repositories = readRepositories(reader)
  const [repository, ...copies] = repositories
  const common = {
    dryRun: reader.boolean('dry-run'),
    identity: readIdentity(reader, surroundings),
    allowUntrustedEvents: reader.boolean('allow-untrusted-events'),
    githubToken: readGitHubToken(reader),
    gitHub: readGitHub(reader),
    summary: reader.boolean('summary'),
    deploy: readDeploy(reader, mode, repository, copies),
    runTask: readRunTask(reader, mode),
  }
  if (mode === 'deploy' || mode === 'run' || mode === 'rollback') return { mode, ...common }
  if (mode === 'continue') {
    return { mode, ...common, answer: readAnswer(reader, common.deploy.services) }
  }
  const bake = readBake(reader, mode, repository)
  const { metadataVariables = new Map<string, string>() } = surroundings
  const build = {
    ...readBuild(reader, mode, repository, metadataVariables),
    ...(bake && { bake }),
  }
  const publish = readPublish(reader, repositories)
  const what = { ...common, build }
  if (mode === 'merge') {
    return { mode, ...what, publish: pushed(reader, mode, publish), digests: readDigests(reader) }
  }
  if (mode === 'build') return { mode, ...what, publish: pushed(reader, mode, publish) }
  return publish === undefined ? { mode, ...what, publish } : { mode, ...what, publish }
}

/** `aws-region`, the environment's, the repository host's; all ARNs must agree with it. */
function decideRegion(reader: InputReader, inputs: Inputs): string {
  const { identity, deploy } = inputs
  const fromImage = /^[^/]+\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(deploy.image ?? '')?.[1]
  const region =
    identity.region ??
    regionOfHost(deploy.repository) ??
    deploy.services.find((service) => service.region !== undefined)?.region ??
    regionOf(deploy.taskDefinition.choice) ??
    fromImage
  if (region === undefined && needsRegion(inputs)) {
    reader.reject('aws-region', 'is missing; set it, or AWS_REGION in the environment')
  }
  for (const { service, region: own } of deploy.services) {
    if (own !== undefined && region !== undefined && own !== region) {
      reader.reject('service', `is in ${own} although the region is ${region}`, service)
    }
  }
  const definitionRegion = regionOf(deploy.taskDefinition.choice)
  if (definitionRegion !== undefined && region !== undefined && definitionRegion !== region) {
    reader.reject(
      'task-definition-arn',
      `is in ${definitionRegion} although the region is ${region}`,
    )
  }
  return region ?? ''
}

/** ECR Public's host says nothing of where tasks run. */
function regionOfHost(repository: RepositoryReference | undefined): string | undefined {
  const host = repository?.host
  return host === undefined || isPublic(host) ? undefined : host.region
}

/** Whether nothing is pushed. */
function isLocal(inputs: Inputs): boolean {
  return inputs.mode === 'release' && inputs.publish === undefined
}

/** Whether AWS is asked at all: a build that stays here needs at most logins for its pulls. */
function needsRegion(inputs: Inputs): boolean {
  return !isLocal(inputs) || ('build' in inputs && inputs.build.registries.length > 0)
}

function regionOf(choice: TaskDefinitionChoice): string | undefined {
  return choice.kind === 'revision' ? choice.region : undefined
}

/** Inputs that say what to act on are never ignored. */
function rejectEssentials(reader: InputReader, mode: Mode): void {
  for (const [name, declared] of Object.entries(declaredInputs)) {
    if (declared.essential === true && !declared.modes.includes(mode) && reader.given(name)) {
      reader.reject(name, `is for mode ${declared.modes.join(' or ')}, and this is mode ${mode}`)
    }
  }
}

function unusedIn(reader: InputReader, mode: Mode): readonly string[] {
  const names = Object.keys(declaredInputs).filter((name) => reader.given(name))
  return names.filter((name) => declaredInputs[name]?.modes.includes(mode) !== true)
}

/** Build arguments are public: they are kept in the image's history and in its provenance. */
function suspiciousArguments(inputs: Inputs): readonly string[] {
  if (!('build' in inputs) || inputs.mode === 'merge') return []
  const names = inputs.build.buildArguments.map((argument) => argument.split('=', 1).join(''))
  return names
    .filter((name) => /TOKEN|SECRET|PASSWORD|PRIVATE_KEY/i.test(name))
    .map((name) => `build-args: the value of "${name}" can be read by all who can pull the image`)
}

/** Annotations that are left out, because the next run reads ours back. */
function hiddenFacts(inputs: Inputs): readonly string[] {
  if (!('build' in inputs)) return []
  const keys = inputs.build.metadata.annotations.filter(hidesFact).map(({ key }) => key)
  return [...new Set(keys)].map((key) => `annotations: "${key}" is set by this action itself`)
}
