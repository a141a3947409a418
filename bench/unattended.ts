import { openAccount, type Account } from '../__tests__/histories/account.ts'
import type { History } from '../simulator/histories/history.ts'
import { play } from '../simulator/histories/play.ts'
import { dateAt, objectAt, objectsAt, stringAt, stringsAt } from '../src/core/json.ts'

const place = { cluster: 'prod', service: 'web' }
/** A rollout that ends has ended by then. */
export const mostMs = 3_600_000

/** The history with nobody who watches, from UpdateService on. */
export async function begin(history: History): Promise<{ account: Account; startMs: number }> {
  const account = await openAccount(history, 'in-process')
  await play(history, account)
  const { clock } = account
  const current = await account.ask('DescribeTaskDefinition', { taskDefinition: 'web:1' })
  const definition = objectAt(current, 'taskDefinition')
  const [container = {}] = objectsAt(definition, 'containerDefinitions')
  const image = `registry.example.com/web@sha256:${'1'.repeat(64)}`
  const input = { ...definition, containerDefinitions: [{ ...container, image }] }
  for (const made of madeByEcs) Reflect.deleteProperty(input, made)
  await account.ask('RegisterTaskDefinition', input)
  await account.ask('UpdateService', { ...place, taskDefinition: 'web:2' })
  return { account, startMs: clock.monotonicMs() }
}

const madeByEcs = [
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt'],
]

/** When ECS had completed the deployment, after UpdateService; undefined: it never did. */
export async function completedMs(account: Account, startMs: number): Promise<number | undefined> {
  await account.clock.sleep(mostMs)
  const listed = await account.ask('ListServiceDeployments', place)
  const [, ours] = objectsAt(listed, 'serviceDeployments').toReversed()
  const at = ours && stringAt(ours, 'status') === 'SUCCESSFUL' && dateAt(ours, 'finishedAt')
  return at instanceof Date ? at.getTime() - startMs : undefined
}

/** When the second task stopped that could not start, after UpdateService. */
export async function secondFailureMs(
  history: History,
  untilMs: number,
): Promise<number | undefined> {
  const { account, startMs } = await begin(history)
  await account.clock.sleep(untilMs)
  const listed = { cluster: 'prod', serviceName: 'web', desiredStatus: 'STOPPED' }
  const tasks = stringsAt(await account.ask('ListTasks', listed), 'taskArns')
  const described =
    tasks.length < 2
      ? {}
      : await account.ask('DescribeTasks', { cluster: 'prod', tasks: [...tasks] })
  const times = objectsAt(described, 'tasks')
    .filter((task) => stringAt(task, 'stoppedReason')?.includes('descriptor matching platform'))
    .map((task) => (dateAt(task, 'stoppingAt')?.getTime() ?? Number.NaN) - startMs)
    .sort((a, b) => a - b)
  await account.close()
  return times[1]
}
