import { describe, expect, it } from '@jest/globals'
import { identifyImage } from '../../../../src/core/image/naming/tags.ts'
import { parseInputs, type ParsedInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import { inputProblems } from '../../../support/input-problems.ts'
import { commit, runContext } from '../../../support/run-context.ts'

const parse = (variables: Readonly<Record<string, string>>, mode = 'release'): ParsedInputs => {
  const values = new Map(
    Object.entries({
      ...{ mode, repository: 'team/web', tags: 'type=sha\n{{branch}}-{{sha}}' },
      annotations: 'k=v\nindex:i=v',
      ...(mode === 'deploy' && { annotations: '', tags: '', image: '1.2.3', service: 'web' }),
    }),
  )
  const metadataVariables = new Map(Object.entries(variables))
  return parseInputs(values, { region: 'eu-central-1', metadataVariables })
}

function buildOf({ inputs }: ParsedInputs) {
  if ('build' in inputs) return inputs.build
  throw new Error('this mode builds nothing')
}

describe('the variables of docker/metadata-action', () => {
  it('say how many digits a short commit has, wherever it is written', () => {
    const { tagRules } = buildOf(parse({ DOCKER_METADATA_SHORT_SHA_LENGTH: '12' }))
    const { movingTags } = identifyImage(runContext(), tagRules, new Date(0))
    const digits = commit.slice(0, 12)
    expect(movingTags).toEqual([`main-${digits}`, `sha-${digits}`])
  })

  it('say where annotations go that do not say it themselves', () => {
    const { metadata } = buildOf(parse({ DOCKER_METADATA_ANNOTATIONS_LEVELS: 'manifest, index' }))
    expect(metadata.annotations.map(({ place, key }) => `${place}:${key}`)).toEqual([
      ...['manifest:k', 'index:k'],
      'index:i',
    ])
  })

  it('are input problems where they are wrong', () => {
    const wrong = {
      DOCKER_METADATA_SHORT_SHA_LENGTH: '4',
      DOCKER_METADATA_ANNOTATIONS_LEVELS: 'all',
    }
    expect(inputProblems(() => parse(wrong))).toEqual([
      'DOCKER_METADATA_ANNOTATIONS_LEVELS: is none of manifest, index and their descriptors',
      'DOCKER_METADATA_SHORT_SHA_LENGTH: is not a whole number from 7 to 40',
    ])
  })

  it('are named where they change nothing, and only where something is built', () => {
    const idle = {
      DOCKER_METADATA_PR_HEAD_SHA: 'true',
      DOCKER_METADATA_SET_OUTPUT_ENV: 'false',
      DOCKER_METADATA_OUTPUT_VERSION: 'of a step before',
    }
    expect(parse(idle).notices).toEqual([
      'DOCKER_METADATA_PR_HEAD_SHA changes nothing here: the image of a pull request is always named after its head',
      'DOCKER_METADATA_SET_OUTPUT_ENV changes nothing here: later steps read the outputs of this step',
    ])
    expect(parse(idle, 'deploy').notices).toEqual([])
  })
})
