import { describe, expect, it } from '@jest/globals'
import { isSurelyIgnored } from '../../../src/core/buildx/ignore-file.ts'

describe('isSurelyIgnored', () => {
  it.each([
    ['node_modules', 'node_modules/', true],
    ['node_modules/', 'node_modules/a/b.js', true],
    ['/dist', 'dist/app', true],
    ['./dist', 'dist/app', true],
    ['*.log', 'a.log', true],
    ['*.log', 'sub/a.log', false],
    ['**/*.log', 'sub/deep/a.log', true],
    ['**/*.log', 'a.log', true],
    ['a/**', 'a/b/c', true],
    ['?.txt', 'a.txt', true],
    ['?.txt', 'ab.txt', false],
    ['a.b', 'axb', false],
    ['# dist', 'dist', false],
    ['*\n!keep', 'keep', false],
    ['*\n!keep', 'drop', true],
    ['*\n!keep', 'folder/', false],
    ['!keep\n*', 'keep', true],
    ['[ab]', 'a', false],
    ['*\n![ab]', 'zzz', false],
    ['', 'a', false],
  ])('with %j: %s -> %s', (ignoreFile, path, expected) => {
    expect(isSurelyIgnored(path, ignoreFile)).toBe(expected)
  })
})
