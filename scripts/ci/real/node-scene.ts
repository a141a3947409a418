import { symlinkSync } from 'node:fs'
import { join } from 'node:path'

import type { ActionRun } from '../../../simulator/github/runner/action-run.ts'
import { createTlsIdentity, type TlsIdentity } from '../../../simulator/wire/tls.ts'
import { BuildkitDaemon } from '../buildkit-daemon.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'
import { SshServer } from './ssh-server.ts'

const repository = 'real/nodes'

/** One image by two daemons, each of which can build one platform: the second behind TLS, then ssh. */
export async function nodeScene(site: Site): Promise<void> {
  site.createRepository(repository)
  const first = await startDaemon(site, 'linux/amd64', { port: 12_340 })
  try {
    await overTls(site, first)
    await overSsh(site, first)
  } finally {
    await first.stop()
  }
}

async function overTls(site: Site, first: BuildkitDaemon): Promise<void> {
  const { screen } = site
  screen.chapter('Two platforms by two remote nodes, the second behind mutual TLS')
  const tls = await createTlsIdentity(['localhost'])
  const second = await startDaemon(site, 'linux/arm64', { port: 12_341, tls })
  try {
    const inputs = inputsOf(site, first, second.address)
    await refuseStranger(site, inputs, tls)
    await release(site, { inputs, environment: clientOf(tls) }, tls)
    await checkBuilt(site, [first, second])
  } finally {
    await second.stop()
  }
}

/** Who trusts the server but cannot show who it is gets no builder. */
async function refuseStranger(
  site: Site,
  inputs: Record<string, string>,
  tls: TlsIdentity,
): Promise<void> {
  const { screen } = site
  screen.progress('without a client certificate')
  const environment = { BUILDER_NODE_1_AUTH_TLS_CACERT: tls.authority }
  const { outputs, annotations, exitCode } = await site.expect({ inputs, environment }, 'refused')
  screen.check(exitCode !== 0, 'the step is red', outputs['error-code'])
  const [reason] = annotations.map(({ message }) => message)
  const told = /cannot be reached.+asks for a client certificate needs/.test(reason ?? '')
  screen.check(told, 'and says what may be missing', reason)
}

async function overSsh(site: Site, first: BuildkitDaemon): Promise<void> {
  const { screen, stage, programs } = site
  screen.chapter('Two platforms by two remote nodes, the second at the other end of ssh')
  // What ssh finds on the other machine.
  symlinkSync(join(programs, 'buildctl'), '/usr/local/bin/buildctl')
  const second = await startDaemon(site, 'linux/arm64', {})
  try {
    const directory = join(stage.directory, 'ssh')
    const server = await SshServer.start(directory, ['buildctl', 'debug', 'workers'])
    try {
      const before = server.logins
      await release(site, { inputs: inputsOf(site, first, server.endpoint) })
      const logins = server.logins - before
      screen.check(logins > 0, 'the node was reached by ssh', `${String(logins)} logins`)
      await checkBuilt(site, [first, second])
    } finally {
      await server.stop()
    }
  } finally {
    await second.stop()
  }
}

async function release(
  site: Site,
  step: { inputs: Record<string, string>; environment?: Record<string, string> },
  tls?: TlsIdentity,
): Promise<void> {
  const { screen, stage } = site
  const tag = `sha-${site.nextCommit()}`
  const { outputs, log } = await site.expect(step, 'pushed')
  if (outputs['outcome'] !== 'pushed') return
  const found = await readIndex(stage, `${registryOf(repository)}:${tag}`)
  const platforms = platformsOf(found)
  screen.check(platforms === 'linux/amd64 linux/arm64', 'skopeo finds both platforms', platforms)
  screen.check(found.digest === outputs['digest'], 'and the digest that was told', found.digest)
  if (tls !== undefined) checkSilence(site, log, tls)
}

function checkSilence({ screen }: Site, log: ActionRun['log'], tls: TlsIdentity): void {
  const secrets = Object.values(clientOf(tls)).flatMap((pem) =>
    pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
  )
  const leaked = log.filter((line) => secrets.some((secret) => line.includes(secret)))
  screen.check(leaked.length === 0, 'the TLS material is in no line of the log')
}

async function checkBuilt({ screen }: Site, nodes: readonly BuildkitDaemon[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const records = await node.records()
    screen.check(records > 0, `node ${String(index)} built`, `${String(records)} cache records`)
  }
}

function startDaemon(
  { stage, programs }: Site,
  platform: string,
  given: { readonly port?: number; readonly tls?: TlsIdentity },
): Promise<BuildkitDaemon> {
  const directory = join(stage.directory, `node-${String(given.port ?? 'socket')}`)
  return BuildkitDaemon.start({ programs, directory, platforms: [platform], ...given })
}

function inputsOf(site: Site, first: BuildkitDaemon, second: string): Record<string, string> {
  return site.inputs(repository, {
    ...{ driver: 'remote', endpoint: first.address },
    append: `- endpoint: ${second}\n  platforms: linux/arm64\n`,
  })
}

/** What the second node's client needs, as docker/setup-buildx-action names it. */
function clientOf({ authority, client }: TlsIdentity): Record<string, string> {
  return {
    BUILDER_NODE_1_AUTH_TLS_CACERT: authority,
    BUILDER_NODE_1_AUTH_TLS_CERT: client.certificate,
    BUILDER_NODE_1_AUTH_TLS_KEY: client.key,
  }
}
