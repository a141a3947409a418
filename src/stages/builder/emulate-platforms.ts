import type { BuilderDescription } from '../../core/buildx/builder/builder-description.ts'
import { localEngine, planEmulation } from '../../core/buildx/builder/emulation.ts'
import { missingPlatforms } from '../../core/buildx/builder/missing-platforms.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { Platform } from '../../core/image/platform.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import type { BuilderNeeds } from './builder-needs.ts'
import { inspectExisting } from './inspect-builder.ts'
import type { MadeBuilder } from './make-builder.ts'
import { readKernelEmulation, registerEmulators, type Helper } from './register-emulators.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'

/** BuildKit looks for emulators again once its last look is this old (20 s since v0.10, measured in its source), and some. */
const detectionAgeMs = 21_000

/**
 * Sees to it that a builder offers every platform: where it lacks one, runs on this machine and may
 * be helped, QEMU is registered with the kernel for exactly those.
 * @throws ActionError `platform-unsupported`, before anything is built.
 */
export async function emulatePlatforms(
  builder: MadeBuilder,
  needs: BuilderNeeds,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<void> {
  const wanted = needs.build.platforms
  const missing = missingPlatforms(wanted, builder.description.platforms)
  if (missing.length === 0) return
  const refuse = (reason?: string): never => {
    throw unsupported(builder, missing, reason)
  }
  const { binfmtImage: image } = needs.builder
  if (image === undefined) return refuse('`emulation` is off')
  const engine = engineOf(builder.description) ?? refuse('it is not on this machine')
  const helper: Helper = { engine, image }
  const kernel = await readKernelEmulation(helper, docker, ports)
  if (typeof kernel === 'string') return refuse(`emulation cannot be set up: ${kernel}`)
  const plan = planEmulation(missing, builder.description.platforms, kernel)
  if (plan.kind === 'impossible') return refuse(plan.reason)
  const said = await registerEmulators(helper, plan.emulators, docker, ports)
  const still = await lookAgain(builder, wanted, docker, ports)
  if (still.length > 0) throw unsupported(builder, still, said)
  ports.report.line(
    `${missing.join(', ')} is emulated by QEMU: expect several times the time of a native node`,
  )
}

/** The engine of the first node that is on this machine, where the driver is one that runs there. */
function engineOf({ driver, nodes }: BuilderDescription): string | undefined {
  if (driver !== 'docker-container' && driver !== 'docker') return undefined
  return nodes.flatMap(({ endpoint }) => localEngine(endpoint) ?? [])[0]
}

/**
 * A builder that only we use is started anew and looks at once; another one is left alone, and
 * looks by itself after a while.
 * @returns what is still missing.
 */
async function lookAgain(
  { name, fresh }: MadeBuilder,
  wanted: readonly Platform[],
  docker: DockerConfiguration,
  ports: Ports,
): Promise<readonly Platform[]> {
  const look = async (): Promise<readonly Platform[]> => {
    const { platforms } = await inspectExisting(name, docker, ports)
    return missingPlatforms(wanted, platforms)
  }
  if (fresh) {
    const stopped = await runDocker(['buildx', 'stop', name], docker, ports)
    if (stopped.exitCode !== 0) ports.report.detail(`buildx stop: ${lastWordsOf(stopped)}`)
  }
  const missing = await look()
  if (missing.length === 0) return missing
  ports.report.line(`builder ${name} has not seen the emulators yet; it looks again in 20 s`)
  await ports.clock.sleep(detectionAgeMs, ports.signal)
  return await look()
}

function unsupported(
  { name, description: { platforms, errors } }: MadeBuilder,
  missing: readonly Platform[],
  reason?: string,
): ActionError {
  const has = platforms.length === 0 ? errors.join('; ') || 'no platform' : platforms.join(', ')
  const because = reason === undefined ? '' : `, and ${reason}`
  return new ActionError(
    'platform-unsupported',
    `builder "${name}" cannot build ${missing.join(', ')}; it has ${has}${because}`,
    'Run docker/setup-qemu-action before this step, give the builder a native node (`append`), or ask for fewer `platforms`.',
  )
}
