import { modes, type Mode } from './inputs.ts'

/** What action.yml declares of an input; a test holds the two together. */
export interface DeclaredInput {
  /** What the runner passes when the user gives nothing; empty: not given. */
  readonly default: string
  /** The modes that use it. */
  readonly modes: readonly Mode[]
  /** Inputs that say what to act on: in a mode that does not use them they are errors. */
  readonly essential?: true
}

const everywhere = (value = ''): DeclaredInput => ({ default: value, modes })
const building = (value = ''): DeclaredInput => ({ default: value, modes: ['release'] })

/** Every input that works, by its name. */
export const declaredInputs: Readonly<Record<string, DeclaredInput>> = {
  mode: everywhere('release'),
  'aws-region': everywhere(),
  'role-to-assume': everywhere(),
  'role-session-name': everywhere('GitHubActions'),
  'role-duration-seconds': everywhere('3600'),
  audience: everywhere('sts.amazonaws.com'),
  'aws-access-key-id': everywhere(),
  'aws-secret-access-key': everywhere(),
  'aws-session-token': everywhere(),
  'allowed-account-ids': everywhere(),
  repository: everywhere(),
  platforms: building('linux/amd64,linux/arm64'),
  context: building('.'),
  file: building(),
  target: building(),
  'build-args': building(),
  'no-cache': building('false'),
  pull: building('false'),
  'skip-existing': building('auto'),
  builder: building(),
  driver: building('docker-container'),
  'driver-opts': building(),
  endpoint: building(),
  'keep-builder': building('false'),
  image: { default: '', modes: ['deploy'], essential: true },
  'task-definition': everywhere(),
  'container-name': everywhere(),
  cluster: everywhere('default'),
  service: everywhere(),
  'force-new-deployment': everywhere('false'),
  'wait-for-service-stability': everywhere('true'),
  'wait-for-minutes': everywhere(),
  'max-task-failures': everywhere('3'),
  'log-lines': everywhere(),
  'allow-untrusted-events': everywhere('false'),
  summary: everywhere('true'),
}
