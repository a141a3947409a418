import {
  installations,
  isTaken,
  parseKernelEmulation,
  type Emulator,
  type KernelEmulation,
} from '../../core/buildx/builder/emulation.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'
import { runPulling } from './run-pulling.ts'

/** The image that speaks to the kernel's binfmt_misc, and where it runs. */
export interface Helper {
  /** The argument of docker that names the engine. */
  readonly engine: string
  readonly image: string
}

/**
 * Asks what the kernel of an engine runs, natively and by handlers.
 * @returns the reason, as a text, where it cannot be told.
 */
export async function readKernelEmulation(
  helper: Helper,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<KernelEmulation | string> {
  const result = await runPulling(argvOf(helper, []), docker, ports)
  if (result.exitCode !== 0) return lastWordsOf(result)
  const kernel = parseKernelEmulation(result.stdout)
  return kernel ?? `"${helper.image}" does not answer as tonistiigi/binfmt does`
}

/**
 * Registers emulators. They are left to the post step before they exist, and only those that are
 * ours: the kernel refuses a name that somebody else has registered meanwhile.
 * @returns what the helper said against it, if anything.
 */
export async function registerEmulators(
  helper: Helper,
  emulators: readonly Emulator[],
  docker: DockerConfiguration,
  ports: Ports,
): Promise<string | undefined> {
  if (emulators.length === 0) return undefined
  const handlersOf = (of: readonly Emulator[]) => of.map(({ handler }) => handler)
  const architectures = emulators.map(({ architecture }) => architecture).join(',')
  ports.postState.saveEmulators(helper.engine, handlersOf(emulators))
  const result = await runDocker(argvOf(helper, ['--install', architectures]), docker, ports)
  const said = installations(result.stderrTail)
  const of = (wanted: (result: string | undefined) => boolean): readonly Emulator[] =>
    emulators.filter(({ architecture }) => wanted(said.get(architecture)))
  // One whose end we do not know stays with the post step, which finds it or not.
  ports.postState.forgetEmulators(helper.engine, handlersOf(of(isTaken)))
  const registered = handlersOf(of((result) => result === 'OK'))
  if (registered.length > 0) {
    ports.report.line(
      `registered ${registered.join(', ')} (${helper.image}); taken back after the job`,
    )
  }
  if (registered.length === emulators.length) return undefined
  const [complaint] = [...said].filter(([, result]) => result !== 'OK')
  return complaint === undefined ? lastWordsOf(result) : complaint.join(': ')
}

function argvOf({ engine, image }: Helper, more: readonly string[]): readonly string[] {
  return [engine, 'run', '--rm', '--privileged', '--network=none', image, ...more]
}
