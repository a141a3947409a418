// How long 10,000 random `with:` blocks take to become the arguments of `docker buildx build`:
// the reading of their inputs, and the argv builder, which has the target.
import fc from 'fast-check'
import { buildArguments, type BuildDestination } from '../src/core/buildx/argv.ts'
import { readBuildSettings } from '../src/core/inputs/build/build-settings.ts'
import { readImageMetadata } from '../src/core/inputs/build/image-metadata.ts'
import { InputReader } from '../src/core/inputs/reader.ts'

const count = 10_000
const targetMs = 2_000
const [seedGiven = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
const seed = Number(seedGiven)
if (!Number.isInteger(seed)) throw new TypeError('argv.ts [seed]: a whole number')

const texts = fc.oneof(fc.string(), fc.constantFrom('--push', '-', '$(x)', '`x`', '; x', '"', ','))
const lines = (form: (text: string) => string): fc.Arbitrary<string> =>
  fc.array(texts.map(form), { maxLength: 4 }).map((list) => list.join('\n'))
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
const withBlocks = fc.record({
  labels: lines((text) => quoted(`key=${text}`)),
  annotations: lines((text) => quoted(`index:key=${text}`)),
  'build-contexts': lines((text) => quoted(`name=x${text}`)),
  'add-hosts': fc.constantFrom('a:1.2.3.4,b=::1', ''),
  ulimit: fc.nat().map((limit) => `nofile=${limit}`),
  'cache-from': lines((text) => `type=registry,ref=x${text}`),
  'cache-to': fc.constantFrom('type=gha,mode=max', 'user/app:cache', ''),
  secrets: lines(quoted),
  ssh: fc.constantFrom('default', ''),
  provenance: fc.constantFrom('true', 'false', 'mode=max'),
  outputs: lines((text) => `type=local,dest=x${text}`),
  compression: fc.constantFrom('gzip', 'zstd'),
})
const blocks = fc.sample(withBlocks, { numRuns: count, seed })

function timed<T>(work: () => T): { readonly result: T; readonly elapsedMs: number } {
  const startMs = performance.now()
  const result = work()
  return { result, elapsedMs: performance.now() - startMs }
}

const read = timed(() =>
  blocks.map((block) => {
    const reader = new InputReader(new Map(Object.entries(block)))
    const { labels, annotations } = readImageMetadata(reader)
    return {
      contextDirectory: '/workspace',
      dockerfile: '/workspace/Dockerfile',
      target: undefined,
      buildArguments: [],
      platforms: ['linux/amd64', 'linux/arm64'] as const,
      noCache: false,
      pull: false,
      labels,
      annotations: {},
      furtherAnnotations: annotations,
      settings: readBuildSettings(reader),
    }
  }),
)
const destination: BuildDestination = {
  builder: { name: 'b', driver: 'remote' },
  target: { kind: 'push', reference: 'host/app:tag' },
  metadataFile: '/metadata.json',
}
const built = timed(() =>
  read.result.map((specification) => buildArguments(specification, destination)),
)
process.stdout.write(
  [
    `Node ${process.version}, seed ${seed}, ${count} random blocks, ${built.result.flat().length} arguments`,
    `inputs read in ${read.elapsedMs.toFixed(0)} ms`,
    `argv built in ${built.elapsedMs.toFixed(0)} ms, target ${targetMs}: ${built.elapsedMs <= targetMs ? 'met' : 'MISSED'}`,
    '',
  ].join('\n'),
)
