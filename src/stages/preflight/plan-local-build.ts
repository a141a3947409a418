import { describeCache } from '../../core/buildx/cache/plan-cache.ts'
import { storeWithoutAws } from '../../core/buildx/cache/store.ts'
import { untrustedReason } from '../../core/guards/untrusted-event.ts'
import type { LocalBuildInputs } from '../../core/inputs/inputs.ts'
import { addCaches, cachesOf } from '../../core/plan/image/add-caches.ts'
import type { LocalBuildPlan } from '../../core/plan/image/image-plan.ts'
import { loadName } from '../../core/plan/image/load-name.ts'
import { fingerprintOf, specifyBuild } from '../../core/plan/image/specify-build.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectSource } from './inspect-source.ts'
import { nameImage } from './name-image.ts'

/**
 * Decides what is built for nobody but this machine, as a release would decide it; nothing is asked
 * of AWS.
 * @throws ActionError
 */
export async function planLocalBuild(
  given: LocalBuildInputs,
  ports: Ports,
): Promise<LocalBuildPlan> {
  const { identity, inputs } = await nameImage(given, ports)
  const { build } = inputs
  const { context, report } = ports
  const source = await inspectSource(build, ports)
  report.record({ version: identity.version })
  const basis = { inputs: build, context, identity, source, githubToken: tokenFor(inputs, ports) }
  const store = storeWithoutAws(build.cache)
  if (build.cache.kind !== 'off') {
    const what = describeCache(store, context) || 'off, because this build has no AWS credentials'
    report.line(`cache: ${what}`)
  }
  const caches = cachesOf(basis, store, undefined)
  const specification = addCaches(specifyBuild(basis, fingerprintOf(basis)), caches)
  const { commit } = identity
  if (!build.load) return { commit, build: specification }
  const loadAs = loadName(identity, inputs.deploy.repository, context)
  return { commit, build: { ...specification, loadAs } }
}

/** A Dockerfile from outside could mount the token that fetches its context. */
function tokenFor(
  { build, githubToken }: LocalBuildInputs,
  { context, report }: Pick<Ports, 'context' | 'report'>,
): string | undefined {
  const distrust = untrustedReason(context)
  if (distrust === undefined) return githubToken
  if (build.settings.secrets.length > 0) {
    report.warning(
      `what this builds can read its secrets, and somebody outside may have shaped it: ${distrust}`,
    )
  }
  return undefined
}
