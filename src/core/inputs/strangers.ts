import { closest, distance } from 'fastest-levenshtein'

import { declaredInputs } from './declared.ts'
import type { InputReader } from './reader.ts'

/** Inputs of the official actions that change nothing here: what we do instead. */
const needless: Readonly<Record<string, string>> = {
  'mask-password': 'the registry password is always masked',
  'skip-logout': 'the login lives in a configuration of its own, which the post step removes',
  'wait-max-delay-seconds': 'the service is looked at every 4 seconds',
  'wait-for-task-stopped': 'tasks are always awaited',
  'max-retries': 'transient failures are retried, others never',
  'retry-max-attempts': 'transient failures are retried, others never',
  'disable-retry': 'transient failures are retried, others never',
  'sep-tags': 'the `tags` output is JSON',
  'force-skip-oidc': 'OIDC is used only with `role-to-assume` and without keys or a token file',
  'unset-current-credentials': 'credentials of the job are left alone',
  use: 'the builder is used by this step only',
  install: '`docker build` is not replaced',
  cleanup: 'what this step makes, its post step takes away',
}

/** Inputs of the official actions that would change the result: what to write here instead. */
const foreign: Readonly<Record<string, string>> = {
  images: 'write `repository`',
  registry: 'write the registry host into `repository`',
  'registry-type': 'write a repository of ECR Public as `public.ecr.aws/alias/name`',
  username: 'this action logs in to ECR with AWS credentials',
  password: 'this action logs in to ECR with AWS credentials',
  'output-credentials': 'write `output-env-credentials: true`',
  'no-proxy': 'set NO_PROXY in `env`',
  'aws-profile': 'set AWS_PROFILE in `env`',
  'use-existing-credentials':
    'credentials of the job are used when neither role nor keys are given',
  'custom-tags': 'is not supported',
  'transitive-tag-keys': 'is not supported',
  'sts-endpoint': 'set AWS_ENDPOINT_URL_STS in `env`',
  'http-proxy': 'set HTTPS_PROXY in `env`',
  'buildkitd-config': 'write the text of the file into `buildkitd-config-inline`',
  version: 'install the buildx you want before this step',
  call: 'checks are not supported yet; `push: false` builds for pull requests',
  comment: 'comments are not supported yet; the job summary tells the same',
  'express-service': 'Express mode is not supported yet; name a service in `service`',
  schedules: 'schedules are not supported yet; their targets keep the revision that they name',
  'keep-null-value-keys': 'nothing is ever removed from a task definition file',
}

/** What is to be said about inputs that action.yml does not declare: the runner passes them on. */
export interface Strangers {
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
}

/** Judges undeclared inputs; those that would change the result become problems of `reader`. */
export function judgeStrangers(reader: InputReader): Strangers {
  const notices: string[] = []
  const warnings: string[] = []
  for (const name of reader.undeclared().filter((each) => reader.text(each) !== undefined)) {
    const instead = insteadOf(name, reader)
    const equivalent = foreign[name]
    if (instead !== undefined) {
      notices.push(`the input "${name}" changes nothing here: ${instead}`)
    } else if (equivalent !== undefined) {
      reader.reject(name, `is not an input of this action; ${equivalent}`)
    } else {
      warnings.push(`the input "${name}" is not known and has no effect${suggestion(name)}`)
    }
  }
  return { notices, warnings }
}

/** What we do instead of an input that changes nothing; undefined: it would change something. */
function insteadOf(name: string, reader: InputReader): string | undefined {
  if (name === 'registry-type' && reader.text(name) === 'private') {
    return 'the host of `repository` says whether the registry is private'
  }
  return needless[name]
}

function suggestion(name: string): string {
  const nearest = closest(name, Object.keys(declaredInputs))
  return distance(name, nearest) <= 3 ? `; did you mean "${nearest}"?` : ''
}
