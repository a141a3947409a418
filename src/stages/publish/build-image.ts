import { backOffMs } from '../../core/back-off.ts'
import { classifyBuildFailure, type BuildPlace } from '../../core/buildx/failure/failure.ts'
import { nextAttempt, type FailedAttempt } from '../../core/buildx/failure/next-attempt.ts'
import type { Digest } from '../../core/image/digest.ts'
import { buildTargetOf } from '../../core/plan/image/build-target.ts'
import type { BuiltImagePlan } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'
import { explainRefusedPush } from './explain-refused-push.ts'
import { findPushed } from './find-pushed.ts'
import { prepareCache } from './prepare-cache.ts'
import { prepareSecrets } from './prepare-secrets.ts'
import { runBuild, type PreparedBuild } from './run-build.ts'

/**
 * Builds and pushes under the first identity tag, by digest where there is none. What is known to
 * pass is tried again on the same builder, so that finished steps come from its cache; a login that
 * ended is renewed once; a failing step of the Dockerfile ends the run at once.
 * @returns the digest that was pushed.
 * @throws ActionError with the failing step's last lines, or with ECR's own reason for a refused push.
 */
export async function buildImage(
  plan: BuiltImagePlan,
  builder: string,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Digest> {
  const { registry } = plan.repository
  const ecr = session.ecr(registry)
  const { workspace } = ports.context
  const place = { builder, dockerfile: plan.build.dockerfile, workspace }
  let build = await prepareBuild(plan, builder, docker, session, ports)
  let renewed = false
  for (let attempt = 1; ; attempt += 1) {
    const end = await runBuild(build, ports)
    if (end.kind === 'built') return end.digest
    const failed = await explain(plan, place, attempt, end.lastLines, ecr)
    const pushed = failed.push && (await findPushed(plan, ecr, ports))
    if (pushed !== undefined) return pushed
    const next = nextAttempt(failed, { expired: docker.isExpired(registry), renewed }, plan.retries)
    if (next.kind === 'give-up') throw failed.error
    ports.report.warning(`${failed.error.message}; trying again`)
    if (next.renew) await docker.renew(registry)
    else await ports.clock.sleep(backOffMs(attempt), ports.signal)
    renewed ||= next.renew
    if (next.built) build = { ...build, specification: fromCache(build.specification) }
  }
}

async function prepareBuild(
  plan: BuiltImagePlan,
  builder: string,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<PreparedBuild> {
  const configuration = await docker.configuration()
  const { settings } = plan.build
  const secrets = await prepareSecrets(settings, configuration, ports)
  const cache = await prepareCache(settings, configuration, session, ports)
  const { cacheFrom, cacheTo } = cache
  return {
    specification: { ...plan.build, settings: { ...settings, cacheFrom, cacheTo } },
    target: buildTargetOf(plan),
    docker: configuration,
    secrets: secrets.sources,
    environment: cache.environment,
    keptVariables: [...secrets.keptVariables, ...cache.keptVariables],
    builder,
  }
}

/** The steps that were just done are taken as they are. */
function fromCache(specification: BuiltImagePlan['build']): BuiltImagePlan['build'] {
  const settings = { ...specification.settings, noCacheFilters: [] }
  return { ...specification, settings, noCache: false, pull: false }
}

async function explain(
  plan: BuiltImagePlan,
  place: BuildPlace,
  attempt: number,
  lastLines: readonly string[],
  ecr: Ecr,
): Promise<FailedAttempt> {
  const failure = classifyBuildFailure(lastLines, place)
  return failure.kind === 'build'
    ? { attempt, error: failure.error, push: undefined, transient: failure.transient }
    : {
        attempt,
        error: await explainRefusedPush(plan, failure.push, ecr),
        push: failure.push,
        transient: false,
      }
}
