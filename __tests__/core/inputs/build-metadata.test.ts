import { describe, expect, it } from '@jest/globals'
import { tagFactsOf } from '../../../src/core/image/naming/tag-rules/tag-facts.ts'
import {
  describeUnfilled,
  fillMetadata,
  readImageMetadata,
} from '../../../src/core/inputs/build/image-metadata.ts'
import { parseInputs } from '../../../src/core/inputs/parse-inputs.ts'
import { InputReader } from '../../../src/core/inputs/reader.ts'
import { runContext } from '../../support/run-context.ts'

const read = (given: Readonly<Record<string, string>>) => {
  const reader = new InputReader(new Map(Object.entries(given)))
  return { ...readImageMetadata(reader), problems: reader.problems }
}

describe('labels', () => {
  it('are split at the first = and keep their commas', () => {
    expect(read({ labels: 'a=1,2=3\nb=\n__proto__=x' }).labels).toEqual(
      Object.fromEntries([
        ['a', '1,2=3'],
        ['b', ''],
        ['__proto__', 'x'],
      ]),
    )
  })

  it('without a = are refused', () => {
    expect(read({ labels: 'a' }).problems).toEqual([
      { input: 'labels', message: 'is not key=value', value: 'a' },
    ])
  })
})

describe('expressions of labels and annotations', () => {
  it.each([
    'Logic-less {{mustache}} templates',
    '{{.Task.Slot}}',
    'open {{ only',
    "{{date 'YYYY' tz='Nowhere'}}",
    '}} {{{{ {{}}',
  ])('that are not known are the text that is meant: %s', (value) => {
    const { labels, annotations, problems } = read({
      labels: `"a=${value}"`,
      annotations: `"index:a=${value}"`,
    })
    expect(problems).toEqual([])
    const metadata = { labels, annotations }
    const filled = fillMetadata(metadata, tagFactsOf(runContext(), new Date(0), {}))
    expect(filled).toMatchObject({ labels: { a: value }, annotations: [{ value }] })
  })

  it('are filled in wherever they stand among other braces', () => {
    const { labels } = read({ labels: 'a={{{branch}}} {{ {{branch}} {{brnach}}' })
    const facts = tagFactsOf(runContext(), new Date(0), {})
    expect(fillMetadata({ labels, annotations: [] }, facts).labels).toEqual({
      a: '{main} {{ main {{brnach}}',
    })
  })

  it('that are not known are told once for each key', () => {
    const given = read({
      labels: 'a={{brnach}} {{x}}\nb={{branch}} {{',
      annotations: 'index,manifest:a={{y}}',
    })
    expect(describeUnfilled(given)).toEqual([
      'labels: "a" keeps "{{brnach}}" as it is',
      'annotations: "a" keeps "{{y}}" as it is',
    ])
  })
})

describe('annotations', () => {
  it.each([
    ['k=v', [{ place: 'manifest', key: 'k', value: 'v' }]],
    ['index:k=a:b=c', [{ place: 'index', key: 'k', value: 'a:b=c' }]],
    [
      'manifest[linux/arm64],index-descriptor:k=v',
      [
        { place: 'manifest[linux/arm64]', key: 'k', value: 'v' },
        { place: 'index-descriptor', key: 'k', value: 'v' },
      ],
    ],
  ])('%s is put where it says', (given, expected) => {
    const { annotations, problems } = read({ annotations: given })
    expect(problems).toEqual([])
    expect(annotations).toEqual(expected)
  })

  it('of facts that are read back are said to be left out, once each', () => {
    const fact = 'org.opencontainers.image.revision'
    const { notices } = parseInputs(
      new Map([
        ['repository', 'team/web'],
        ['aws-region', 'eu-central-1'],
        ['annotations', `${fact}=1\nmanifest[linux/arm64]:${fact}=1\nindex:${fact}=1\nother=1`],
      ]),
      { region: undefined },
    )
    expect(notices).toEqual([`annotations: "${fact}" is set by this action itself`])
  })

  it.each(['layer:k=v', 'manifest:=v', 'k', '=v'])('%s is refused', (given) => {
    expect(read({ annotations: given }).problems).toHaveLength(1)
  })
})
