import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'

import { demoCluster, type Stage } from './stage.ts'

const run = promisify(execFile)

/** What the service's containers answer, asked one by one at their own addresses. */
export interface Answer {
  readonly version: string
  readonly commit: string
  readonly architecture: string
}

interface Deployment {
  readonly rolloutState: string
}

/** A task as DescribeTasks tells it, as far as the demo looks. */
interface Task {
  readonly lastStatus: string
  readonly desiredStatus: string
  readonly createdAt: number
  readonly startedAt?: number
  readonly stoppingAt?: number
  readonly attachments: readonly {
    readonly details: readonly { readonly name: string; readonly value: string }[]
  }[]
  readonly containers: readonly { readonly name: string; readonly imageDigest?: string }[]
}

/** An image as a reader that is not ours finds it in the registry. */
export interface ImageInRegistry {
  readonly digest: string
  readonly platforms: readonly string[]
}

/**
 * Reads an image with skopeo, a program of Debian's that knows nothing of this project; where there
 * is none, by the registry's own protocol.
 */
export async function readImage(stage: Stage, reference: string): Promise<ImageInRegistry> {
  const bytes = await readManifest(stage, reference)
  const index = JSON.parse(bytes) as {
    readonly manifests: readonly {
      readonly platform?: { readonly os: string; readonly architecture: string }
    }[]
  }
  const platforms = index.manifests.flatMap(({ platform }) =>
    platform === undefined || platform.os === 'unknown'
      ? []
      : [`${platform.os}/${platform.architecture}`],
  )
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, platforms }
}

async function readManifest(stage: Stage, reference: string): Promise<string> {
  const { username, password } = stage.credentials()
  const tls = `--tls-verify=${String(!stage.registryHost.startsWith('127.'))}`
  const login = ['--creds', `${username}:${password}`]
  try {
    const argv = ['inspect', '--raw', tls, ...login, `docker://${reference}`]
    return (await run('skopeo', argv)).stdout
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    const [, repository = '', name = ''] = /^[^/]+\/([^@:]+)[@:](.+)$/.exec(reference) ?? []
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const response = await fetch(
      new URL(`/v2/${repository}/manifests/${name}`, stage.simulator.registry.url),
      { headers: { authorization, accept: 'application/vnd.oci.image.index.v1+json' } },
    )
    return response.text()
  }
}

/** The tasks of the service, running ones and those that stopped in the last hour. */
export async function describeTasks(
  stage: Stage,
  cluster = demoCluster,
  service = 'hello',
): Promise<readonly Task[]> {
  const list = async (desiredStatus: string) =>
    (await stage.call('ListTasks', {
      cluster,
      serviceName: service,
      desiredStatus,
    })) as {
      readonly taskArns: readonly string[]
    }
  const running = await list('RUNNING')
  const stopped = await list('STOPPED')
  const tasks = [...running.taskArns, ...stopped.taskArns]
  if (tasks.length === 0) return []
  const answer = (await stage.call('DescribeTasks', { cluster, tasks })) as {
    readonly tasks: readonly Task[]
  }
  return answer.tasks
}

/** Whether the only deployment of the service in `cluster` is complete. */
export async function isSteady(
  stage: Stage,
  cluster = demoCluster,
  service = 'hello',
): Promise<boolean> {
  const answer = (await stage.call('DescribeServices', {
    cluster,
    services: [service],
  })) as { readonly services: readonly { readonly deployments: readonly Deployment[] }[] }
  const deployments = answer.services[0]?.deployments ?? []
  return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED'
}

/** Addresses of the tasks that run. */
export async function addresses(
  stage: Stage,
  cluster = demoCluster,
  service = 'hello',
): Promise<readonly string[]> {
  const tasks = await describeTasks(stage, cluster, service)
  return tasks
    .filter((task) => task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING')
    .flatMap((task) => task.attachments.flatMap((attachment) => attachment.details))
    .filter((detail) => detail.name === 'privateIPv4Address')
    .map((detail) => detail.value)
}

/** What every running container of the service in `cluster` answers over HTTP. */
export async function askAll(
  stage: Stage,
  cluster = demoCluster,
  service = 'hello',
): Promise<readonly Answer[]> {
  const found = await addresses(stage, cluster, service)
  return Promise.all(found.map((address) => ask(`http://${address}:8080/`)))
}

async function ask(url: string): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  return (await response.json()) as Answer
}

/** Runs the image on a platform as a container of its own and asks it. */
export async function tryPlatform(
  reference: string,
  platform: string,
  dockerConfig: string,
): Promise<Answer> {
  const environment = { ...process.env, DOCKER_CONFIG: dockerConfig }
  const docker = async (...argv: readonly string[]) =>
    (await run('docker', argv, { env: environment })).stdout.trim()
  const id = await docker('run', '--detach', '--platform', platform, reference)
  try {
    const address = await docker(
      ...['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', id],
    )
    return await untilAnswered(`http://${address}:8080/`)
  } finally {
    await docker('rm', '--force', id)
  }
}

async function untilAnswered(url: string): Promise<Answer> {
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      return await ask(url)
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

/** Watches whether at least one container of the service answers, four times a second. */
export class AvailabilityWatch {
  #samples = 0
  #gaps = 0
  readonly #stop = new AbortController()
  readonly #done: Promise<void>

  constructor(stage: Stage) {
    this.#done = this.#watch(stage)
  }

  async #watch(stage: Stage): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const answers = await Promise.allSettled(
        (await addresses(stage)).map((address) => ask(`http://${address}:8080/`)),
      )
      this.#samples += 1
      if (!answers.some(({ status }) => status === 'fulfilled')) this.#gaps += 1
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  /** Ends the watch. @returns how often it looked, and how often nobody answered. */
  async end(): Promise<{ readonly samples: number; readonly gaps: number }> {
    this.#stop.abort()
    await this.#done
    return { samples: this.#samples, gaps: this.#gaps }
  }
}
