import type { Disturbance } from '../../../simulator/ecs/disturbance.ts'
import { textOf } from '../../../simulator/wire/json.ts'
import type { Json, JsonObject } from '../../../simulator/wire/service.ts'

import type { Stage } from './stage.ts'

/** The service `web` of the cluster `main`, as disturbances name it. */
export const web = { cluster: 'main', service: 'web' }

/** Registers a revision of `web` and rolls it out. */
export async function deploy(set: Stage, changes: JsonObject = {}): Promise<void> {
  const taskDefinition = await set.register()
  await set.ask('UpdateService', { ...web, taskDefinition, ...changes })
}

/** One look at the service: `PRIMARY IN_PROGRESS web:2 2/2` for each deployment. */
export async function look(set: Stage): Promise<string[]> {
  return (await set.deployments()).map((one) => {
    const revision = (textOf(one['taskDefinition']) ?? '').split('/').at(-1)
    const counts = `${Number(one['runningCount'])}/${Number(one['desiredCount'])}`
    return [textOf(one['status']), textOf(one['rolloutState']), revision, counts].join(' ')
  })
}

/** The values that `member` of the newest service deployment takes, each once, in `seconds`. */
export async function history(set: Stage, member: string, seconds: number): Promise<Json[]> {
  const seen: Json[] = []
  for (let second = 0; second <= seconds; second += 1) {
    const value = (await set.records())[0]?.[member] ?? null
    if (seen.at(-1) !== value) seen.push(value)
    set.seconds(1)
  }
  return seen
}

/** The tasks of `web` that were told to stop. */
export function stopped(set: Stage): Promise<JsonObject[]> {
  return set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
}

/** Lets `ms` pass until `ready` holds; false when it never does. */
export async function until(
  set: Stage,
  ready: () => Promise<boolean>,
  seconds = 600,
): Promise<boolean> {
  for (let second = 0; second < seconds; second += 1) {
    if (await ready()) return true
    set.seconds(1)
  }
  return ready()
}

export const alarm = (name: string, state: 'OK' | 'ALARM'): Disturbance => ({
  kind: 'set-alarm',
  alarm: name,
  state,
})
