import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { askBuildxVersion } from '../../src/stages/builder/ask-buildx-version.ts'
import { prepareCache, type PreparedCache } from '../../src/stages/publish/prepare-cache.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

const credentials = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'secret-key' }
const runtime = { ACTIONS_RUNTIME_TOKEN: 'runtime-token', ACTIONS_CACHE_SERVICE_V2: 'True' }

let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
})
afterEach(async () => docker.remove())

async function prepare(
  cacheFrom: readonly string[],
  cacheTo: readonly string[] = [],
  environment: Readonly<Record<string, string>> = runtime,
): Promise<PreparedCache> {
  ports = buildPorts(docker, { environment })
  const configuration = await ports.dockerCredentials.open()
  const session = { childCredentials: () => Promise.resolve(credentials) }
  const askVersion = () => askBuildxVersion(configuration, ports)
  return await prepareCache({ cacheFrom, cacheTo }, askVersion, session, ports)
}

describe('prepareCache', () => {
  it('gives nothing to a build without caches that need something', async () => {
    const cacheFrom = ['type=registry,ref=host/cache:1', 'user/app:cache']
    const nothing = { cacheFrom, cacheTo: ['type=inline'], environment: {}, keptVariables: [] }
    expect(await prepare(cacheFrom, ['type=inline'])).toEqual(nothing)
    expect(ports.report.everything).toBe('')
    expect(await docker.calls()).toEqual([])
  })

  it("gives the job's token for GitHub's cache, and says so", async () => {
    const prepared = await prepare(['type=gha'], ['type=gha,mode=max'])
    expect(prepared).toEqual({
      cacheFrom: ['type=gha'],
      cacheTo: ['type=gha,mode=max'],
      environment: {},
      keptVariables: ['ACTIONS_RUNTIME_TOKEN'],
    })
    expect(ports.report.lines).toEqual([
      "buildx is given the job's runtime token, for GitHub's cache",
    ])
  })

  it('keeps the token back where the cache names one of its own', async () => {
    const own = 'type=gha,token=t,url=http://localhost'
    expect(await prepare([own], [], {})).toMatchObject({ cacheFrom: [own], keptVariables: [] })
    expect(ports.report.warnings).toEqual([])
  })

  it("leaves GitHub's caches out where the job has no token, with a warning, and no others", async () => {
    const other = 'type=registry,ref=host/cache:1'
    const prepared = await prepare(['type=gha', other], ['type=gha'], {})
    expect(prepared).toMatchObject({ cacheFrom: [other], cacheTo: [], keptVariables: [] })
    expect(ports.report.warnings).toEqual([
      "GitHub's cache is off: the job has no ACTIONS_RUNTIME_TOKEN, which runners give to actions alone",
    ])
  })

  it.each([
    ['0.13.1+ds1-3', false],
    ['v0.20.1 abc', false],
    ['v0.21.0 abc', true],
    ['v1.0.0 abc', true],
    ['a-branch', true],
  ])("uses GitHub's cache with buildx %s: %s", async (buildxVersion, used) => {
    await docker.play({ buildxVersion })
    const { cacheFrom } = await prepare(['type=gha'])
    expect(cacheFrom).toEqual(used ? ['type=gha'] : [])
    expect(ports.report.warnings).toHaveLength(used ? 0 : 1)
  })

  it('takes any buildx where the server has the service of before', async () => {
    await docker.play({ buildxVersion: '0.13.1' })
    const { cacheFrom } = await prepare(['type=gha'], [], { ACTIONS_RUNTIME_TOKEN: 't' })
    expect(cacheFrom).toEqual(['type=gha'])
  })

  it('gives credentials for a cache in S3 as variables, and says so without them', async () => {
    const cache = 'type=s3,region=r,bucket=b,name=n'
    const { environment, cacheTo } = await prepare([], [cache])
    expect({ environment, cacheTo }).toEqual({ environment: credentials, cacheTo: [cache] })
    expect(ports.report.lines).toEqual([
      "buildx is given the session's AWS credentials, for the cache in S3",
    ])
    expect(ports.report.everything).not.toContain(credentials.AWS_SECRET_ACCESS_KEY)
  })

  it('keeps the credentials back where the cache names some of its own', async () => {
    const { environment } = await prepare(['type=s3,bucket=b,access_key_id=A,secret_access_key=S'])
    expect(environment).toEqual({})
  })

  it('leaves caches in S3 out of a build without credentials, with a warning, and no others', async () => {
    ports = buildPorts(docker)
    const configuration = await ports.dockerCredentials.open()
    const own = 'type=s3,bucket=b,access_key_id=A,secret_access_key=S'
    const cacheFrom = ['type=s3,bucket=b', own, 'type=registry,ref=host/cache:1']
    const cacheTo = ['type=s3,bucket=b,mode=max']
    const askVersion = () => askBuildxVersion(configuration, ports)
    const prepared = await prepareCache({ cacheFrom, cacheTo }, askVersion, undefined, ports)
    expect(prepared).toEqual({
      ...{ cacheFrom: cacheFrom.slice(1), cacheTo: [] },
      ...{ environment: {}, keptVariables: [] },
    })
    expect(ports.report.warnings).toEqual([
      'the cache in S3 is off: this build has no AWS credentials',
    ])
  })
})
