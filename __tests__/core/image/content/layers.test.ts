import { describe, expect, it } from '@jest/globals'

import { instructionsOf, parseBlobs } from '../../../../src/core/image/content/layers.ts'

const digest = `sha256:${'a'.repeat(64)}`
const blob = { digest, size: 5, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }

describe('parseBlobs', () => {
  it('gives configuration and layers from the base up', () => {
    const other = { ...blob, size: 7 }
    expect(parseBlobs(JSON.stringify({ config: blob, layers: [blob, other] }))).toEqual({
      config: { digest, mediaType: blob.mediaType, sizeBytes: 5 },
      layers: [
        { digest, mediaType: blob.mediaType, sizeBytes: 5 },
        { digest, mediaType: blob.mediaType, sizeBytes: 7 },
      ],
    })
  })

  it.each([
    ['no JSON', '{'],
    ['an index', JSON.stringify({ manifests: [] })],
    ['a manifest without configuration', JSON.stringify({ layers: [blob] })],
    ['a layer without a size', JSON.stringify({ config: blob, layers: [{ digest }] })],
    ['a layer without a digest', JSON.stringify({ config: blob, layers: [{ size: 3 }] })],
  ])('does not guess at %s', (_what, text) => {
    expect(parseBlobs(text)).toBeUndefined()
  })
})

describe('instructionsOf', () => {
  const told = (createdBy: string) =>
    instructionsOf(JSON.stringify({ history: [{ created_by: createdBy }] }), 1)?.[0]

  it.each([
    ['RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
    ['COPY . /app # buildkit', 'COPY . /app'],
    ['/bin/sh -c #(nop) ADD file:1a2b in / ', 'ADD file:1a2b in /'],
    ['/bin/sh -c apt-get   update', 'RUN apt-get update'],
    ['RUN /bin/bash -o pipefail -c a | b # buildkit', 'RUN a | b'],
    ['RUN |2 TOKEN=s3cret NAME=two words /bin/sh -c make # buildkit', 'RUN make'],
    ['RUN |1 TOKEN=s3cret powershell make', 'RUN'],
    ['', 'unknown'],
    [`COPY ${'x'.repeat(200)} /`, `COPY ${'x'.repeat(74)}…`],
  ])('tells %p as %p', (createdBy, instruction) => {
    expect(told(createdBy)).toBe(instruction)
  })

  it('leaves out what made no layer', () => {
    const history = [
      { created_by: 'ADD a' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: 'COPY c' },
    ]
    expect(instructionsOf(JSON.stringify({ history }), 2)).toEqual(['ADD a', 'COPY c'])
  })

  it('says nothing where history and layers differ in number, or there is none', () => {
    expect(
      instructionsOf(JSON.stringify({ history: [{ created_by: 'ADD a' }] }), 2),
    ).toBeUndefined()
    expect(instructionsOf('{}', 1)).toBeUndefined()
    expect(instructionsOf('no JSON', 1)).toBeUndefined()
  })
})
