import { describe, expect, it } from '@jest/globals'
import { holdsContent, parseIndexLine } from '../../../src/core/buildx/git-index.ts'

const id = 'd00491fd7e5bb6fa28c517a0bb32b8b506539d4d'

describe('parseIndexLine', () => {
  it('reads a file and a submodule', () => {
    expect(parseIndexLine(`H 100644 ${id} 0\tlib/a b`)).toEqual({
      path: 'lib/a b',
      writtenPath: 'lib/a b',
      id,
      isSubmodule: false,
      watched: true,
    })
    expect(parseIndexLine(`H 160000 ${id} 0\tvendor/x`)).toMatchObject({ isSubmodule: true })
  })

  it.each([
    ['H', true],
    ['M', true],
    ['h', false],
    ['S', false],
    ['s', false],
  ])('knows by %s whether git looks for changes', (tag, watched) => {
    expect(parseIndexLine(`${tag} 100755 ${id} 0\ta`)?.watched).toBe(watched)
  })

  it.each([
    ['"a\\tb\\"c\\\\d"', 'a\tb"c\\d'],
    ['"\\001\\n\\r"', '\x01\n\r'],
    ['ü', 'ü'],
  ])('reads the path %s as git means it', (writtenPath, path) => {
    expect(parseIndexLine(`H 100644 ${id} 0\t${writtenPath}`)).toMatchObject({ path, writtenPath })
  })

  it.each(['', 'warning: something', `H 100644 ${id} 0 a`])('reads nothing in "%s"', (line) => {
    expect(parseIndexLine(line)).toBeUndefined()
  })
})

describe('holdsContent', () => {
  const ids = [
    'd00491fd7e5bb6fa28c517a0bb32b8b506539d4d',
    'b3235bed7e38dc7d6477c31fce618d77cba1f10d7213c9a250d777b98b54e36e',
  ]

  it.each(ids)('knows the file of %s by every byte of it', (each) => {
    expect(holdsContent({ id: each }, '1\n')).toBe(true)
    expect(holdsContent({ id: each }, '1')).toBe(false)
    expect(holdsContent({ id: each }, '1\r\n')).toBe(false)
  })
})
