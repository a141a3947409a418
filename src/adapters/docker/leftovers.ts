import { lstat, realpath, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

import { ownBuilderName } from '../../core/buildx/builder/builder-name.ts'
import { isOwnHandler, localEngine, notRemoved } from '../../core/buildx/builder/emulation.ts'
import type { Processes } from '../../ports/processes.ts'
import { ifThere } from '../files/if-there.ts'
import { configurationPrefix } from './configuration.ts'

/** Removing something must not hold up the end of a job. */
const removalBudgetMs = 60_000

/**
 * Removes the Docker configuration that a killed run left. The path comes from the runner's state,
 * which hostile output can forge: only a folder of ours, directly in the job's temporary folder,
 * is ever removed.
 * @returns false where there is nothing to remove.
 * @throws Error where the path is not one of ours, or cannot be looked at.
 */
export async function removeDockerConfiguration(
  directory: string,
  temporaryDirectory: string,
): Promise<boolean> {
  const inside =
    basename(directory).startsWith(configurationPrefix) &&
    (await sameDirectory(dirname(directory), temporaryDirectory))
  if (!inside) {
    throw new Error(`${JSON.stringify(directory)} is not a folder that this action made`)
  }
  const found = await ifThere(lstat(directory))
  if (found === undefined) return false
  if (!found.isDirectory()) throw new Error(`${JSON.stringify(directory)} is not a folder`)
  await rm(directory, { recursive: true, force: true })
  return true
}

async function sameDirectory(a: string, b: string): Promise<boolean> {
  const [realA, realB] = await Promise.all([a, b].map((path) => realpath(path).catch(() => path)))
  return realA === realB
}

/**
 * Removes the builder of a run, with its container and cache. State can be forged: others are not
 * ours to remove.
 * @returns false where there is none of this name.
 * @throws Error where it is not one of ours, or with docker's reason.
 */
export async function removeBuilder(name: string, processes: Processes): Promise<boolean> {
  if (!ownBuilderName.test(name)) throw new Error('it is not one that this action made')
  const { exitCode, stderrTail } = await processes.run(
    { command: 'docker', arguments: ['buildx', 'rm', '--force', name] },
    AbortSignal.timeout(removalBudgetMs),
  )
  if (exitCode === 0) return true
  const said = stderrTail.join(' ')
  if (/no builder .* found/.test(said)) return false
  throw new Error(said)
}

/**
 * Takes handlers out of binfmt_misc again; those that are gone already are fine. State can be
 * forged: only the names that we register, on an engine of this machine, with the image of the inputs.
 * @param engine The argument of docker that names the engine.
 * @throws Error where something is not ours to remove, or with the helper's reason.
 */
export async function removeEmulators(
  left: { readonly engine: string; readonly handlers: readonly string[] },
  image: string,
  processes: Processes,
): Promise<void> {
  const { engine, handlers } = left
  const stranger = handlers.find((handler) => !isOwnHandler(handler))
  if (stranger !== undefined || localEngine(engine.replace(/^--(host|context)=/, '')) !== engine) {
    const what = JSON.stringify(stranger ?? engine)
    throw new Error(`${what} is nothing that this action registers`)
  }
  const { exitCode, stderrTail } = await processes.run(
    {
      command: 'docker',
      arguments: [
        ...[engine, 'run', '--rm', '--privileged', '--network=none', image],
        ...['--uninstall', handlers.join(',')],
      ],
    },
    AbortSignal.timeout(removalBudgetMs),
  )
  const problems = exitCode === 0 ? notRemoved(stderrTail) : stderrTail
  if (problems.length > 0) throw new Error(problems.join(' '))
}
