/** What happens to the entries of a list or map by their names; others stay as they are. */
export interface NameChanges {
  /** Name to new value; may be secret, so it is never shown. */
  readonly set: ReadonlyMap<string, string>
  readonly removed: ReadonlySet<string>
}

/** What the inputs change of one container. */
export interface ContainerChanges {
  readonly environment: NameChanges
  /** Values are what `valueFrom` says: ARNs of secrets or parameters. */
  readonly secrets: NameChanges
  /** S3 ARNs; undefined leaves the list, an empty one empties it. */
  readonly environmentFiles: readonly string[] | undefined
  readonly dockerLabels: NameChanges
  /** Undefined leaves the command; an empty one is the image's own. */
  readonly command: readonly string[] | undefined
  readonly logDriver: string | undefined
  readonly logOptions: ReadonlyMap<string, string>
}

/** What the inputs change of the task as a whole. Undefined leaves a member as it is. */
export interface TaskChanges {
  readonly taskRoleArn: string | undefined
  readonly executionRoleArn: string | undefined
  /** CPU units or `1 vCPU`, as ECS takes them. */
  readonly cpu: string | undefined
  /** MiB or `2 GB`, as ECS takes them. */
  readonly memory: string | undefined
}

/** Everything that the inputs change of a task definition, besides the image of this run. */
export interface DefinitionChanges {
  readonly container: ContainerChanges
  readonly task: TaskChanges
  /** Container name to image reference. */
  readonly containerImages: ReadonlyMap<string, string>
}

/** Whether anything was asked for, even if the definition says it already. */
export function hasChanges(changes: DefinitionChanges): boolean {
  return (
    hasContainerChanges(changes.container) ||
    Object.values(changes.task).some((value) => value !== undefined) ||
    changes.containerImages.size > 0
  )
}

/** Whether a container has to be chosen that they go to. */
export function hasContainerChanges(changes: ContainerChanges): boolean {
  const { environment, secrets, dockerLabels, logOptions } = changes
  return (
    [environment, secrets, dockerLabels].some(({ set, removed }) => set.size + removed.size > 0) ||
    logOptions.size > 0 ||
    [changes.environmentFiles, changes.command, changes.logDriver].some(
      (value) => value !== undefined,
    )
  )
}
