import { describeCache } from '../../core/buildx/cache/plan-cache.ts'
import { storeWithoutAws } from '../../core/buildx/cache/store.ts'
import { classifyBuildFailure } from '../../core/buildx/failure/failure.ts'
import { nextAttempt } from '../../core/buildx/failure/next-attempt.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { untrustedReason } from '../../core/guards/untrusted-event.ts'
import { backOffMs } from '../../core/back-off.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { LocalBuildInputs } from '../../core/inputs/inputs.ts'
import { addCaches, cachesOf } from '../../core/plan/image/add-caches.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import { loadName } from '../../core/plan/image/load-name.ts'
import { fingerprintOf, specifyBuild } from '../../core/plan/image/specify-build.ts'
import { describeLocalBuild } from '../../core/plan/describe/describe-image.ts'
import type { PlanDescription } from '../../core/plan/describe/plan-description.ts'
import type { RunEnd } from '../../core/report/run-end.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectSource } from '../preflight/inspect-source.ts'
import { logInForPulls } from './log-in-for-pulls.ts'
import { nameImage } from '../preflight/plan-release.ts'
import { checkLoad } from '../builder/check-load.ts'
import { prepareBuilder } from '../builder/prepare-builder.ts'
import { prepareCache } from './prepare-cache.ts'
import { prepareSecrets } from './prepare-secrets.ts'
import { runBuild, type PreparedBuild } from './run-build.ts'
import { tellPlan } from '../show-plan.ts'

/**
 * `push: false`: builds as a release would, and leaves the image in the builder. That the build ended
 * well is known from the metadata of buildx.
 * @param session For the logins that pulls need; undefined: nothing is asked of AWS.
 * @throws ActionError
 */
export async function buildLocally(
  inputs: LocalBuildInputs,
  ports: Ports,
  session?: AwsSession,
): Promise<RunEnd> {
  const { report } = ports
  const { build } = inputs
  const specification = await report.phase('preflight', 'Checking before anything is built', () =>
    specify(inputs, ports),
  )
  if (inputs.dryRun) return tellPlan(describeLocal(specification, inputs, ports), ports)
  const docker = await ports.dockerCredentials.open()
  try {
    if (session !== undefined) await logInForPulls(build, docker, session, ports)
    const builder = await report.phase('builder', 'Prepare the builder', async () => {
      await checkLoad(specification, docker, ports)
      return await prepareBuilder({ builder: build.builder, build }, docker, ports)
    })
    const title = `Build ${build.platforms.join(' and ')}`
    const digest = await report.phase('build', title, () =>
      buildInto(specification, builder, docker, build.retries, ports),
    )
    report.line(`built ${digest}; it is not pushed${loadedText(specification)}`)
    return { outcome: 'built', changed: false, verified: false, error: undefined }
  } finally {
    await docker.dispose()
  }
}

function loadedText({ loadAs }: BuildSpecification): string {
  return loadAs === undefined ? '' : `, and loaded as ${loadAs}`
}

/** What a build for nobody but this machine would do. */
function describeLocal(
  specification: BuildSpecification,
  inputs: LocalBuildInputs,
  { context }: Ports,
): PlanDescription {
  const { builder } = inputs.build
  const image = describeLocalBuild(specification, { builder, commit: context.sha })
  return {
    ...{ version: 1, mode: 'release', images: [image] },
    ...{ taskDefinitions: [], services: [], unprovenPermissions: [] },
  }
}

async function specify(inputs: LocalBuildInputs, ports: Ports): Promise<BuildSpecification> {
  const { build } = inputs
  const identity = nameImage(inputs, ports)
  const source = await inspectSource(build, ports)
  ports.report.record({ version: identity.version })
  const { context } = ports
  // A Dockerfile from outside could mount the token that fetches its context.
  const distrust = untrustedReason(context)
  const githubToken = distrust === undefined ? inputs.githubToken : undefined
  if (distrust !== undefined && build.settings.secrets.length > 0) {
    ports.report.warning(
      `what this builds can read its secrets, and somebody outside may have shaped it: ${distrust}`,
    )
  }
  const basis = { inputs: build, context, identity, source, githubToken }
  const store = storeWithoutAws(build.cache)
  if (build.cache.kind !== 'off') {
    const what = describeCache(store, context) || 'off, because this build has no AWS credentials'
    ports.report.line(`cache: ${what}`)
  }
  const caches = cachesOf(basis, store, undefined)
  const specification = addCaches(specifyBuild(basis, fingerprintOf(basis)), caches)
  if (!build.load) return specification
  return { ...specification, loadAs: loadName(identity, inputs.deploy.repository, context) }
}

async function buildInto(
  specification: BuildSpecification,
  builder: string,
  docker: DockerConfiguration,
  retries: number,
  ports: Ports,
): Promise<Digest> {
  const build = await prepare(specification, builder, docker, ports)
  const { workspace } = ports.context
  const place = { builder, dockerfile: specification.dockerfile, workspace }
  for (let attempt = 1; ; attempt += 1) {
    const end = await runBuild(build, ports)
    if (end.kind === 'built') return end.digest
    const failure = classifyBuildFailure(end.lastLines, place)
    if (failure.kind === 'push') throw unexpectedPush(failure.push.text)
    const { error, transient } = failure
    const failed = { attempt, error, transient, push: undefined }
    const next = nextAttempt(failed, { expired: false, renewed: false }, retries)
    if (next.kind === 'give-up') throw error
    ports.report.warning(`${error.message}; trying again`)
    await ports.clock.sleep(backOffMs(attempt), ports.signal)
  }
}

async function prepare(
  specification: BuildSpecification,
  builder: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<PreparedBuild> {
  const { settings } = specification
  const secrets = await prepareSecrets(settings, docker, ports)
  const cache = await prepareCache(settings, docker, undefined, ports)
  const { cacheFrom, cacheTo, environment } = cache
  return {
    specification: { ...specification, settings: { ...settings, cacheFrom, cacheTo } },
    target: { kind: 'keep' },
    secrets: secrets.sources,
    keptVariables: [...secrets.keptVariables, ...cache.keptVariables],
    ...{ builder, docker, environment },
  }
}

/** A cache that `cache-to` writes is pushed, too. */
function unexpectedPush(text: string): ActionError {
  return new ActionError(
    'push-failed',
    `the build pushed something, and that failed: ${text}`,
    'Check `cache-to` and `outputs`: the image itself is not pushed with `push: false`.',
  )
}
