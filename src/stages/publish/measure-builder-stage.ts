import { bakeArguments } from '../../core/bake/argv.ts'
import { stageDefinition } from '../../core/bake/export-stage.ts'
import { builderStageOf, exportStageArguments } from '../../core/buildx/builder-stage.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { isDigest, type Digest } from '../../core/image/digest.ts'
import { compressedBytesOf, type BuilderStageSize } from '../../core/image/content/sizes.ts'
import { parseBlobs } from '../../core/image/content/layers.ts'
import { objectsAt, parseJsonObject, stringAt } from '../../core/json.ts'
import { pathIn } from '../../core/path-in.ts'
import type { BakedImagePlan, BuiltImagePlan } from '../../core/plan/image/image-plan.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { askBuildxVersion } from '../builder/ask-buildx-version.ts'
import { grantPaths } from './grant-paths.ts'

/** What is known of an image that buildx or bake has built. */
export type StagedPlan =
  | Pick<BuiltImagePlan, 'build' | 'dockerfileText' | 'kind' | 'platforms'>
  | Pick<BakedImagePlan, 'bake' | 'dockerfileText' | 'kind' | 'platforms' | 'target'>

interface Destination {
  readonly builder: string
  readonly directory: string
}

const limitMs = 30_000
const manifestLimitBytes = 4 * 1024 * 1024

/**
 * Measures the builder stage of a build that has just ended on `builder`: exports it from the warm
 * cache, for the first platform, into the Docker configuration's folder, with which it goes. No
 * registry has this stage, and BuildKit tells layer sizes of nothing that it does not export.
 * @returns undefined where there is no such stage, or where it was not measured within 30 s; the
 * second is said as a detail.
 */
export async function measureBuilderStage(
  plan: StagedPlan,
  builder: string,
  docker: Pick<DockerConfiguration, 'environment'>,
  ports: Pick<Ports, 'clock' | 'context' | 'files' | 'processes' | 'report' | 'signal'>,
): Promise<BuilderStageSize | undefined> {
  const stage = stageOf(plan)
  const folder = docker.environment['DOCKER_CONFIG']
  if (stage === undefined || folder === undefined) return undefined
  const directory = pathIn(folder, 'builder-stage')
  try {
    const exported = await exportStage(plan, stage, { builder, directory }, docker, ports)
    if (exported !== undefined) throw new NotMeasured(exported)
    const compressedBytes = await layoutBytes(directory, ports)
    return { stage, platform: plan.platforms[0], compressedBytes }
  } catch (error) {
    const isKnown = error instanceof NotMeasured || error instanceof ActionError
    if (!isKnown || ports.signal.aborted) throw error
    ports.report.detail(`builder stage "${stage}" was not measured: ${error.message}`)
    return undefined
  }
}

/** The stage that is measured; undefined where the Dockerfile is elsewhere, or has none. */
export function stageOf(plan: StagedPlan): string | undefined {
  const { dockerfileText = '' } = plan
  if (plan.kind === 'build') return builderStageOf(dockerfileText, plan.build.target)
  return builderStageOf(
    dockerfileText,
    stringAt(plan.bake.targets.get(plan.target) ?? {}, 'target'),
  )
}

/** @returns Why it did not work; undefined where it did. */
async function exportStage(
  plan: StagedPlan,
  stage: string,
  destination: Destination,
  { environment }: Pick<DockerConfiguration, 'environment'>,
  ports: Pick<Ports, 'clock' | 'context' | 'files' | 'processes' | 'report' | 'signal'>,
): Promise<string | undefined> {
  const over = new AbortController()
  const request = {
    command: 'docker',
    arguments:
      plan.kind === 'build'
        ? exportStageArguments(plan.build, stage, destination)
        : await bakeStageArguments(plan, stage, { ...destination, environment }, ports),
    environment,
    workingDirectory: ports.context.workspace,
  }
  const cut = new NotMeasured(`it took longer than ${limitMs / 1000} s`)
  const ended = ports.processes.run(request, AbortSignal.any([ports.signal, over.signal]))
  const rested = ports.clock.sleep(limitMs, over.signal).then(
    () => over.abort(cut),
    () => undefined,
  )
  try {
    const { exitCode, stderrTail } = await ended
    return exitCode === 0 ? undefined : (stderrTail.at(-1) ?? `exit code ${exitCode}`)
  } finally {
    over.abort(cut)
    await rested
  }
}

async function bakeStageArguments(
  plan: Extract<StagedPlan, { kind: 'bake' }>,
  stage: string,
  { builder, directory, environment }: Destination & Pick<DockerConfiguration, 'environment'>,
  ports: Pick<Ports, 'context' | 'files' | 'processes' | 'report' | 'signal'>,
): Promise<readonly string[]> {
  const definition = stageDefinition(plan, stage, directory)
  const askVersion = () => askBuildxVersion({ environment }, ports)
  const granted = await grantPaths({ folders: [directory] }, askVersion, ports)
  return bakeArguments({
    builder,
    definitionFile: await ports.files.writeTemporary('bake.json', definition),
    metadataFile: `${directory}.json`,
    targets: [plan.target],
    allow: [...plan.bake.settings.allow, ...granted.allow],
  })
}

async function layoutBytes(directory: string, { files }: Pick<Ports, 'files'>): Promise<number> {
  const index = await files.readText(pathIn(directory, 'index.json'), manifestLimitBytes)
  const manifest = digestIn(index)
  if (manifest === undefined) throw new NotMeasured('the layout names no image')
  const path = pathIn(directory, `blobs/${manifest.replace(':', '/')}`)
  const blobs = parseBlobs(await files.readText(path, manifestLimitBytes))
  if (blobs === undefined) throw new NotMeasured('the layout holds no image')
  return compressedBytesOf(blobs.config, blobs.layers)
}

function digestIn(index: string): Digest | undefined {
  const [first = {}] = objectsAt(parseJsonObject(index) ?? {}, 'manifests')
  const digest = stringAt(first, 'digest')
  return digest !== undefined && isDigest(digest) ? digest : undefined
}

/** Why there is no size; nothing depends on it. */
class NotMeasured extends Error {}
