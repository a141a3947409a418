// The first process of a world, started by enter.sh: brings up Docker, runs the command, ends.
// Its end is the end of every process of the world. Arguments: a WorldSetting, the command.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'

import { startDockerEngine } from './dockerd.ts'
import { serveGrpcProxy } from './grpc-proxy.ts'
import type { WorldSetting } from './setting.ts'

const [settingJson = '', program = '', ...arguments_] = process.argv.slice(2)
const setting = JSON.parse(settingJson) as WorldSetting
const leashFd = 3

/** Runs the command to its end and returns its exit code; signals come as lines of the leash. */
async function runCommand(environment: NodeJS.ProcessEnv): Promise<number> {
  const command = spawn(program, arguments_, {
    cwd: setting.cwd,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  leashLines.on('line', (signal) => {
    if (isSignal(signal)) command.kill(signal)
  })
  const [code, signal] = (await once(command, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

const isSignal = (name: string): name is NodeJS.Signals => name in constants.signals

// The owner's end, even by SIGKILL, closes the leash: then there is nobody to work for.
const leash = new Socket({ fd: leashFd }).on('error', () => process.exit(1))
const leashLines = createInterface(leash).on('close', () => process.exit(1))
// A signal before the command runs ends the world.
const endEarly = (): never => process.exit(130)
leashLines.once('line', endEarly)

// The mark by which a program knows that it is in a world.
writeFileSync('/run/world', '')
for (const [host, address] of Object.entries(setting.hosts)) {
  appendFileSync('/etc/hosts', `${address} ${host}\n`)
}
const dockerHost = await startDockerEngine(setting.cgroup)
const buildkit = await serveGrpcProxy(dockerHost.slice('unix://'.length))
leashLines.off('line', endEarly)
const environment = {
  ...process.env,
  DOCKER_HOST: dockerHost,
  WORLD_BUILDKIT: buildkit,
  WORLD_CGROUP: setting.cgroup,
}
process.exit(
  await runCommand(environment).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    return 127
  }),
)
