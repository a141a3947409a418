import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { CreateClusterCommand, DescribeClustersCommand, ECSClient } from '@aws-sdk/client-ecs'
import { describe, expect, it } from '@jest/globals'

import { clientOptions, openAccount, refusal } from './account.ts'
import { startSimulator } from '../../simulator/simulator.ts'

describe('the simulator', () => {
  it('gives its port back when it closes', async () => {
    const first = await startSimulator()
    const port = Number(new URL(first.url).port)
    await first.close()
    const second = await startSimulator({ port })
    expect(second.url).toBe(first.url)
    await second.close()
  })

  it('says when its port is taken', async () => {
    const first = await startSimulator()
    const port = Number(new URL(first.url).port)
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await first.close()
  })

  it('answers the ECS client, and asks for its permissions', async () => {
    const { simulator, administrator } = await openAccount()
    const ecs = new ECSClient(clientOptions(simulator, administrator))
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }))
    const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['demo'] }))
    const reader = simulator.iam.addUser({ name: 'reader', allow: ['ecs:Describe*'] })
    const limited = new ECSClient(clientOptions(simulator, reader))
    const denied = await refusal(limited.send(new CreateClusterCommand({ clusterName: 'other' })))
    await simulator.close()
    expect(clusters).toMatchObject([{ clusterName: 'demo', status: 'ACTIVE' }])
    expect(denied).toMatchObject({ name: 'AccessDeniedException' })
  })

  it('tells a process all it needs to find it, and no credentials', async () => {
    const simulator = await startSimulator({ region: 'eu-west-1' })
    const { environment, url } = simulator
    await simulator.close()
    expect(environment).toMatchObject({ AWS_ENDPOINT_URL_ECS: url, AWS_REGION: 'eu-west-1' })
    expect(Object.keys(environment).filter((name) => /KEY|SESSION/.test(name))).toEqual([])
  })

  it('runs from the command line until it is interrupted', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'simulator-'))
    try {
      const authority = join(directory, 'ca.pem')
      const data = join(directory, 'data')
      const [environment, ended] = await runCommandLine([
        ...['--port', '0', '--registry-port', '0', '--registry-ca', authority, '--data', data],
        ...['--repository', 'shop/api', '--immutable', '--role', 'deployer'],
      ])
      const client = new ECRClient({
        endpoint: environment['AWS_ENDPOINT_URL_ECR'] ?? '',
        region: environment['AWS_REGION'] ?? '',
        credentials: {
          accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
          secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
        },
      })
      const { repositories } = await client.send(new DescribeRepositoriesCommand({}))
      expect(repositories).toMatchObject([
        { repositoryName: 'shop/api', imageTagMutability: 'IMMUTABLE' },
      ])
      expect(await ended()).toEqual([0, null])
      expect(await readFile(authority, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/)
      expect(await readdir(data)).toEqual([])
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})

/** Starts the program; gives what it tells to export, and a function that interrupts it. */
async function runCommandLine(
  argv: readonly string[],
): Promise<[Record<string, string>, () => Promise<unknown[]>]> {
  const child = spawn(process.execPath, ['simulator/main.ts', ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  for await (const chunk of child.stdout) {
    told += String(chunk)
    if (told.includes('Ctrl-C')) break
  }
  const exports = told.matchAll(/^export ([A-Z_]+)='(.*)'$/gm)
  const environment: Record<string, string> = {}
  for (const [, name = '', value = ''] of exports) environment[name] = value
  const interrupt = (): Promise<unknown[]> => {
    const exit = once(child, 'exit')
    child.kill('SIGINT')
    return exit
  }
  return [environment, interrupt]
}
