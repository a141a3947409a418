import type { Operation } from '../../wire/service.ts'
import { notModelled } from '../refusals.ts'

const expressMode = 'Express Mode services'
const taskSets = 'task sets of the EXTERNAL deployment controller'

/** Operations that real ECS has for what the simulator refuses to half do. */
const refused: Readonly<Record<string, string>> = {
  CreateExpressGatewayService: expressMode,
  UpdateExpressGatewayService: expressMode,
  DescribeExpressGatewayService: expressMode,
  DeleteExpressGatewayService: expressMode,
  CreateTaskSet: taskSets,
  UpdateTaskSet: taskSets,
  DeleteTaskSet: taskSets,
  DescribeTaskSets: taskSets,
  UpdateServicePrimaryTaskSet: taskSets,
}

export function refusedOperations(): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(refused).map(([name, feature]) => [
      name,
      () => {
        throw notModelled(feature)
      },
    ]),
  )
}
