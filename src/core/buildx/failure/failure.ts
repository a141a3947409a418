import { ActionError, type SourceLine } from '../../errors/action-error.ts'
import { dockerfileLine } from './dockerfile-line.ts'
import { knownFaults, type BuildPlace, type KnownFault } from './known-faults.ts'
import {
  endOfCommand,
  failedStep,
  finalError,
  isCache,
  isOfDockerfile,
  type FailedStep,
} from './log.ts'
import { parsePushFailure, type PushFailure } from './push-failure.ts'

/** Why `docker buildx build` failed: at the push, which ECR can be asked about, or before it. */
export type BuildFailure =
  | { readonly kind: 'push'; readonly push: PushFailure }
  | {
      readonly kind: 'build'
      readonly error: ActionError
      /** What BuildKit said of it by itself; nothing where a command of the Dockerfile failed. */
      readonly words: string
    }

/**
 * Tells what ended a build, from the last lines of its output. A push that the registry refused is
 * told apart because only ECR's API knows the reason: BuildKit drops the registry's text on HEAD
 * always and, before BuildKit 0.17, on every request (measured). A command of the Dockerfile that
 * failed is itself the reason: what it is and what it prints says nothing of registries and builders.
 */
export function classifyBuildFailure(lines: readonly string[], place: BuildPlace): BuildFailure {
  const step = failedStep(lines)
  const text =
    finalError(lines) ?? step?.reason ?? lines.findLast((line) => line.trim() !== '') ?? ''
  const end = step === undefined ? endOfCommand(text) : step.end
  const said = step === undefined ? text : `${step.reason}; ${text}`
  const isPush = end === undefined && !(step !== undefined && isCache(step.name))
  const push = isPush ? parsePushFailure(said) : undefined
  if (push !== undefined) return { kind: 'push', push }
  const shown = {
    details: step === undefined ? lines.slice(-20) : [step.name, ...step.output],
    source: dockerfileLine(lines, place),
  }
  const reason = step?.reason ?? text
  const error =
    end === undefined
      ? knownError(knownFaults, [said, ...wordsOfBuildKit(step, lines)], { place, reason, shown })
      : knownError(faultsOfCommands, [end, ...(step?.output ?? [])], { place, reason, shown })
  return {
    kind: 'build',
    error: error ?? stepError(step?.name, reason, shown),
    words: end === undefined ? said : '',
  }
}

const faultsOfCommands = knownFaults.filter(({ ofCommands }) => ofCommands)

/** What is shown beside an error. */
interface Shown {
  readonly details: readonly string[]
  readonly source: SourceLine | undefined
}

/** What BuildKit printed beside the error, without the words of the Dockerfile and its commands. */
function wordsOfBuildKit(
  step: FailedStep | undefined,
  lines: readonly string[],
): readonly string[] {
  if (step === undefined) return lines.slice(-20).filter((line) => !isOfDockerfile(line))
  return step.isStep ? [] : [step.name, ...step.output]
}

function knownError(
  faults: readonly KnownFault[],
  words: readonly string[],
  {
    place,
    reason,
    shown,
  }: { readonly place: BuildPlace; readonly reason: string; readonly shown: Shown },
): ActionError | undefined {
  for (const { code, pattern, message, remedy } of faults) {
    const matched = pattern.exec(words.join('\n'))?.[0]
    if (matched === undefined) continue
    return new ActionError(code, message(place, matched, reason), remedy, shown)
  }
  return undefined
}

function stepError(name: string | undefined, reason: string, shown: Shown): ActionError {
  const what = reason === '' ? 'buildx failed without a word' : reason
  return new ActionError(
    'build-failed',
    name === undefined ? `the build failed: ${what}` : `step "${name}" failed: ${what}`,
    'Read the last lines of the step; the same build runs anywhere with the `docker buildx build` command in the log.',
    shown,
  )
}
