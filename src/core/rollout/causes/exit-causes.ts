import type { Cause } from './cause.ts'

const names: Readonly<Record<number, Cause>> = {
  0: {
    id: 'exit-ended',
    sentence: 'an essential container ended, without an error of its own',
    remedy: 'The main process of a service must not end: check entryPoint and command.',
    deterministic: false,
  },
  126: {
    id: 'exit-not-executable',
    sentence: 'the command of a container may not be run (exit code 126)',
    remedy: 'Make the file executable, and check the platform it was built for.',
    deterministic: true,
  },
  127: {
    id: 'exit-not-found',
    sentence: 'the command of a container is not in the image (exit code 127)',
    remedy: 'Check entryPoint and command of the task definition against the image.',
    deterministic: true,
  },
  134: {
    id: 'exit-aborted',
    sentence: 'a container gave up by itself (SIGABRT, exit code 134)',
    remedy: "See the container's last log lines; runtimes abort so when their own heap is full.",
    deterministic: false,
  },
  137: {
    id: 'exit-killed',
    sentence: 'a container was killed (SIGKILL, exit code 137), mostly for the memory it used',
    remedy: "Raise the container's or the task's memory; or let it end within stopTimeout.",
    deterministic: false,
  },
  139: {
    id: 'exit-crashed',
    sentence: 'a container crashed (segmentation fault, exit code 139)',
    remedy: 'Check native libraries, and that all of the image is of one CPU architecture.',
    deterministic: false,
  },
  143: {
    id: 'exit-terminated',
    sentence: 'an essential container ended on SIGTERM (exit code 143)',
    remedy: "See who stops it: the container's last log lines, and its process supervisor.",
    deterministic: false,
  },
}

/**
 * What the exit code of an essential container says: the shell's conventions (126, 127, 128 + the
 * signal), which container runtimes follow.
 */
export function exitCause(exitCode: number): Cause {
  const known = names[exitCode]
  if (known !== undefined) return known
  const signal = exitCode - 128
  const how = signal > 0 && signal <= 64 ? `signal ${signal}, ` : ''
  return {
    id: 'exit-failed',
    sentence: `an essential container ended by itself (${how}exit code ${exitCode})`,
    remedy: "See the container's last log lines.",
    deterministic: false,
  }
}
