import { describe, expect, it } from '@jest/globals'
import { cacheShare } from '../../../../src/core/buildx/cache/cache-share.ts'
import { lostCache } from '../../../../src/core/buildx/cache/lost-cache.ts'
import { tellsOfVertex } from '../../../../src/core/buildx/progress.ts'

/** As buildx 0.13.1 prints it; two platforms, a second build. */
const log = `#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 120B done
#1 DONE 0.0s
#4 [linux/amd64 internal] load metadata for docker.io/library/alpine:3
#4 DONE 0.2s
#5 importing cache manifest from host/cache:cache-main
#5 ERROR: failed to configure registry cache importer: not found
#6 [linux/amd64 1/3] FROM docker.io/library/alpine:3
#6 CACHED
#7 [linux/amd64 builder 2/3] RUN apk add make
#7 CACHED
#8 [linux/arm64 builder 2/3] RUN apk add make
#8 0.312 #9 CACHED
#9 [linux/amd64 3/3] COPY . /app
#8 ...
#9 DONE 0.1s
#8 [linux/arm64 builder 2/3] RUN apk add make
#8 1.020 OK
#8 DONE 1.1s
#10 [linux/arm64 3/3] COPY . /app
#10 CACHED
#11 exporting to image
#11 DONE 3.0s
#12 [auth] team/app:pull token
#12 DONE 0.0s`.split('\n')

describe('cacheShare', () => {
  it('counts the steps of the Dockerfile on all platforms, and nothing else', () => {
    expect(cacheShare(log)).toEqual({ cachedSteps: 2, steps: 4 })
  })

  it('counts a step whose result is fetched from a cache, which ends in DONE', () => {
    const fetched = [
      '#6 [linux/arm64 one 2/2] COPY b /b',
      '#6 extracting sha256:7bf5312cd9de30bb0103ea544eee1f00be0683421e4bb704c66024fda8406848 done',
      '#6 sha256:26913c00fe2889c9e4664436179bcd7ca3292bc7e99d6680494b0499ec83329c 97B / 97B done',
      '#6 DONE 0.0s',
    ]
    expect(cacheShare(fetched)).toEqual({ cachedSteps: 1, steps: 1 })
  })

  it('needs no other lines than those that tell of vertices', () => {
    expect(cacheShare(log.filter(tellsOfVertex))).toEqual(cacheShare(log))
  })

  it('knows nothing where no step came to an end', () => {
    expect(cacheShare([])).toBeUndefined()
    expect(cacheShare(['#7 [2/3] RUN make', '#7 ERROR: exit code: 1'])).toBeUndefined()
  })
})

describe('lostCache', () => {
  it('tells why a cache was not written', () => {
    const lines = [
      ...log,
      '#13 exporting cache to registry',
      '#13 preparing build cache for export 0.0s done',
      '#13 ERROR: error writing layer blob: connection refused',
    ]
    expect(lostCache(lines)).toBe('error writing layer blob: connection refused')
    expect(lostCache(lines.filter(tellsOfVertex))).toBe(lostCache(lines))
  })

  it('says nothing of a cache that could not be read: the first build has none', () => {
    expect(lostCache(log)).toBeUndefined()
  })
})
