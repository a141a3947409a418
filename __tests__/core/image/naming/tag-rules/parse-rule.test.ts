import { describe, expect, it } from '@jest/globals'
import {
  plainFlavor,
  withFlavorLine,
} from '../../../../../src/core/image/naming/tag-rules/parse-flavor.ts'
import { parseTagRule } from '../../../../../src/core/image/naming/tag-rules/parse-rule.ts'
import { compilePattern } from '../../../../../src/core/image/naming/tag-rules/pattern.ts'

describe('parseTagRule', () => {
  it.each([
    ['type=calver,pattern={{version}}', /type calver; there are schedule, semver, pep440/],
    ['type=constructor', /type constructor/],
    ['type=raw', /lacks the attribute "value"/],
    ['type=semver', /lacks the attribute "pattern"/],
    ['type=ref', /lacks the attribute "event"/],
    ['type=ref,event=push', /event=push; event is one of branch, tag, pr/],
    ['type=sha,format=medium', /format=medium/],
    ['type=sha,pattern=x', /attribute "pattern"; type sha has/],
    ['type=raw,value=a,priority=high', /priority "high"/],
    ['type=match,pattern=a,group=-1', /group "-1"/],
    ['type=raw,value={{commit}}', /expression "\{\{commit\}\}"/],
    ['type=raw,value={{version}}', /expression "\{\{version\}\}"/],
    ['type=semver,pattern={{sha}}', /expression "\{\{sha\}\}"/],
    ['type=raw,value={{constructor}}', /expression/],
    ['type=raw,value={{sha', /open "\{\{"/],
    ["type=raw,value={{date 'YYYY NN'}}", /date token "NN"; known are YY YYYY/],
    ["type=raw,value={{date 'DDDD'}}", /date token "DDDD"/],
    ["type=raw,value={{date 'X' tz='Mars/Base'}}", /time zone "Mars\/Base"/],
    ['type=raw,value={{date}}', /expression "\{\{date\}\}"/],
    ['"type=raw,value=a', /a quotation mark is open/],
  ])('refuses %s by name', (line, message) => {
    expect(() => parseTagRule(line)).toThrow(message)
  })

  it('has the priorities of docker/metadata-action', () => {
    const lines = [
      'type=schedule',
      'type=semver,pattern=a',
      'type=match,pattern=a',
      'type=edge',
      'type=ref,event=pr',
      'a',
      'type=sha',
    ]
    expect(lines.map((line) => parseTagRule(line).priority)).toEqual([
      1000, 900, 800, 700, 600, 200, 100,
    ])
  })
})

describe('a line of flavor', () => {
  it.each([
    ['latest=maybe', /"maybe"/],
    ['latests=true', /"latests"; a flavor has latest/],
    ['onlatest=true', /without a prefix or suffix/],
    ['prefix={{x}}', /expression "\{\{x\}\}"/],
  ])('refuses %s by name', (line, message) => {
    expect(() => withFlavorLine(plainFlavor, line)).toThrow(message)
  })

  it('adds to the lines before it', () => {
    const flavor = ['latest=auto', 'suffix=-a,onlatest=true'].reduce(withFlavorLine, plainFlavor)
    expect(flavor).toMatchObject({ latest: 'auto', prefixLatest: false, suffixLatest: true })
  })
})

describe('compilePattern', () => {
  it.each([
    ['(a)\\1', 'no backreferences'],
    ['(?<n>a)\\k<n>', 'no backreferences'],
    ['(?=a)', 'no look-around'],
    ['(?<!a)b', 'no look-around'],
    ['/a/y', 'the flag "y"'],
    ['(', 'is no regular expression'],
  ])('does not take %s, and says why', (text, message) => {
    expect(() => compilePattern(text)).toThrow(message)
  })

  it.each([
    ['^v?(\\d+)\\.(\\d+)\\.(\\d+)$', 'v1.20.3', '1'],
    ['/^release-(.*?)$/i', 'RELEASE-9', '9'],
    ['(?<name>[+*?(|)\\]]+)x', '+*?(|)]x', '+*?(|)]'],
    ['\\(+(a)', '((a', 'a'],
    ['(v|app-)\\d{3}', 'app-123', 'app-'],
    ['(?:(v)|x)(.*)', 'x1', undefined],
    ['/^b(.)$/m', 'a\nb1', '1'],
    ['.*.*.*.*.*(.*.*.*)$', 'a', ''],
  ])('takes %s', (text, name, group) => {
    expect(compilePattern(text)(name)?.[1]).toBe(group)
  })

  it.each(['(a+)+$', '^(a|aa)*$', '(.*a){12}$'])('does not backtrack for ever in %s', (text) => {
    expect(compilePattern(text)(`${'a'.repeat(20_000)}!`)).toBeUndefined()
  })
})
