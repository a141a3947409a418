import type { JsonObject } from '../../json.ts'
import { changeContainers } from './change-containers.ts'
import type { ContainerChanges, DefinitionChanges } from './changes.ts'
import { mergeDockerLabels } from './merge-docker-labels.ts'
import { mergeLogConfiguration } from './merge-log-configuration.ts'
import { mergeVariables } from './merge-variables.ts'
import { replaceCommand } from './replace-command.ts'
import { replaceEnvironmentFiles } from './replace-environment-files.ts'
import { setImages } from './set-images.ts'
import { setTaskMembers } from './set-task-members.ts'

/**
 * The definition with everything changed that was asked for, and nothing else.
 * @param containerNames The containers that the container's changes go to.
 */
export function applyChanges(
  definition: JsonObject,
  changes: DefinitionChanges,
  containerNames: readonly string[],
): JsonObject {
  const withImages = setImages(definition, changes.containerImages)
  const withContainers = changeContainers(withImages, new Set(containerNames), (container) =>
    changeContainer(container, changes.container),
  )
  return setTaskMembers(withContainers, changes.task)
}

function changeContainer(container: JsonObject, changes: ContainerChanges): JsonObject {
  const withVariables = mergeVariables(container, changes)
  const withFiles = replaceEnvironmentFiles(withVariables, changes.environmentFiles)
  const withLabels = mergeDockerLabels(withFiles, changes.dockerLabels)
  return mergeLogConfiguration(replaceCommand(withLabels, changes.command), changes)
}
