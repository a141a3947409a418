import { isFailure } from '../outcome.ts'
import type { ServiceOutcome } from '../rollout/evidence/service-outcome.ts'
import { serviceConsoleUrl } from './console-url.ts'
import { formatSeconds } from './format.ts'
import { imageSection } from './image-summary.ts'
import { block, code, literal, table } from './markdown.ts'
import { planSection } from './plan-summary.ts'
import { isRed, type RunEnd } from './run-end.ts'
import type { RunFacts, Timings } from './run-facts.ts'
import { taskSection } from './task-summary.ts'
import { renderTime } from './time-summary.ts'
import { renderWhy } from './why-summary.ts'
import { nameInArn } from '../name-in-arn.ts'

/** The job summary: what happened, why, what to do, and where the time went, in that order. */
export function renderSummary(end: RunEnd, facts: RunFacts, timings: Timings): string {
  const sections = [
    `## ${isRed(end) ? '❌' : '✅'} Steadyship: ${end.outcome}`,
    failureSection(end, facts),
    ...(facts.services ?? []).map(serviceSection),
    taskSection(facts.task),
    planSection(facts),
    imageSection(facts),
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
    ['task definition', code(nameInArn(service.taskDefinitionArn))],
    ['before', code(nameInArn(service.previousTaskDefinitionArn))],
    ...(service.deploymentId === undefined ? [] : [['deployment', code(service.deploymentId)]]),
    ...(service.stage === undefined ? [] : [['stage', literal(service.stage)]]),
    ...(service.hookId === undefined ? [] : [['paused by', code(service.hookId)]]),
    ...evidence.runningImages.map(({ container, digest }) => [
      `running in ${literal(container)}`,
      code(digest),
    ]),
  ]
  return [
    `### ${url === undefined ? name : `[${name}](${url})`}`,
    table(['service', ''], facts),
    isFailure(service.outcome) ? renderWhy(evidence) : '',
    renderTime(evidence),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function timingSection(timings: Timings): string {
  const rows = Object.entries(timings).map(([phase, seconds]) => [phase, formatSeconds(seconds)])
  return rows.length === 0 ? '' : table(['phase', 'time'], rows)
}
