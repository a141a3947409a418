import { isNode, LineCounter, parseDocument, type Document } from 'yaml'

import { ActionError } from '../errors/action-error.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { findMistyped } from './mistyped.ts'

/** A task definition file is a page of text; ECS itself takes 64 KiB. */
export const maxTaskDefinitionBytes = 1024 * 1024

/**
 * Reads a task definition file: JSON or YAML 1.2, as data only (no tags, no merge keys).
 * @param path As the user wrote it, for messages.
 * @throws ActionError `task-definition-unreadable` with line and column of everything wrong.
 */
export function readTaskDefinition(text: string, path: string): JsonObject {
  if (text.trim() === '') throw unreadable(path, ['the file is empty'])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false })
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0) {
    const first = broken.slice(0, 3)
    throw unreadable(
      path,
      first.map(
        ({ message, pos }) => `${place(lines, pos[0])}: ${message.split('\n', 1).join('')}`,
      ),
    )
  }
  const definition = toObject(document, path)
  const problems = [
    ...findMistyped(definition).map(
      ({ at, problem }) => `${locate(document, lines, at)}: ${problem}`,
    ),
    ...missingMembers(definition),
  ]
  if (problems.length > 0) throw unreadable(path, problems)
  return definition
}

function toObject(document: Document, path: string): JsonObject {
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    // An alias bomb, or nesting deeper than the stack.
    throw unreadable(path, [error instanceof Error ? error.message : String(error)])
  }
  if (isJsonObject(value)) return value
  throw unreadable(path, ['1:1: not an object with family and containerDefinitions'])
}

function missingMembers(definition: JsonObject): readonly string[] {
  const { family, containerDefinitions } = definition
  const problems: string[] = []
  if (family === undefined || family === null || family === '') problems.push('family is missing')
  if (!Array.isArray(containerDefinitions) || containerDefinitions.length === 0) {
    problems.push('containerDefinitions is not a list with at least one container')
  } else if (!containerDefinitions.every((container) => isJsonObject(container))) {
    problems.push('containerDefinitions holds something that is no container')
  }
  return problems
}

function locate(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): string {
  const node: unknown = document.getIn(path, true)
  const start = isNode(node) ? node.range?.[0] : undefined
  return start === undefined ? path.join('.') : place(lines, start)
}

function place(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}`
}

function unreadable(path: string, problems: readonly string[]): ActionError {
  return new ActionError(
    'task-definition-unreadable',
    `task definition file ${JSON.stringify(path)} cannot be used: ${problems.join('; ')}`,
    'Correct the file; `aws ecs register-task-definition --generate-cli-skeleton` shows its form.',
  )
}
