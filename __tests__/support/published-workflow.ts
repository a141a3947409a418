import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'

import type { Job } from '../../simulator/github/oidc/claims.ts'
import { fillIn, root } from './published-iam.ts'

interface WorkflowJob {
  readonly environment?: string
  readonly steps: readonly {
    readonly uses?: string
    readonly with?: Readonly<Record<string, string>>
  }[]
}

/** A workflow as GitHub reads it. */
export interface PublishedWorkflow {
  readonly on: {
    readonly push?: { readonly branches?: readonly string[]; readonly tags?: readonly string[] }
    readonly workflow_dispatch?: {
      readonly inputs?: Readonly<Record<string, { readonly options?: readonly string[] }>>
    } | null
  }
  readonly jobs: Readonly<Record<string, WorkflowJob>>
}

/** What GitHub's token says of a job; the rest is the same for every job. */
export type Shown = Pick<Job, 'ref' | 'eventName' | 'environment'>

export const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The workflow that README begins with, filled in. */
export const readmeWorkflow = parse(fillIn(block('yaml', readme))) as PublishedWorkflow

export function exampleWorkflow(name: string): PublishedWorkflow {
  const text = readFileSync(join(root, 'examples', 'workflows', name), 'utf8')
  return parse(text) as PublishedWorkflow
}

/** The first block of a language in `text`. */
export function block(language: string, text: string): string {
  const [, found] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text) ?? []
  if (found === undefined) throw new Error(`there is no block of ${language}`)
  return found
}

/** What README has under a heading of the second level. */
export function section(title: string): string {
  const [, found] = new RegExp(`^## ${title}$([^]*?)^## `, 'm').exec(readme) ?? []
  if (found === undefined) throw new Error(`README has no section "${title}"`)
  return found
}

/** What the jobs of a workflow show AWS, once for every way in which it is started. */
export function shownBy({ on, jobs }: PublishedWorkflow): readonly Shown[] {
  const starts = [
    ...(on.push?.branches ?? []).map((name) => ['push', `refs/heads/${name}`] as const),
    ...(on.push?.tags ?? []).map(
      (name) => ['push', `refs/tags/${name.replace('*', '1.2.3')}`] as const,
    ),
    ...(on.workflow_dispatch === undefined
      ? []
      : [['workflow_dispatch', 'refs/heads/main'] as const]),
  ]
  return starts.flatMap(([eventName, ref]) =>
    Object.values(jobs).flatMap((job) =>
      environmentsOf(job, on).map((environment) => ({
        ...{ eventName, ref },
        ...(environment !== undefined && { environment }),
      })),
    ),
  )
}

function environmentsOf(
  { environment }: WorkflowJob,
  on: PublishedWorkflow['on'],
): readonly (string | undefined)[] {
  const [, input] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(environment ?? '') ?? []
  if (input === undefined) return [environment]
  return on.workflow_dispatch?.inputs?.[input]?.options ?? []
}
