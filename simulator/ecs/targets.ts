import { objectMember, objectsMember, stringMember, numberMember } from '../wire/members.ts'
import type { Service } from './model/service.ts'
import type { Task } from './model/task.ts'
import type { Store } from './store.ts'
import { addressOf } from './task-address.ts'

/** A task as a load balancer's target. */
export interface TaskTarget {
  readonly address: string
  readonly port: number
  readonly availabilityZone: string
  readonly state: Exclude<Task['target'], 'unused'>
  /** What the load balancer found wrong: `Health checks failed with these codes: [502]`. */
  readonly finding: string | undefined
}

/**
 * The targets that ECS registered with a target group.
 * @returns undefined where no service names the group.
 */
export function targetsOf(store: Store, targetGroupArn: string): readonly TaskTarget[] | undefined {
  const services = [...store.services.values()].filter(({ status }) => status !== 'INACTIVE')
  const ports = services.flatMap((service) =>
    portsIn(service, targetGroupArn).map((port) => ({ service, port })),
  )
  if (ports.length === 0) return undefined
  return ports.flatMap(({ service, port }) =>
    service.runs.flatMap(({ task }) => targetOf(task, port)),
  )
}

function portsIn({ settings }: Service, targetGroupArn: string): readonly number[] {
  const balancers = objectsMember(settings, 'loadBalancers') ?? []
  return balancers
    .filter((balancer) => {
      const alternate = objectMember(balancer, 'advancedConfiguration') ?? {}
      const arns = [
        stringMember(balancer, 'targetGroupArn'),
        stringMember(alternate, 'alternateTargetGroupArn'),
      ]
      return arns.includes(targetGroupArn)
    })
    .map((balancer) => numberMember(balancer, 'containerPort') ?? 80)
}

/** Registered is a task from RUNNING to the end of its draining. */
function targetOf(task: Task, port: number): readonly TaskTarget[] {
  const registered = task.lastStatus === 'RUNNING' || task.lastStatus === 'DEACTIVATING'
  const address = addressOf(task)
  if (!registered || task.target === 'unused' || address === undefined) return []
  return [
    {
      address,
      port,
      availabilityZone: task.availabilityZone,
      state: task.target,
      finding: task.target === 'unhealthy' ? task.targetReason : undefined,
    },
  ]
}
