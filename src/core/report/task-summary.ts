import { taskConsoleUrl } from './console-url.ts'
import { code, table } from './markdown.ts'
import type { TaskFacts } from './run-facts.ts'
import { nameInArn } from '../name-in-arn.ts'

/** The one-off task in the job summary; empty where none ran. */
export function taskSection(task: TaskFacts | undefined): string {
  if (task === undefined) return ''
  const url = taskConsoleUrl(task.arn)
  const title = url === undefined ? 'One-off task' : `[One-off task](${url})`
  const exitCode = task.exitCode === undefined ? 'not known' : String(task.exitCode)
  const rows = [
    ['task', code(nameInArn(task.arn))],
    ['exit code', exitCode],
  ]
  return `### ${title}\n\n${table(['task', ''], rows)}`
}
