import { readAnnotation } from './annotation.ts'
import type { Annotation } from './annotation.ts'
import { parseCommand } from './command.ts'
import type { WorkflowCommand } from './command.ts'
import type { Masks } from './masks.ts'

/** Commands whose line `::echo::on` does not show: it holds a secret, or is shown in any case. */
const silentCommands = new Set(['add-mask', 'debug', 'error', 'warning', 'notice', 'stop-commands'])

const stopTokenRefusal =
  "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command."

type Action = (command: WorkflowCommand, line: string) => void

/** Where a step's commands take effect outside of its log. */
export interface StepEffects {
  readonly setOutput: (name: string, value: string) => void
  readonly saveState: (name: string, value: string) => void
}

/**
 * The log of a step: takes each line that its process prints, obeys the workflow commands among
 * them as the runner does, and keeps the rest as it is shown, secrets masked.
 */
export class StepLog {
  readonly annotations: Annotation[] = []
  /** Titles of the groups, in the order in which they were opened. */
  readonly groups: string[] = []
  /** What is shown. */
  readonly lines: string[] = []
  /** Every command that was obeyed, in order. */
  readonly commands: WorkflowCommand[] = []
  /** Whether a command failed the step. */
  failed = false
  readonly #masks: Masks
  readonly #effects: StepEffects
  readonly #show: (line: string) => void
  readonly #debug: boolean
  /** What each command does, by its name in lower case. */
  readonly #actions = new Map<string, Action>(Object.entries(this.#commandTable()))
  #stopToken: string | undefined
  #echo: boolean

  constructor(
    masks: Masks,
    effects: StepEffects,
    options: { show: (line: string) => void; debug: boolean },
  ) {
    this.#masks = masks
    this.#effects = effects
    this.#show = options.show
    this.#debug = options.debug
    this.#echo = options.debug
  }

  /** Takes a line of the process's output. */
  receive(line: string): void {
    const command = parseCommand(line, (name) => this.#isKnown(name))
    if (command === undefined) this.write(line)
    else if (this.#stopToken !== undefined) this.#receiveWhileStopped(line, command)
    else this.#obey(line, command)
  }

  /** Shows a line as it is, secrets masked. */
  write(line: string): void {
    const shown = this.#masks.apply(line)
    this.lines.push(shown)
    this.#show(shown)
  }

  /** An annotation of the runner's own. */
  report(level: Annotation['level'], message: string): void {
    const masked = this.#masks.apply(message)
    this.annotations.push({ level, message: masked })
    this.write(`##[${level}]${masked}`)
  }

  /** An error of the runner's own that fails the step. */
  fail(message: string): void {
    this.failed = true
    this.report('error', message)
  }

  #isKnown(name: string): boolean {
    const lower = name.toLowerCase()
    return this.#actions.has(lower) || lower === this.#stopToken?.toLowerCase()
  }

  #receiveWhileStopped(line: string, command: WorkflowCommand): void {
    if (command.name.toLowerCase() === this.#stopToken?.toLowerCase()) this.#stopToken = undefined
    this.write(line)
  }

  #obey(line: string, command: WorkflowCommand): void {
    const name = command.name.toLowerCase()
    if (this.#echo && !silentCommands.has(name)) this.write(line)
    this.commands.push(command)
    try {
      this.#actions.get(name)?.(command, line)
    } catch (error) {
      const shown = silentCommands.has(name) ? name : line
      this.fail(`Unable to process command '${shown}' successfully.`)
      this.fail(error instanceof Error ? error.message : String(error))
    }
  }

  #commandTable(): Record<string, Action> {
    const disabled: Action = ({ name }) => {
      throw new Error(
        `The \`${name}\` command is disabled. Please upgrade to using Environment Files.`,
      )
    }
    // Problem matchers turn lines of compilers into annotations: no part of this model.
    const unsupported: Action = ({ name }) => {
      this.report('warning', `The command ${name} has no effect here.`)
    }
    return {
      error: (command) => this.#annotate('error', command),
      warning: (command) => this.#annotate('warning', command),
      notice: (command) => this.#annotate('notice', command),
      'add-mask': ({ data }) => this.#mask(data),
      debug: ({ data }) => {
        if (this.#debug) this.write(`##[debug]${data}`)
      },
      group: ({ data }) => {
        this.groups.push(this.#masks.apply(data))
        this.write(`##[group]${data}`)
      },
      endgroup: () => this.write('##[endgroup]'),
      echo: ({ data }) => this.#setEcho(data),
      'stop-commands': ({ data }, line) => this.#stop(line, data),
      'set-output': (command) => this.#effects.setOutput(requiredName(command), command.data),
      'save-state': (command) => this.#effects.saveState(requiredName(command), command.data),
      'set-env': disabled,
      'add-path': disabled,
      'add-matcher': unsupported,
      'remove-matcher': unsupported,
    }
  }

  #annotate(level: Annotation['level'], command: WorkflowCommand): void {
    const annotation = readAnnotation(level, command, (text) => this.#masks.apply(text))
    this.annotations.push(annotation)
    this.write(`##[${level}]${annotation.message}`)
  }

  #mask(secret: string): void {
    if (secret.trim() === '') {
      this.report('warning', "Can't add secret mask for empty string in ##[add-mask] command.")
      return
    }
    this.#masks.add(secret)
    for (const part of secret.split(/[\r\n]/)) this.#masks.add(part.trim())
  }

  #setEcho(value: string): void {
    const wanted = value.trim().toLowerCase()
    if (wanted !== 'on' && wanted !== 'off') {
      const rule = "Possible values can be: 'on', 'off'. Current value is:"
      throw new Error(`Invalid echo command value. ${rule} '${value}'.`)
    }
    this.#echo = wanted === 'on'
  }

  #stop(line: string, token: string): void {
    if (token === '' || this.#isKnown(token) || token.toLowerCase() === 'pause-logging') {
      throw new Error(stopTokenRefusal)
    }
    this.#stopToken = token
    if (token.length > 6) this.#masks.add(token)
    this.write(line)
  }
}

function requiredName(command: WorkflowCommand): string {
  const value = command.properties.get('name')
  if (value !== undefined && value !== '') return value
  throw new Error(`Required field 'name' is missing in ##[${command.name}] command.`)
}
