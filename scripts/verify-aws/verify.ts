import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compare, contradicted, report } from '../../simulator/traces/compare.ts'
import { redact } from '../../simulator/traces/redaction.ts'
import { readTrace, writeTrace, type Trace } from '../../simulator/traces/trace.ts'
import { Workspace } from '../demo/workspace.ts'
import { parseArguments, USAGE, type Target } from './arguments.ts'
import { assume, confirmAccount, type Identity } from './identity.ts'
import { perform, unexpectedOutcomes } from './perform.ts'
import { checkAccount, checkMachine } from './preconditions.ts'
import { Refusal } from './refusal.ts'

/**
 * What `npm run verify:aws` does.
 * @returns 0: AWS does as SPEC.md says; 1: it does not; 2: nothing was begun.
 */
export async function verify(
  argv: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<number> {
  const settings = parseArguments(argv)
  if (settings.kind === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  try {
    if (settings.kind === 'mistake') throw new Refusal(`${settings.message}; see --help`)
    if (settings.kind === 'compare') return conclude(readFile(settings.file), [], undefined)
    const { target, accountId, directory } = settings
    await checkMachine()
    const identity = await assume(target, variables)
    confirmAccount(identity.accountId, accountId)
    await checkAccount(target, identity)
    if (directory !== undefined) mkdirSync(directory, { recursive: true })
    const trace = redact(await play(target, identity, variables))
    return conclude(trace, unexpectedOutcomes(trace), directory)
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    process.stderr.write(`verify:aws: ${cause.message}\n`)
    return 2
  }
}

async function play(
  target: Target,
  identity: Identity,
  variables: NodeJS.ProcessEnv,
): Promise<Trace> {
  const directory = mkdtempSync(join(tmpdir(), 'steadyship-verify-'))
  const workspace = join(directory, 'workspace')
  mkdirSync(workspace)
  try {
    return await perform({
      target,
      identityInputs: identity.inputs,
      environment: { ...withoutCredentials(variables), ...identity.environment },
      workspace: new Workspace(workspace),
      directory,
      show: (line) => process.stdout.write(`   | ${line}\n`),
      onRun: ({ name }) => process.stdout.write(`\n== ${name}\n`),
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The machine's variables: whatever credentials they hold, the runs are the role. */
function withoutCredentials(variables: NodeJS.ProcessEnv): Record<string, string> {
  const credential = /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE)$/
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || credential.test(name) ? [] : [[name, value] as const],
    ),
  )
}

function readFile(file: string): Trace {
  try {
    return readTrace(readFileSync(file, 'utf8'))
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    throw new Refusal(`${file} can not be read: ${text}`, { cause })
  }
}

function conclude(
  trace: Trace,
  unexpected: readonly string[],
  directory: string | undefined,
): number {
  const comparison = compare(trace)
  const ids = contradicted(comparison)
  const lines = [
    report(comparison),
    ...unexpected.map((line) => `Unexpected: ${line}`),
    ids.length === 0
      ? 'No rule of SPEC.md is contradicted.'
      : `Contradicted rules of SPEC.md: ${ids.join(', ')}`,
  ]
  const text = `${lines.join('\n')}\n`
  process.stdout.write(`\n${text}`)
  if (directory !== undefined) {
    writeFileSync(join(directory, 'aws.trace'), writeTrace(trace))
    writeFileSync(join(directory, 'report.txt'), text)
  }
  return ids.length === 0 && unexpected.length === 0 ? 0 : 1
}
