import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createDockerCredentials } from '../../../src/adapters/docker/configuration.ts'
import type { DockerConfiguration } from '../../../src/ports/docker-credentials.ts'

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const login = { host, username: 'AWS', password: 'pass:word' }
const theirs = {
  auths: { 'docker.io': { auth: 'dXNlcjpwdw==' }, [host]: {} },
  credHelpers: { 'gcr.io': 'gcloud' },
  credsStore: 'desktop',
  proxies: { default: { httpProxy: 'http://proxy' } },
  currentContext: 'remote',
  cliPluginsExtraDirs: ['/opt/plugins'],
}

let home: string
let temporary: string
let saved: string[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steadyship-home-'))
  temporary = await mkdtemp(join(tmpdir(), 'steadyship-temp-'))
  saved = []
})
afterEach(async () => {
  await rm(home, { recursive: true, force: true })
  await rm(temporary, { recursive: true, force: true })
})

const open = (job: Record<string, string> = {}): Promise<DockerConfiguration> =>
  createDockerCredentials({ HOME: home, ...job }, temporary, {
    saveDockerConfiguration: (directory) => saved.push(directory),
  }).open()

async function prepareUser(settings: unknown = theirs): Promise<string> {
  const directory = join(home, '.docker')
  await mkdir(join(directory, 'cli-plugins'), { recursive: true })
  await mkdir(join(directory, 'contexts'))
  await writeFile(join(directory, 'config.json'), JSON.stringify(settings))
  return directory
}

const place = ({ environment }: DockerConfiguration): string => environment['DOCKER_CONFIG'] ?? ''
const settingsOf = async (docker: DockerConfiguration): Promise<unknown> =>
  JSON.parse(await readFile(join(place(docker), 'config.json'), 'utf8'))

describe('a private Docker configuration', () => {
  it('keeps all that the user has and adds our host in the file store', async () => {
    await prepareUser()
    const docker = await open()
    await docker.login([login])
    expect(await settingsOf(docker)).toEqual({
      ...theirs,
      auths: {
        ...theirs.auths,
        [host]: { auth: Buffer.from('AWS:pass:word').toString('base64') },
      },
      credHelpers: { 'gcr.io': 'gcloud', [host]: '' },
    })
  })

  it('points plugins, contexts and builders at the originals', async () => {
    const original = await prepareUser()
    const docker = await open()
    for (const name of ['cli-plugins', 'contexts']) {
      expect(await realpath(join(place(docker), name))).toBe(await realpath(join(original, name)))
    }
    expect(docker.environment['BUILDX_CONFIG']).toBe(join(original, 'buildx'))
  })

  it('starts from DOCKER_CONFIG and BUILDX_CONFIG where the job has them', async () => {
    await writeFile(join(home, 'config.json'), JSON.stringify({ currentContext: 'x' }))
    const docker = await open({ DOCKER_CONFIG: home, BUILDX_CONFIG: '/elsewhere' })
    expect(await settingsOf(docker)).toEqual({ currentContext: 'x' })
    expect(docker.environment['BUILDX_CONFIG']).toBe('/elsewhere')
  })

  it('has the logins of DOCKER_AUTH_CONFIG before those of the file, and ours before them', async () => {
    await prepareUser()
    const given = { auths: { 'docker.io': { auth: 'bmV3' }, [host]: { auth: 'b2xk' } } }
    const docker = await open({ DOCKER_AUTH_CONFIG: JSON.stringify(given) })
    await docker.login([login])
    expect(await settingsOf(docker)).toMatchObject({
      auths: {
        'docker.io': { auth: 'bmV3' },
        [host]: { auth: Buffer.from('AWS:pass:word').toString('base64') },
      },
      credHelpers: { 'gcr.io': 'gcloud', 'docker.io': '', [host]: '' },
    })
    // Docker itself takes it for unset then.
    expect(docker.environment['DOCKER_AUTH_CONFIG']).toBe('')
  })

  it('refuses a DOCKER_AUTH_CONFIG that is none, and does not quote it', async () => {
    await expect(open({ DOCKER_AUTH_CONFIG: 'secret' })).rejects.toMatchObject({
      code: 'registry-login-failed',
      message: '"DOCKER_AUTH_CONFIG" is not a JSON object',
    })
  })

  it('works for a user without any configuration', async () => {
    const docker = await open()
    await docker.login([login])
    expect(await settingsOf(docker)).toMatchObject({ credHelpers: { [host]: '' } })
    expect(await readdir(place(docker))).toEqual(['config.json'])
  })

  it('is readable by nobody else', async () => {
    const docker = await open()
    await docker.login([login])
    expect((await stat(place(docker))).mode & 0o777).toBe(0o700)
    expect((await stat(join(place(docker), 'config.json'))).mode & 0o777).toBe(0o600)
  })

  it('is in the temporary folder, and saved for the post step', async () => {
    const docker = await open()
    expect(saved).toEqual([place(docker)])
    expect(place(docker).startsWith(join(temporary, 'steadyship-docker-'))).toBe(true)
  })

  it('is saved for the post step before it exists', async () => {
    const credentials = createDockerCredentials({ HOME: home }, temporary, {
      saveDockerConfiguration: (directory) => {
        saved.push(directory)
        throw new Error('the runner ends here')
      },
    })
    await expect(credentials.open()).rejects.toThrow('the runner ends here')
    const existed = await lstat(saved[0] ?? '').then(
      () => true,
      () => false,
    )
    expect(existed).toBe(false)
  })

  it('takes itself away and leaves the originals', async () => {
    const original = await prepareUser()
    await writeFile(join(original, 'cli-plugins', 'docker-buildx'), 'plugin')
    const docker = await open()
    await docker.login([login])
    await docker.dispose()
    await docker.dispose()
    expect(await readdir(temporary)).toEqual([])
    expect(await readFile(join(original, 'cli-plugins', 'docker-buildx'), 'utf8')).toBe('plugin')
    expect(await readFile(join(original, 'config.json'), 'utf8')).toBe(JSON.stringify(theirs))
  })

  it('names a config.json that cannot be read, and what to do', async () => {
    const directory = await prepareUser()
    const file = join(directory, 'config.json')
    await rm(file)
    await mkdir(file)
    await expect(open()).rejects.toMatchObject({
      code: 'registry-login-failed',
      message: `"${file}" cannot be read: EISDIR`,
      remedy: expect.stringContaining('DOCKER_CONFIG'),
    })
    expect(await readdir(temporary)).toEqual([])
  })

  it('names a folder of the user that cannot be looked at', async () => {
    const contexts = join(home, '.docker', 'contexts')
    await mkdir(join(home, '.docker'))
    await symlink(contexts, contexts)
    await expect(open()).rejects.toMatchObject({
      code: 'registry-login-failed',
      message: `"${contexts}" cannot be read: ELOOP`,
    })
    expect(await readdir(temporary)).toEqual([])
  })

  it('takes a folder of the user that points at nothing for none', async () => {
    const directory = await prepareUser()
    await symlink('/nowhere', join(directory, 'ca.pem'))
    expect(await readdir(place(await open()))).not.toContain('ca.pem')
  })

  it.each(['{', '[]', '"x"'])(
    'refuses a config.json that docker cannot use either: %j',
    async (text) => {
      await prepareUser()
      await writeFile(join(home, '.docker', 'config.json'), text)
      await expect(open()).rejects.toMatchObject({ code: 'registry-login-failed' })
      expect(await readdir(temporary)).toEqual([])
    },
  )
})
