import type { DefinitionChanges, NameChanges } from './changes.ts'

const noNames: NameChanges = { set: new Map(), removed: new Set() }

/** The changes that change nothing. */
export const noChanges: DefinitionChanges = {
  container: {
    environment: noNames,
    secrets: noNames,
    environmentFiles: undefined,
    dockerLabels: noNames,
    command: undefined,
    logDriver: undefined,
    logOptions: new Map(),
  },
  task: {
    taskRoleArn: undefined,
    executionRoleArn: undefined,
    cpu: undefined,
    memory: undefined,
  },
  containerImages: new Map(),
}
