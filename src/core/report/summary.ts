import { repositoryUri, type Repository } from '../image/repository.ts'
import type { PushedImage } from '../image/image.ts'
import { isFailure } from '../outcome.ts'
import type { ServiceOutcome } from '../rollout/service-outcome.ts'
import { serviceConsoleUrl } from './console-url.ts'
import { formatBytes, formatSeconds } from './format.ts'
import { block, code, literal, table } from './markdown.ts'
import type { RunEnd } from './run-end.ts'
import type { RunFacts, Timings } from './run-facts.ts'

/** The job summary: what happened, why, what to do, and where the time went, in that order. */
export function renderSummary(end: RunEnd, facts: RunFacts, timings: Timings): string {
  const sections = [
    `## ${isFailure(end.outcome) ? '❌' : '✅'} Steadyship: ${end.outcome}`,
    failureSection(end, facts),
    ...(facts.services ?? []).map(serviceSection),
    imageSection(facts.image),
    timingSection(timings),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function failureSection({ error }: RunEnd, facts: RunFacts): string {
  if (error === undefined) return ''
  const lines = [
    `**${literal(error.message)}**`,
    `${literal(error.remedy)} (${code(error.code)})`,
    ...(facts.ongoing ?? []).map((what) => `Still going on: ${literal(what)}`),
  ]
  if (error.details.length > 0) lines.push(block(error.details))
  return lines.filter((line) => line !== '').join('\n\n')
}

function serviceSection(service: ServiceOutcome): string {
  const { evidence } = service
  const url = serviceConsoleUrl(service.serviceArn)
  const name = `${literal(service.cluster)}/${literal(service.service)}`
  const facts: string[][] = [
    ['outcome', `${service.outcome}${service.verified ? ', running image verified' : ''}`],
    ['task definition', code(revisionName(service.taskDefinitionArn))],
    ['before', code(revisionName(service.previousTaskDefinitionArn))],
    ...(service.deploymentId === undefined ? [] : [['deployment', code(service.deploymentId)]]),
    ...evidence.runningImages.map(({ container, digest }) => [
      `running in ${literal(container)}`,
      code(digest),
    ]),
  ]
  return [
    `### ${url === undefined ? name : `[${name}](${url})`}`,
    table(['service', ''], facts),
    isFailure(service.outcome) ? whySection(service) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function revisionName(arn: string): string {
  return arn.split('/').at(-1) ?? arn
}

/** Reason, stopped tasks, last log lines, events: the evidence of a red outcome. */
function whySection({ evidence }: ServiceOutcome): string {
  const stopped = evidence.stoppedTasks.map((group) => [
    String(group.count),
    literal(group.stopCode),
    literal(group.reason),
    group.containers
      .map(({ name, exitCode, reason }) =>
        literal(
          [name, exitCode === undefined ? '' : `exit ${exitCode}`, reason ?? '']
            .filter((part) => part !== '')
            .join(' '),
        ),
      )
      .join('<br>'),
  ])
  const logs = evidence.logLines ?? []
  const events = evidence.events.map(({ at, message }) => `${at.toISOString()} ${message}`)
  return [
    evidence.reasons.map((reason) => `> ${literal(reason)}`).join('\n>\n'),
    stopped.length === 0 ? '' : table(['tasks', 'stop code', 'reason', 'containers'], stopped),
    logs.length === 0 ? '' : `Last lines of the container:\n\n${block(logs)}`,
    events.length === 0
      ? ''
      : `<details><summary>Service events</summary>\n\n${block(events)}\n\n</details>`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function imageSection(image: PushedImage | undefined): string {
  if (image === undefined) return ''
  const rows = image.platforms.map(({ platform, digest, sizeBytes }) => [
    code(platform),
    code(digest),
    formatBytes(sizeBytes),
  ])
  const origin = image.reused ? 'was in the registry already' : 'built and pushed by this run'
  const tags = image.tags.length === 0 ? '' : `; tags ${image.tags.map(code).join(', ')}`
  return [
    `### Image ${literal(image.version)}`,
    `${code(uriOf(image.repository, image.digest))}, ${origin}${tags}`,
    ...(rows.length === 0 ? [] : [table(['platform', 'digest', 'compressed'], rows)]),
  ].join('\n\n')
}

function uriOf(repository: Repository, digest: string): string {
  return `${repositoryUri(repository)}@${digest}`
}

function timingSection(timings: Timings): string {
  const rows = Object.entries(timings).map(([phase, seconds]) => [phase, formatSeconds(seconds)])
  return rows.length === 0 ? '' : table(['phase', 'time'], rows)
}
