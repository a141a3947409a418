import { spawn } from 'node:child_process'
import type { SpawnOptions } from 'node:child_process'

/** How many of a child's last lines of stderr its failure repeats. */
const tailLines = 15

/**
 * Runs a program to its end and returns its stdout. Rejects with the program's last lines of
 * stderr when it exits with anything but 0. An aborted `signal` kills it, and the promise settles once it is gone.
 */
export function runChild(
  program: string,
  arguments_: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'signal'> & {
    onErrorLine?: (line: string) => void
  } = {},
): Promise<string> {
  const { onErrorLine, signal: aborted, ...spawnOptions } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, arguments_, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] })
    const kill = (): void => {
      child.kill('SIGKILL')
    }
    if (aborted?.aborted === true) kill()
    aborted?.addEventListener('abort', kill)
    let output = ''
    let errors = ''
    let pending = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
      const lines = (pending + text).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) onErrorLine?.(line)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      aborted?.removeEventListener('abort', kill)
      const tail = errors.trimEnd().split('\n').slice(-tailLines).join('\n')
      if (code === 0) resolve(output)
      else reject(new Error(`${program} ended with ${String(code ?? signal)}:\n${tail}`))
    })
  })
}
