import type { JsonObject } from '../wire/service.ts'

import { type Arns, clusterOf, nameOf } from './arn.ts'
import type { TaskRun } from './engine/task-run.ts'
import type { Cluster } from './model/cluster.ts'
import type { Service } from './model/service.ts'
import type { TaskDefinition } from './model/task-definition.ts'
import { stoppedTaskRetentionMs } from './model/task.ts'
import { clusterNotFound } from './refusals.ts'

/** Everything the account has in this region. */
export class Store {
  readonly clusters = new Map<string, Cluster>()
  /** By family; index 0 is revision 1, undefined once it is deleted. */
  readonly taskDefinitions = new Map<string, (TaskDefinition | undefined)[]>()
  /** By ARN. */
  readonly services = new Map<string, Service>()
  /** Deleted services whose name was taken anew: their history is still known. */
  readonly formerServices: Service[] = []
  /** Seeded records of services whose rollouts the simulator does not run, by ARN. */
  readonly staticServices = new Map<string, JsonObject>()
  /** Tasks that RunTask started. */
  standalone: TaskRun[] = []
  /** What each `clientToken` of RunTask stands for. */
  readonly runTokens = new Map<string, { readonly input: string; readonly runs: TaskRun[] }>()
  readonly #arns: Arns

  constructor(arns: Arns) {
    this.#arns = arns
  }

  /** The cluster by name or ARN, `default` when nothing is said; throws ClusterNotFoundException. */
  cluster(nameOrArn: string | undefined): Cluster {
    const cluster = this.clusters.get(nameOf(nameOrArn ?? 'default'))
    if (cluster === undefined) throw clusterNotFound()
    return cluster
  }

  /** The cluster that a service's ARN or else `nameOrArn` names. */
  clusterOfService(service: string, nameOrArn: string | undefined): Cluster {
    return this.cluster(clusterOf(service) ?? nameOrArn)
  }

  /** The ARN that a service's name or ARN means in `cluster`. */
  serviceArn(nameOrArn: string, cluster: Cluster): string {
    return this.#arns.service(clusterOf(nameOrArn) ?? cluster.name, nameOf(nameOrArn))
  }

  /** `family`, `family:revision` or an ARN; a family alone means its newest ACTIVE revision. */
  taskDefinition(reference: string): TaskDefinition | undefined {
    const [family = '', revision] = nameOf(reference).split(':')
    const revisions = this.taskDefinitions.get(family) ?? []
    if (revision !== undefined) return revisions[Number(revision) - 1]
    return revisions.findLast((definition) => definition?.status === 'ACTIVE')
  }

  /** Deletes the revision for good; the next one of its family still gets a number of its own. */
  forgetTaskDefinition({ family, revision }: TaskDefinition): void {
    const revisions = this.taskDefinitions.get(family)
    if (revisions !== undefined) revisions[revision - 1] = undefined
  }

  /** The tasks that ECS still knows: stopped ones for one hour. */
  runs(nowMs: number): TaskRun[] {
    const all = [...this.services.values()].flatMap(({ runs }) => runs).concat(this.standalone)
    return all.filter(({ task }) => nowMs - (task.stoppedAtMs ?? nowMs) < stoppedTaskRetentionMs)
  }
}
