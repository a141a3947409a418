import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { objectsAt, stringAt } from '../../core/json.ts'
import { awslogsOf, logsElsewhere, logStreamOf } from '../../core/task-definition/awslogs.ts'
import { shownLines } from '../../core/tasks/shown-lines.ts'
import type { LogPage } from '../../ports/container-logs.ts'
import type { OneOffTask } from './one-off-task.ts'
import { OptionalReads } from '../aws/optional-reads.ts'

/** A container that prints faster than this is read on at the next look. */
const mostPagesPerLook = 10
/** CloudWatch Logs shows a line some seconds after it was written. */
const restAtTheEndMs = 3_000
const mostLooksAtTheEnd = 5
const quietLooksAtTheEnd = 2

interface Stream {
  readonly container: string
  readonly group: string
  readonly name: string
  token: string | undefined
  /** The newest lines, as many as may be shown with an error. */
  last: readonly string[]
}

/** The log of a task while it runs, as far as it goes to CloudWatch Logs in this region. */
export class TaskLogs {
  readonly #work: OneOffTask
  readonly #optional: OptionalReads
  readonly #streams: readonly Stream[]
  readonly #shown: number

  constructor(work: OneOffTask, taskArn: string) {
    this.#work = work
    this.#optional = new OptionalReads(work.ports)
    this.#shown = shownLines(work.plan.logLines, work.ports.context.event)
    this.#streams = this.#shown === 0 ? [] : this.#find(taskArn)
    if (this.#shown === 0) {
      work.ports.report.line('the log of the task is not shown here (`log-lines`)')
    }
  }

  /** Tells what is new. A log that cannot be read does not fail the task. */
  async readOn(): Promise<boolean> {
    let any = false
    for (const stream of this.#streams) any = (await this.#readStream(stream)) || any
    return any
  }

  /** Tells the rest of it once the task has ended. */
  async readToTheEnd(): Promise<void> {
    if (this.#streams.length === 0) return
    let quiet = 0
    for (let look = 0; look < mostLooksAtTheEnd && quiet < quietLooksAtTheEnd; look += 1) {
      if (look > 0) await this.#work.ports.clock.sleep(restAtTheEndMs, this.#work.ports.signal)
      quiet = (await this.readOn()) ? 0 : quiet + 1
    }
  }

  /** The newest lines of a container; none where it is not read. Untrusted. */
  lastOf(container: string): readonly string[] {
    return this.#streams.find((stream) => stream.container === container)?.last ?? []
  }

  #find(taskArn: string): readonly Stream[] {
    const { revision, session, ports } = this.#work
    return objectsAt(revision.definition, 'containerDefinitions').flatMap((definition) => {
      const container = stringAt(definition, 'name') ?? ''
      const place = awslogsOf(definition, session.region)
      if (place === undefined) ports.report.line(logsElsewhere(container, definition))
      if (place === undefined) return []
      const name = logStreamOf(place, container, taskArn)
      return [{ container, group: place.group, name, token: undefined, last: [] }]
    })
  }

  /** @returns whether there was anything new. */
  async #readStream(stream: Stream): Promise<boolean> {
    let any = false
    for (let page = 0; page < mostPagesPerLook; page += 1) {
      const read = await this.#readPage(stream)
      if (read === undefined) break
      for (const line of read.lines.flatMap(linesOf)) this.#tell(stream, line)
      any ||= read.lines.length > 0
      // The token of the end is the one that was sent.
      if (read.token === stream.token) break
      stream.token = read.token
    }
    return any
  }

  async #readPage({ group, name, token }: Stream): Promise<LogPage | undefined> {
    return await this.#optional.try(
      'logs:GetLogEvents',
      'the log of the task cannot be shown',
      async () => {
        try {
          return await this.#work.session.logs.readOn(group, name, token)
        } catch (error) {
          // The stream comes with the first line.
          if (error instanceof AwsFailure && error.code === 'ResourceNotFoundException') {
            return { lines: [], token }
          }
          throw error
        }
      },
    )
  }

  #tell(stream: Stream, line: string): void {
    stream.last = [...stream.last, line].slice(-this.#shown)
    this.#work.ports.report.untrusted(`${stream.container}: ${line}`)
  }
}

/** A message may hold several lines, and end with a line's end. */
function linesOf(message: string): readonly string[] {
  return message.replace(/[\r\n]+$/, '').split(/\r\n|\r|\n/)
}
