import type { Clock } from '../clock/clock.ts'
import type { JsonObject, JsonService } from '../wire/service.ts'

import { createArns } from './arn.ts'
import { awslogs, type LogGroups } from './awslogs.ts'
import type { TaskDriver } from './drivers/task-driver.ts'
import type { Disturbance } from './disturbance.ts'
import { LambdaAnswers } from './engine/lambda-answers.ts'
import { Scheduler } from './engine/scheduler.ts'
import { Identifiers } from './identifiers.ts'
import type { ImageResolver } from './image-resolver.ts'
import type { Api } from './operations/api.ts'
import { clusterOperations } from './operations/clusters.ts'
import { deleteTaskDefinitionOperations } from './operations/delete-task-definitions.ts'
import { describeServiceOperations } from './operations/describe-services.ts'
import { disturb } from './operations/disturb.ts'
import { refusedOperations } from './operations/not-modelled.ts'
import { runTaskOperations } from './operations/run-task.ts'
import { serviceDeploymentOperations } from './operations/service-deployments.ts'
import { serviceOperations } from './operations/services.ts'
import { seedStaticService } from './operations/static-services.ts'
import { tagOperations } from './operations/tags.ts'
import { taskDefinitionOperations } from './operations/task-definitions.ts'
import { taskOperations } from './operations/tasks.ts'
import { defaultPace, type Pace } from './pace.ts'
import { Store } from './store.ts'
import { targetsOf, type TaskTarget } from './targets.ts'
import { rolesInUse } from './roles-in-use.ts'
import { serviceView } from './views/service-view.ts'
import { taskView } from './views/task-view.ts'

export interface EcsOptions {
  readonly clock: Clock
  readonly accountId: string
  readonly region: string
  readonly driver: TaskDriver
  /** Without it only a `@sha256:` in a reference tells a digest. */
  readonly images?: ImageResolver
  /** Changes the ids that are made; 1 when nothing is said. */
  readonly seed?: number
  readonly pace?: Partial<Pace>
}

/** Amazon ECS, as far as `simulator/SPEC.md` says. */
export interface Ecs extends JsonService {
  /** The lines that a container wrote so far; empty for one that never ran. */
  logs(taskIdOrArn: string, container: string): readonly string[]
  /** What the containers with the `awslogs` driver wrote, as CloudWatch Logs keeps it. */
  awslogs(): LogGroups
  /** What is registered with a target group; undefined where no service names the group. */
  targets(targetGroupArn: string): readonly TaskTarget[] | undefined
  /** The deregistration delay of every target group. */
  readonly deregistrationDelaySeconds: number
  /** ARNs of the roles that registered task definitions name. */
  rolesInUse(): readonly string[]
  /** Makes something happen that no client asked for; see {@link Disturbance}. */
  disturb(disturbance: Disturbance): void
  /** The functions of lifecycle hooks, and how often they were invoked. */
  readonly lambda: LambdaAnswers
  /** Adds a service that is described and never rolled out; see {@link seedStaticService}. */
  seedService(record: JsonObject): void
  /** Every service and task, as the API would describe them. */
  dump(): JsonObject
  /** Ends whatever the driver still runs. */
  close(): Promise<void>
}

function createApi(options: EcsOptions): Api {
  const arns = createArns(options.region, options.accountId)
  const parts = {
    clock: options.clock,
    arns,
    ids: new Identifiers(options.seed ?? 1),
    pace: { ...defaultPace, ...options.pace },
    driver: options.driver,
    alarms: new Set<string>(),
    lambda: new LambdaAnswers(),
    zones: ['a', 'b', 'c'].map((zone) => options.region + zone),
  }
  return {
    ...parts,
    store: new Store(arns),
    scheduler: new Scheduler(parts),
    images: options.images,
  }
}

function dump({ store, clock }: Api): JsonObject {
  const nowMs = clock.now()
  return {
    services: [...store.services.values()].map((service) =>
      serviceView(service, { nowMs, lagMs: 0, tags: true }),
    ),
    tasks: store.runs(nowMs).map(({ task }) => taskView(task, true)),
  }
}

/** An empty account: no cluster, not even `default`. */
export function createEcs(options: EcsOptions): Ecs {
  const api = createApi(options)
  return {
    signingName: 'ecs',
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    operations: {
      ...clusterOperations(api),
      ...taskDefinitionOperations(api),
      ...deleteTaskDefinitionOperations(api),
      ...serviceOperations(api),
      ...describeServiceOperations(api),
      ...serviceDeploymentOperations(api),
      ...taskOperations(api),
      ...runTaskOperations(api),
      ...tagOperations(api),
      ...refusedOperations(),
    },
    logs: (taskIdOrArn, container) => {
      const id = taskIdOrArn.slice(taskIdOrArn.lastIndexOf('/') + 1)
      const run = api.store.runs(api.clock.now()).find(({ task }) => task.id === id)
      return run?.task.containers.find(({ name }) => name === container)?.log ?? []
    },
    awslogs: () => awslogs(api.store, api.clock.now()),
    targets: (targetGroupArn) => targetsOf(api.store, targetGroupArn),
    deregistrationDelaySeconds: api.pace.deregistrationDelayMs / 1000,
    rolesInUse: () => rolesInUse(api.store),
    disturb: (disturbance) => disturb(api, disturbance),
    lambda: api.lambda,
    seedService: (record) => seedStaticService(api, record),
    dump: () => dump(api),
    close: async () => {
      await options.driver.close?.()
    },
  }
}
