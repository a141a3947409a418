import { stringAt, type JsonObject } from '../../core/json.ts'
import type { Ports } from '../../ports/ports.ts'

/** Writes a rendered task definition for later steps of the job, and tells where. @returns its path. */
export async function writeTaskDefinition(
  input: JsonObject,
  { files, report }: Pick<Ports, 'files' | 'report'>,
): Promise<string> {
  const file = `task-definition-${stringAt(input, 'family') ?? ''}.json`
  const text = `${JSON.stringify(input, undefined, 2)}\n`
  const path = await files.writeTemporary(file, text)
  report.record({ renderedTaskDefinition: path })
  return path
}
