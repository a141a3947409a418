import type { CacheShare } from '../buildx/cache/cache-share.ts'
import { imageUri, type PushedImage } from '../image/image.ts'
import { repositoryUri } from '../image/repository/repository.ts'
import { describeLayer } from '../image/content/size-limit.ts'
import {
  storageDollarsPerMonth,
  subjectName,
  type BuilderStageSize,
  type ImageSizes,
  type PlatformSizes,
} from '../image/content/sizes.ts'
import { describeFinding } from '../scan/scan-lines.ts'
import type { PlatformScan } from '../scan/scan-verdict.ts'
import { describeCounts } from '../scan/severity.ts'
import { formatBytes } from './format.ts'
import type { ImageReview } from './image-review.ts'
import { code, literal, table } from './markdown.ts'
import type { RunFacts } from './run-facts.ts'

const shownFindings = 10

/** What was measured, one line a platform, for the log. */
export function sizeLines(sizes: ImageSizes | undefined): readonly string[] {
  return (sizes?.platforms ?? []).map((platform) => {
    const parts = [
      `${formatBytes(platform.compressedBytes)} compressed`,
      `${unpackedText(platform)} unpacked`,
      `${platform.layerCount} ${platform.layerCount === 1 ? 'layer' : 'layers'}`,
      ...(platform.changeBytes === undefined
        ? []
        : [`${changeText(platform.changeBytes)} against what runs`]),
    ]
    return `size of ${subjectName(platform)}: ${parts.join(', ')}`
  })
}

/** What the stages before the last one keep out of the image, compressed. */
export function describeBuilderStage(stage: BuilderStageSize, image: PushedImage): string {
  const shipped = image.platforms.find(({ platform }) => platform === stage.platform)
  const size = formatBytes(stage.compressedBytes)
  const saved =
    shipped === undefined || shipped.sizeBytes >= stage.compressedBytes
      ? ''
      : `; the image ships ${formatBytes(shipped.sizeBytes)}, ${formatBytes(stage.compressedBytes - shipped.sizeBytes)} less`
  return `builder stage "${stage.stage}" (${stage.platform ?? 'its platform'}): ${size} compressed${saved}`
}

/** The images' part of the job summary. */
export function imageSection(facts: RunFacts): string {
  const { image, images = new Map<string, PushedImage>(), reviews = [] } = facts
  if (image !== undefined) return sectionOf(image, `Image ${literal(image.version)}`, reviews)
  return [...images]
    .map(([target, each]) =>
      sectionOf(each, `Image ${literal(target)} ${literal(each.version)}`, reviews),
    )
    .join('\n\n')
}

function sectionOf(image: PushedImage, title: string, reviews: readonly ImageReview[]): string {
  const review = reviews.find(({ digest }) => digest === image.digest)
  const tags = image.tags.length === 0 ? '' : `; tags ${image.tags.map(code).join(', ')}`
  const sections = [
    `### ${title}`,
    `${code(imageUri(image))}, ${originText(image, review?.cacheShare)}${tags}`,
    copiesText(image),
    review?.sizes === undefined ? plainTable(image) : sizeTable(review.sizes),
    ...(review?.builderStage === undefined
      ? []
      : [literal(describeBuilderStage(review.builderStage, image))]),
    scanSection(review?.scans ?? []),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

/** The same digest elsewhere. */
function copiesText({ copies = [] }: PushedImage): string {
  const places = copies.map((repository) => code(repositoryUri(repository)))
  return places.length === 0 ? '' : `The same bytes are in ${places.join(', ')}.`
}

function originText({ reused, joined }: PushedImage, share: CacheShare | undefined): string {
  if (reused) return 'was in the registry already'
  if (joined) return 'joined by this run of images that were in the registry'
  const built = 'built and pushed by this run'
  return share === undefined
    ? built
    : `${built} (${share.cachedSteps} of ${share.steps} steps from a cache)`
}

/** The output `platforms`: digest and sizes of each, as far as they are known. */
export function platformsOutput(image: PushedImage, reviews: readonly ImageReview[] = []): string {
  const review = reviews.find(({ digest }) => digest === image.digest)
  const entries = image.platforms.map(({ platform, digest, sizeBytes }) => {
    const sizes = review?.sizes?.platforms.find((candidate) => candidate.digest === digest)
    const { unpackedBytes, unpackedAtLeast, layerCount: layers } = sizes ?? {}
    return [platform, { digest, sizeBytes, unpackedBytes, unpackedAtLeast, layers }]
  })
  return JSON.stringify(Object.fromEntries(entries))
}

function plainTable({ platforms }: PushedImage): string {
  const rows = platforms.map(({ platform, digest, sizeBytes }) => [
    code(platform),
    code(digest),
    formatBytes(sizeBytes),
  ])
  return rows.length === 0 ? '' : table(['platform', 'digest', 'compressed'], rows)
}

function sizeTable(sizes: ImageSizes): string {
  const header = ['platform', 'digest', 'compressed', 'change', 'unpacked', 'layers', 'biggest']
  const rows = sizes.platforms.map((platform) => [
    code(subjectName(platform)),
    code(platform.digest),
    formatBytes(platform.compressedBytes),
    platform.changeBytes === undefined ? 'not known' : literal(changeText(platform.changeBytes)),
    unpackedText(platform),
    String(platform.layerCount),
    platform.biggestLayers.map((layer) => literal(describeLayer(layer))).join('<br>'),
  ])
  const dollars = storageDollarsPerMonth(sizes.storedBytes)
  const cost = dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`
  return [
    table(header, rows),
    `Storage of ${formatBytes(sizes.storedBytes)}: ${cost} a month (estimate at the us-east-1 list price, ` +
      '$0.10 per GB-month; what the registry has already costs nothing more).',
  ].join('\n\n')
}

function unpackedText({ unpackedBytes, unpackedAtLeast }: PlatformSizes): string {
  if (unpackedBytes === undefined) return 'unknown'
  return `${unpackedAtLeast ? 'at least ' : ''}${formatBytes(unpackedBytes)}`
}

function changeText(bytes: number): string {
  if (bytes === 0) return 'no change'
  return `${bytes > 0 ? '+' : '-'}${formatBytes(Math.abs(bytes))}`
}

function scanSection(scans: readonly PlatformScan[]): string {
  if (scans.length === 0) return ''
  const rows = scans.map((scan) => [code(subjectName(scan)), ...scanCells(scan)])
  return table(['platform', 'scan', 'gravest'], rows)
}

function scanCells({ verdict }: PlatformScan): readonly [string, string] {
  switch (verdict.kind) {
    case 'pending':
      return [`not finished: ${literal(verdict.why)}`, '']
    case 'unavailable':
      return [`not possible: ${literal(verdict.why)}`, '']
    case 'scanned': {
      const shown = verdict.findings.slice(0, shownFindings)
      const gravest = shown.map((finding) => literal(describeFinding(finding))).join('<br>')
      return [describeCounts(verdict.counts), gravest]
    }
  }
}
