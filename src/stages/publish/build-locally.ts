import { classifyBuildFailure } from '../../core/buildx/failure/failure.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { LocalBuildInputs } from '../../core/inputs/inputs.ts'
import { describeLocalPlan } from '../../core/plan/describe/describe-image.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import type { RunEnd } from '../../core/report/run-end.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { checkLoad } from '../builder/check-load.ts'
import { prepareBuilder } from '../builder/prepare-builder.ts'
import { planLocalBuild } from '../preflight/plan-local-build.ts'
import { tellPlan } from '../show-plan.ts'
import { DockerSession } from './docker-session.ts'
import { exportCaches } from './export-caches.ts'
import { locateRegistries } from '../preflight/locate-registries.ts'
import { prepareBuild } from './prepare-build.ts'
import { repeatBuild } from './repeat-build.ts'
import { runBuild, type PreparedBuild } from './run-build.ts'

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
  const plan = await report.phase('preflight', 'Checking before anything is built', () =>
    planLocalBuild(inputs, ports),
  )
  if (inputs.dryRun) return tellPlan(describeLocalPlan(plan, inputs.build), ports)
  const { platforms, loadAs } = plan.build
  const docker = new DockerSession(session, ports)
  try {
    const prepared = await prepare(plan.build, inputs, docker, session, ports)
    const title = `Build ${platforms.join(' and ')}`
    const { retries } = inputs.build
    const digest = await report.phase('build', title, () => build(prepared, retries, docker, ports))
    const loaded = loadAs === undefined ? '' : `, and loaded as ${loadAs}`
    report.line(`built ${digest}; it is not pushed${loaded}`)
    return { outcome: 'built', changed: false, verified: false, error: undefined }
  } finally {
    await docker.close()
  }
}

async function prepare(
  plan: BuildSpecification,
  { build: inputs }: LocalBuildInputs,
  docker: DockerSession,
  session: AwsSession | undefined,
  ports: Ports,
): Promise<PreparedBuild> {
  const pulls = session === undefined ? [] : await locateRegistries(inputs.registries, session)
  const configuration = await docker.logIn(pulls)
  const builder = await ports.report.phase('builder', 'Prepare the builder', async () => {
    await checkLoad(plan, configuration, ports)
    return await prepareBuilder({ builder: inputs.builder, build: plan }, configuration, ports)
  })
  const destination = { builder, target: { kind: 'keep' } as const }
  return await prepareBuild(plan, destination, configuration, undefined, ports)
}

async function build(
  prepared: PreparedBuild,
  retries: number,
  docker: DockerSession,
  ports: Ports,
): Promise<Digest> {
  const { builder, specification } = prepared
  const { workspace } = ports.context
  const place = { builder: builder.name, dockerfile: specification.dockerfile, workspace }
  const digest = await repeatBuild(
    retries,
    async () => {
      const end = await runBuild(prepared, ports)
      if (end.kind === 'built') return { kind: 'built', built: end.digest }
      const failed = classifyBuildFailure(end.lastLines, place)
      if (failed.kind === 'push') throw unexpectedPush(failed.push.text)
      return { kind: 'failed', failed }
    },
    docker,
    ports,
  )
  await exportCaches(prepared, ports)
  return digest
}

/** A cache that `cache-to` writes is pushed, too. */
function unexpectedPush(text: string): ActionError {
  return new ActionError(
    'push-failed',
    `the build pushed something, and that failed: ${text}`,
    'Check `cache-to` and `outputs`: the image itself is not pushed with `push: false`.',
  )
}
