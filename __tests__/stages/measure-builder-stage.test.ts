import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../simulator/ecr/store/digest.ts'
import { createFiles } from '../../src/adapters/files/files.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { ProcessRequest, ProcessResult } from '../../src/ports/processes.ts'
import {
  measureBuilderStage,
  type StagedPlan,
} from '../../src/stages/publish/measure-builder-stage.ts'
import { buildSettings } from '../support/build-settings.ts'
import { imagePlan } from '../support/image-plan.ts'
import { layeredImage, storedBytes } from '../support/layered-image.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { runContext } from '../support/run-context.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const dockerfile = 'FROM node:22 AS build\nRUN npm ci\nFROM scratch\nCOPY --from=build /app /\n'
const single = 'FROM scratch\nCOPY . /\n'
const image = layeredImage('linux/amd64', [
  { content: Buffer.alloc(100_000), instruction: 'RUN npm ci' },
])

let folder: TemporaryFolder
let report: RecordingReport
let requests: ProcessRequest[]
/** Whether time passes faster than docker works. */
let isLate: boolean
let bakedBy: string
beforeEach(async () => {
  folder = await temporaryFolder()
  report = new RecordingReport()
  requests = []
  isLate = false
  bakedBy = 'v0.38.2'
})
afterEach(() => folder.remove())

/** A clock whose time passes only where the test says so. */
const clock: Clock = {
  now: () => new Date(0),
  monotonicMs: () => 0,
  chance: () => 1,
  sleep: (_ms, signal) =>
    new Promise((resolve, reject) => {
      if (isLate) resolve()
      signal?.addEventListener('abort', () => {
        reject(new Error('aborted'))
      })
    }),
}

/** What BuildKit writes with `type=oci,tar=false`. */
async function exportLayout(request: ProcessRequest): Promise<ProcessResult> {
  const output = request.arguments.find((argument) => argument.startsWith('--output='))
  return await writeLayout(/dest=([^,"]+)/.exec(output ?? '')?.[1] ?? '')
}

/** The same by bake, which reads from a definition where to. */
async function bakeLayout(request: ProcessRequest): Promise<ProcessResult> {
  if (request.arguments[1] === 'version') {
    const stdout = `github.com/docker/buildx ${bakedBy} 0000000`
    return { exitCode: 0, stdout, truncated: false, stderrTail: [] }
  }
  const file = request.arguments.find((argument) => argument.startsWith('--file='))
  const definition = await readFile(file?.replace('--file=', '') ?? '', 'utf8')
  return await writeLayout(/dest=([^,"\\]+)/.exec(definition)?.[1] ?? '')
}

async function writeLayout(directory: string): Promise<ProcessResult> {
  await mkdir(join(directory, 'blobs', 'sha256'), { recursive: true })
  await writeFile(join(directory, 'blobs', ...digestOf(image.text).split(':')), image.text)
  const index = { manifests: [{ digest: image.digest }] }
  await writeFile(join(directory, 'index.json'), JSON.stringify(index))
  return { exitCode: 0, stdout: '', truncated: false, stderrTail: [] }
}

async function measure(
  run: (request: ProcessRequest, signal: AbortSignal) => Promise<ProcessResult>,
  plan: StagedPlan = imagePlan({ dockerfileText: dockerfile }),
  abort = new AbortController(),
): ReturnType<typeof measureBuilderStage> {
  const processes = {
    variable: () => undefined,
    run: (request: ProcessRequest, signal: AbortSignal) => {
      requests.push(request)
      return run(request, signal)
    },
  }
  const docker = { environment: { DOCKER_CONFIG: folder.path } }
  const { signal } = abort
  const ports = { clock, context: runContext(), files: createFiles(folder.path), processes, report }
  return await measureBuilderStage(plan, 'ours', docker, { ...ports, signal })
}

const hang = (_request: ProcessRequest, signal: AbortSignal): Promise<ProcessResult> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    })
  })

describe('the builder stage', () => {
  it('is measured by what BuildKit exports of it, inside the configuration that goes away', async () => {
    expect(await measure(exportLayout)).toEqual({
      ...{ stage: 'build', platform: 'linux/amd64', compressedBytes: storedBytes(image) },
    })
    expect(requests[0]?.arguments).toContain(
      `--output=type=oci,tar=false,dest=${join(folder.path, 'builder-stage')}`,
    )
    expect(requests[0]?.environment).toEqual({ DOCKER_CONFIG: folder.path })
  })

  it.each([
    ['with leave for its folder alone', 'v0.38.2', true],
    ['without, where bake knows of no leave', 'v0.13.1', false],
  ])('of a target of bake is exported by bake, %s', async (_what, version, isAsked) => {
    bakedBy = version
    const targets = new Map([['web', { context: 'web', target: 'final' }]])
    const named = `${dockerfile.replace('FROM scratch', 'FROM scratch AS final')}FROM scratch\n`
    const plan: StagedPlan = {
      ...{ kind: 'bake', target: 'web', dockerfileText: named, platforms: ['linux/arm64'] },
      bake: { targets, settings: buildSettings({ allow: ['network.host'] }), workspace: '/w' },
    }
    expect(await measure(bakeLayout, plan)).toEqual({
      ...{ stage: 'build', platform: 'linux/arm64', compressedBytes: storedBytes(image) },
    })
    const [, request] = requests
    const leave = `--allow=fs.write=${join(folder.path, 'builder-stage')}`
    expect(request?.arguments).toEqual([
      ...['buildx', 'bake', '--builder=ours', '--progress=plain', '--allow=network.host'],
      ...(isAsked ? [leave] : []),
      `--metadata-file=${join(folder.path, 'builder-stage.json')}`,
      ...[expect.stringMatching(/^--file=.*bake\.json$/), '--', 'web'],
    ])
    expect(request?.environment).toEqual({ DOCKER_CONFIG: folder.path })
  })

  it('is not looked for where the image has one stage', async () => {
    expect(await measure(exportLayout, imagePlan({ dockerfileText: single }))).toBeUndefined()
    expect(requests).toEqual([])
  })

  it('is not measured where its steps cannot be done again, and that is a detail', async () => {
    const stderrTail = ['ERROR: secret "npm" not found']
    const failed = { exitCode: 1, stdout: '', truncated: false, stderrTail }
    expect(await measure(() => Promise.resolve(failed))).toBeUndefined()
    expect(report.details).toEqual([
      'builder stage "build" was not measured: ERROR: secret "npm" not found',
    ])
  })

  it('is not measured where it takes longer than 30 s', async () => {
    isLate = true
    expect(await measure(hang)).toBeUndefined()
    expect(report.details).toEqual([
      'builder stage "build" was not measured: it took longer than 30 s',
    ])
  })

  it('is not measured where the layout is not one', async () => {
    const ended = { exitCode: 0, stdout: '', truncated: false, stderrTail: [] }
    expect(await measure(() => Promise.resolve(ended))).toBeUndefined()
    expect(report.details[0]).toMatch(/was not measured: .*index\.json/)
  })

  it('ends with the run', async () => {
    const abort = new AbortController()
    const measured = measure(hang, undefined, abort)
    abort.abort(new Error('cancelled'))
    await expect(measured).rejects.toThrow('cancelled')
  })
})
