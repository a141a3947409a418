import { describe, expect, it } from '@jest/globals'

import { builderStageOf, exportStageArguments } from '../../../src/core/buildx/builder-stage.ts'
import { imagePlan } from '../../support/image-plan.ts'

const two = `# syntax=docker/dockerfile:1
FROM node:22 AS deps
RUN npm ci
from node:22 as Build
COPY --from=deps /app /app
FROM scratch
COPY --from=deps /licenses /
COPY --chown=0:0 \\
  --from=build /app/dist /
`

const mounted = (mount: string) =>
  `FROM a AS Wheels\nFROM b\nRUN --network=none --mount=${mount} pip install /w/*`

describe('builderStageOf', () => {
  it.each([
    ['the stage that the last one copies from last', two, undefined, 'build'],
    ['the one that the target copies from', two, 'build', 'deps'],
    ['a stage without a name by its number', 'FROM a\nFROM b\nCOPY --from=0 / /', undefined, '0'],
    ['a quoted name', 'FROM a AS x\nFROM b\nCOPY --from="x" / /', undefined, 'x'],
    ['a named stage by its number', 'FROM a AS x\nFROM b\nCOPY --from=0 / /', undefined, 'x'],
    ['what a step mounts', mounted('type=bind,from=wheels,target=/w'), undefined, 'wheels'],
    ['what a step mounts first of all', mounted('from=wheels,target=/w'), undefined, 'wheels'],
    ['what a quoted mount names', mounted('"type=bind,from=wheels"'), undefined, 'wheels'],
    ['the last of two mounts', mounted('from=b --mount=from=wheels'), undefined, 'wheels'],
    [
      'the one that its base copies from',
      'FROM a AS x\nFROM --platform=$TARGETPLATFORM b AS Run\nCOPY --from=x / /\nFROM run AS last\nUSER 1',
      ...([undefined, 'x'] as const),
    ],
    [
      'its own rather than that of its base',
      'FROM a AS x\nFROM a AS y\nFROM b AS run\nCOPY --from=x / /\nFROM run\nCOPY --from=y / /',
      ...([undefined, 'y'] as const),
    ],
    ['what a target by its number takes', 'FROM a AS x\nFROM b\nCOPY --from=x / /', '1', 'x'],
  ])('is %s', (_what, dockerfile, target, stage) => {
    expect(builderStageOf(dockerfile, target)).toBe(stage)
  })

  it.each([
    ['one stage', 'FROM a\nCOPY . /', undefined],
    ['a copy from an image', 'FROM a AS x\nFROM b\nCOPY --from=nginx:1 / /', undefined],
    ['a copy from an image of one word', 'FROM a AS x\nFROM b\nCOPY --from=nginx / /', undefined],
    ['a mount of an image', mounted('type=bind,from=wheels:1'), undefined],
    ['a mount of this build', mounted('type=cache,target=/from=wheels'), undefined],
    ['a copy from its own base', 'FROM a AS x\nFROM x\nCOPY --from=x / /', undefined],
    ['a copy from a later stage', 'FROM a\nCOPY --from=x / /\nFROM b AS x', '0'],
    ['a comment', 'FROM a AS x\nFROM b\n# COPY --from=x / /', undefined],
    ['a target without copies', two, 'deps'],
    ['a target that is not there', two, 'none'],
    ['no Dockerfile at all', '', undefined],
  ])('is nothing with %s', (_what, dockerfile, target) => {
    expect(builderStageOf(dockerfile, target)).toBeUndefined()
  })
})

describe('exportStageArguments', () => {
  it('exports for one platform into a folder, with the values that lead to the cached steps', () => {
    const { build } = imagePlan()
    const argv = exportStageArguments(
      { ...build, buildArguments: ['A=b'], target: 'final' },
      'build',
      { builder: 'ours', directory: '/tmp/x,y' },
    )
    expect(argv).toEqual([
      ...['buildx', 'build', '--builder=ours', '--progress=plain', '--platform=linux/amd64'],
      ...['--file=/workspace/Dockerfile', '--target=build', '--build-arg=A=b'],
      ...['--provenance=false', '--output=type=oci,tar=false,"dest=/tmp/x,y"', '/workspace'],
    ])
  })
})
