import type { Builder } from '../../core/buildx/builder/builder.ts'
import { classifyBuildFailure } from '../../core/buildx/failure/failure.ts'
import type { FailedGo } from '../../core/buildx/failure/next-attempt.ts'
import type { Digest } from '../../core/image/digest.ts'
import { buildTargetOf } from '../../core/plan/image/build-target.ts'
import type { BuiltImagePlan } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'
import { explainRefusedPush } from './explain-refused-push.ts'
import { exportCaches } from './export-caches.ts'
import { findPushed } from './find-pushed.ts'
import { fromCache, prepareBuild } from './prepare-build.ts'
import { repeatBuild } from './repeat-build.ts'
import { runBuild } from './run-build.ts'
import type { Stock } from './stock.ts'

/**
 * Builds and pushes under the first identity tag, by digest where there is none; then writes caches.
 * @param stock Is told as soon as it is pushed.
 * @returns the digest that was pushed.
 * @throws ActionError with the failing step's last lines, or with ECR's own reason for a refused push.
 */
export async function buildImage(
  plan: BuiltImagePlan,
  { builder, stock }: { readonly builder: Builder; readonly stock: Pick<Stock, 'pushed'> },
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Digest> {
  const { registry } = plan.repository
  const ecr = session.ecr(registry)
  const destination = { builder, target: buildTargetOf(plan) }
  const configuration = await docker.configuration()
  const prepared = await prepareBuild(plan.build, destination, configuration, session, ports)
  const { workspace } = ports.context
  const place = { builder: builder.name, dockerfile: plan.build.dockerfile, workspace }
  const explain = async (lastLines: readonly string[]): Promise<FailedGo> => {
    const failure = classifyBuildFailure(lastLines, place)
    if (failure.kind === 'build') return failure
    const error = await explainRefusedPush(plan, failure.push, ecr)
    return { ...failure, error, expired: docker.isExpired(registry) }
  }
  const digest = await repeatBuild(
    plan.retries,
    async ({ again, cached }) => {
      const end = await runBuild(cached ? fromCache(prepared) : prepared, ports)
      if (end.kind === 'built') {
        // What a further go finds in a cache may be of the first go's making.
        if (!again) ports.report.review(end.digest, { cacheShare: end.cacheShare })
        return { kind: 'built', built: end.digest }
      }
      const failed = await explain(end.lastLines)
      const arrived = failed.kind === 'push' ? await findPushed(plan, ecr, ports) : undefined
      return arrived === undefined ? { kind: 'failed', failed } : { kind: 'built', built: arrived }
    },
    docker,
    ports,
  )
  stock.pushed(plan, digest)
  await exportCaches(prepared, ports)
  return digest
}
