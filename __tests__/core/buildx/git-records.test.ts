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
    'RUN git clone https://x/y /tmp/y && make -C /tmp/y && git describe --tags > v',
    'RUN git describe > v && git clone https://x/y',
    'RUN git clone https://x/y && cd y && make && cd .. && git describe',
    'RUN (git clone https://x/y && cd y && make) && git describe',
    'RUN git clone https://x/y /tmp/y; git -C /src describe',
    'RUN git clone https://x/y && cd y && git -C ../src describe',
    'RUN git init /tmp/y && git tag',
    'RUN git log -1 --format=%D > refs',
    "RUN git log -1 '--format=%h%d'",
    'RUN git log --oneline --decorate',
    'RUN git log --tags --simplify-by-decoration',
    'RUN git --no-pager log --all',
    "RUN git show -s --format='%(describe:tags)'",
    'RUN git log --oneline | wc -l > number',
    'RUN echo $(git log --format=%h 2>&1 | sort | grep -c .)',
  ])('is so where the Dockerfile has %s', (line) => {
    expect(readsGitRecords(`FROM a\n${line}\n`)).toBe(true)
  })

  it.each([
    'COPY . .',
    'COPY .gitignore .github ./',
    'COPY --exclude=.git . .',
    'LABEL a="how to git branch"',
    'ADD https://github.com/octo/shop.git /shop',
    'RUN rm -rf .git',
    'RUN git clone https://github.com/octo/shop.git && git -C shop describe',
    'RUN git clone https://github.com/octo/shop.git && git -C ./shop/ --no-pager describe',
    'RUN git clone --depth=1 https://x/y /tmp/y && cd /tmp/y/lib && git describe',
    'RUN git clone https://x/y "$HOME/y" && (cd $HOME/y; cd lib && make V=$(git describe)) && make',
    'RUN git clone https://x/y . && make && git describe',
    'RUN git clone https://x/y 2>&1 | tee log && git --git-dir=y/.git tag',
    'RUN git init /tmp/y && cd /tmp/y && git tag v1',
    'RUN git config --global url.a.insteadOf b',
    'RUN git log -1 --date=format:%Y%m%d --format=%cd > date',
    'RUN git log -1 --format=%H | tee commit',
    'RUN git log -1 --format=%ct && ls | wc -l',
    'RUN git rev-parse HEAD > /commit',
    'RUN apk add --no-cache git',
    '# COPY .git .git',
    'LABEL legit="describe tag"',
  ])('is not so for %s', (line) => {
    expect(readsGitRecords(`FROM a\n${line}\n`)).toBe(false)
  })
})
