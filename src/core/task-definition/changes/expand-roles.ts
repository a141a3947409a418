import type { TaskChanges } from './changes.ts'

/**
 * The changes with roles as ARNs: ECS answers with ARNs whatever it was given, and a name would
 * look like a change in every run.
 * @param caller Who deploys: bare names are roles of its account and partition.
 */
export function expandRoles(
  changes: TaskChanges,
  caller: { readonly accountId: string; readonly arn: string },
): TaskChanges {
  const [, partition = 'aws'] = caller.arn.split(':')
  const expand = (role: string | undefined) =>
    role === undefined || role.startsWith('arn:')
      ? role
      : `arn:${partition}:iam::${caller.accountId}:role/${role}`
  return {
    ...changes,
    taskRoleArn: expand(changes.taskRoleArn),
    executionRoleArn: expand(changes.executionRoleArn),
  }
}
