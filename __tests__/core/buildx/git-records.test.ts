import { describe, expect, it } from '@jest/globals'
import { readsGitRecords } from '../../../src/core/buildx/git-records.ts'

describe('readsGitRecords', () => {
  it.each([
    'COPY .git .git',
    'copy ./.git/HEAD /head',
    'COPY --chown=a:b ["src", ".git", "/x/"]',
    'ADD .git/ /x',
    'RUN --mount=type=bind,source=.git,target=.git make',
    'RUN apk add git && git describe --tags > /version',
    'RUN git -c safe.directory=* describe',
    'RUN echo $(git rev-parse --abbrev-ref HEAD)',
    'RUN make && \\\n  # the number\n  git rev-list --count HEAD',
    'RUN <<EOF\ngit tag --points-at HEAD\nEOF',
  ])('is so where the Dockerfile has %s', (line) => {
    expect(readsGitRecords(`FROM a\n${line}\n`)).toBe(true)
  })

  it.each([
    'COPY . .',
    'COPY .gitignore .github ./',
    'ADD https://github.com/octo/shop.git /shop',
    'RUN rm -rf .git',
    'RUN git clone https://github.com/octo/shop.git && git -C shop describe',
    'RUN git config --global url.a.insteadOf b',
    'RUN git rev-parse HEAD > /commit',
    'RUN apk add --no-cache git',
    '# COPY .git .git',
    'LABEL legit="describe tag"',
  ])('is not so for %s', (line) => {
    expect(readsGitRecords(`FROM a\n${line}\n`)).toBe(false)
  })
})
