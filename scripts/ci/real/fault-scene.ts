import { join } from 'node:path'

import type { Fault } from '../../../simulator/faults/fault.ts'
import type { ActionRun } from '../../../simulator/github/runner/action-run.ts'
import { BuildkitDaemon } from '../buildkit-daemon.ts'
import { readIndex } from './image-index.ts'
import { shortenFirstLogin } from './short-login.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/faults'
const loginLifeMs = 5_000

/** Longer than a login that is to end before the push. */
const slowDockerfile = `ARG BASE
FROM \${BASE}
RUN sleep ${String(loginLifeMs / 1000 + 2)}
COPY VERSION /
`

/** A registry that fails in the ways registries do, under BuildKit's current release and the engine's. */
export async function faultScene(site: Site): Promise<void> {
  const { stage, programs } = site
  site.createRepository(repository)
  site.workspace.add('.', { 'slow.Dockerfile': slowDockerfile })
  const directory = join(stage.directory, 'faults')
  const daemon = await BuildkitDaemon.start({
    ...{ programs, directory, port: 12_370, platforms: ['linux/amd64', 'linux/arm64'] },
  })
  try {
    await suffer(site, "BuildKit's current release", daemon.address)
  } finally {
    await daemon.stop()
  }
  await suffer(site, "the engine's BuildKit", process.env['WORLD_BUILDKIT'] ?? '')
}

async function suffer(site: Site, by: string, endpoint: string): Promise<void> {
  site.screen.chapter(`A registry that fails, under ${by}`)
  const inputs = site.inputs(repository, { driver: 'remote', endpoint })
  await serverError(site, inputs)
  await brokenUpload(site, inputs)
  await endedLogin(site, inputs)
  await takenIdentity(site, inputs)
  await takenSecondTag(site, inputs)
}

/** More refusals than BuildKit itself takes: one run of buildx fails, the next one succeeds. */
async function serverError(site: Site, inputs: Record<string, string>): Promise<void> {
  const tag = `sha-${site.nextCommit()}`
  const request = `PUT /v2/${repository}/manifests/${tag}`
  await recover(site, inputs, {
    name: 'the index is refused with 503',
    request,
    first: 8,
    status: 503,
  })
}

async function brokenUpload(site: Site, inputs: Record<string, string>): Promise<void> {
  site.nextCommit()
  await recover(site, inputs, {
    name: 'a layer breaks off in its upload',
    request: `PUT /v2/${repository}/blobs/uploads/*`,
    nth: 1,
    reset: 'before',
    afterBytes: 64,
  })
}

async function recover(site: Site, inputs: Record<string, string>, fault: Fault): Promise<void> {
  const { screen, stage } = site
  const { faults, requests } = stage.simulator
  screen.progress(fault.name ?? '')
  faults.add([fault])
  requests.clear()
  const run = await site.expect({ inputs }, 'pushed')
  const hits = faults.hits().length
  faults.clear()
  screen.check(hits > 0, 'the registry failed', `${String(hits)} times, ${triesOf(run)}`)
  await checkReadable(site, run)
}

async function endedLogin(site: Site, inputs: Record<string, string>): Promise<void> {
  const { screen, stage } = site
  screen.progress('the login ends while the image is built')
  site.nextCommit()
  const restore = shortenFirstLogin(stage.simulator.ecr.tokens, loginLifeMs)
  stage.simulator.requests.clear()
  const run = await site.expect({ inputs: { ...inputs, file: 'slow.Dockerfile' } }, 'pushed')
  restore()
  const { requests } = stage.simulator
  const refused = requests.list('registry').filter(({ status }) => status === 403)
  screen.check(refused.length > 0, 'the registry refused it', `${String(refused.length)} times`)
  // The measure of the builder stage asks for a login of its own, when all is pushed.
  const logins = run.log.filter((line) => line.startsWith('logged in to ')).length
  screen.check(logins === 2, 'one new password was got', triesOf(run))
  await checkReadable(site, run)
}

/** Somebody else pushes the commit's tag while it is built. */
async function takenIdentity(site: Site, inputs: Record<string, string>): Promise<void> {
  site.screen.progress("the commit's tag is taken while it is built")
  await clash(site, inputs, `sha-${site.nextCommit()}`)
}

async function takenSecondTag(site: Site, inputs: Record<string, string>): Promise<void> {
  const { screen } = site
  const commit = site.nextCommit()
  const second = `build-${commit.slice(0, 7)}`
  screen.progress('a second tag is taken while the image is built')
  const tags = `type=sha,format=long\ntype=raw,value=${second}`
  const run = await clash(site, { ...inputs, tags }, second)
  await checkReadable(site, run, `sha-${commit}`)
}

async function clash(site: Site, inputs: Record<string, string>, tag: string): Promise<ActionRun> {
  const { screen, stage } = site
  const { registry } = stage.simulator.ecr
  const [other] = registry.repository('base/busybox').images
  let taken = false
  const onLine = (line: string): void => {
    if (taken || other === undefined || !/^#\d+ \[/.test(line)) return
    taken = true
    registry.repository(repository).put(other.manifest, tag, Date.now())
  }
  const run = await site.expect({ inputs, onLine }, 'failed')
  const { 'error-code': code, 'failure-reason': reason = '' } = run.outputs
  screen.check(code === 'tag-immutable', 'and the reason is told', reason)
  screen.check(triesOf(run) === '1 build', 'it is not tried again')
  const kept = registry.repository(repository).digestOfTag(tag)
  screen.check(kept === other?.manifest.digest, 'the tag names what it named')
  return run
}

async function checkReadable(site: Site, { outputs }: ActionRun, tag?: string): Promise<void> {
  const { screen, stage, workspace } = site
  const reference = `${registryOf(repository)}:${tag ?? `sha-${workspace.commit}`}`
  const { digest } = await readIndex(stage, reference)
  screen.check(digest === outputs['digest'], 'skopeo finds the image that was told', digest)
}

function triesOf({ log }: ActionRun): string {
  const tries = log.filter((line) => line.startsWith('docker buildx build ')).length
  return tries === 1 ? '1 build' : `${String(tries)} builds`
}
