import { describe, expect, it } from '@jest/globals'

import { isDebian } from '../../../scripts/world/debian.ts'

describe('isDebian', () => {
  it.each([
    ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', true],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', false],
    ['ID="debian"\n', true],
    ['', false],
  ])('reads %j as %s', (text, expected) => {
    expect(isDebian(text)).toBe(expected)
  })
})
