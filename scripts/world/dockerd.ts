import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const socketPath = '/run/docker.sock'
const logPath = '/var/log/dockerd.log'
const deadlineMs = 30_000
const pollMs = 50

/**
 * Starts the Docker engine of a world and returns its DOCKER_HOST when it answers. Its containers
 * are below `cgroup`. It has the default bridge and no packet filter: nothing can leave a network
 * namespace that has only loopback. Throws with the end of its log when it does not come up.
 */
export async function startDockerEngine(cgroup: string): Promise<string> {
  await mkdir('/etc/docker', { recursive: true })
  await writeFile('/etc/docker/daemon.json', JSON.stringify(configuration(cgroup), null, 2))
  const log = openSync(logPath, 'w')
  // A session of its own: a terminal's signals are not for it.
  const daemon = spawn('dockerd', [], { stdio: ['ignore', log, log], detached: true })
  let failure: string | undefined
  daemon.once('error', (error) => (failure = error.message))
  daemon.once('exit', (code) => (failure = `it ended with ${String(code)}`))
  const startedAt = performance.now()
  while (!(await answers())) {
    if (performance.now() - startedAt > deadlineMs)
      failure = `no answer in ${String(deadlineMs)} ms`
    if (failure !== undefined) throw new Error(`dockerd did not start: ${failure}\n${logTail()}`)
    await delay(pollMs)
  }
  return `unix://${socketPath}`
}

function configuration(cgroup: string): object {
  return {
    hosts: [`unix://${socketPath}`],
    'data-root': '/var/lib/docker',
    'exec-root': '/run/docker',
    pidfile: '/run/docker.pid',
    iptables: false,
    ip6tables: false,
    'ip-forward': false,
    features: { 'containerd-snapshotter': true },
    'cgroup-parent': `/${cgroup}`,
    'exec-opts': ['native.cgroupdriver=cgroupfs'],
  }
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath, path: '/_ping', timeout: 5000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
      .on('error', () => {
        resolve(false)
      })
      .end()
  })
}

const logTail = (): string =>
  readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
