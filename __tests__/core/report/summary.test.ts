import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { renderSummary } from '../../../src/core/report/summary.ts'
import { hostileText } from '../../support/hostile-text.ts'
import { failedEnd, goodEnd, reportedImage, serviceOutcome } from '../../support/report-facts.ts'

const at = new Date('2026-01-01T00:00:00Z')

/** A red run in which everything that others can write says `text`. */
function hostileSummary(text: string): string {
  const container = { name: text, exitCode: 3, reason: text, healthStatus: undefined }
  const stopped = { count: 2, stopCode: text, reason: text, containers: [container] }
  const service = serviceOutcome(
    { outcome: 'failed', verified: false, service: text, cluster: text },
    {
      reasons: [text],
      stoppedTasks: [{ ...stopped, exampleTaskArn: 'arn:task' }],
      events: [{ at, message: text }],
      runningImages: [{ container: text, digest: text }],
      logLines: [text, text],
    },
  )
  const image = reportedImage({ tags: [text], version: text })
  const facts = { image, services: [service], ongoing: [text] }
  return renderSummary(failedEnd(text, text), facts, { build: 61 })
}

/** The lines outside of fenced blocks (CommonMark). */
function outside(markdown: string): readonly string[] {
  let fence = ''
  return markdown.split(/\r\n|\r|\n/).filter((line) => {
    const [, run = ''] = /^ {0,3}(`{3,})\s*$/.exec(line) ?? []
    if (fence === '') {
      fence = run
      return run === ''
    }
    if (run.length >= fence.length) fence = ''
    return false
  })
}

describe('the job summary', () => {
  it('tells a good run by outcome, service, image and times, without a reason', () => {
    const service = serviceOutcome({}, { runningImages: [{ container: 'app', digest: 'sha256' }] })
    const facts = { image: reportedImage(), services: [service] }
    const text = renderSummary(goodEnd, facts, { build: 61, rollout: 90.4 })
    expect(text).toMatch(/^## ✅ Steadyship: deployed\n/)
    expect(text).toContain('| outcome | deployed, running image verified |')
    expect(text).toContain('| running in app | <code>sha256</code> |')
    expect(text).toContain('12.3 MB')
    expect(text).toContain('| build | 1 min 01 s |')
    expect(text).not.toContain('<details>')
  })

  it('tells a red run by reason, remedy, stopped tasks, last lines and events, in that order', () => {
    const text = hostileSummary('word')
    const order = [
      '## ❌ Steadyship: failed',
      '**word**',
      '<code>rollout&#45;failed</code>',
      'Still going on',
      '> word',
      '| tasks | stop code |',
      'Last lines of the container',
      'Service events',
      '### Image',
    ].map((part) => text.indexOf(part))
    expect(order).not.toContain(-1)
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('says nothing of tags and platforms that the image does not have', () => {
    const image = reportedImage({ tags: [], platforms: [], reused: true })
    const text = renderSummary(goodEnd, { image }, {})
    expect(text).toContain('was in the registry already\n')
    expect(text).not.toContain('tags')
    expect(text).not.toContain('| platform |')
  })

  it('has the same form whatever services, containers, reasons, tags and logs say', () => {
    const usual = outside(hostileSummary('word')).map(marks)
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(outside(hostileSummary(text)).map(marks)).toEqual(usual)
      }),
      { numRuns: 500 },
    )
  })
})

/** The marks of structure in a line, character references aside. */
function marks(line: string): string {
  return line.replaceAll(/&(?:#\d+|amp|lt|gt);/g, '').replaceAll(/[^|<>`*#]/g, '')
}
