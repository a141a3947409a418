import type { PushedImage } from '../../core/image/image.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { addTags } from './add-tags.ts'
import { copyImage } from './copy-image.ts'
import { bakeImages, type Baked } from './bake-images.ts'
import { createRepositories } from './create-repositories.ts'
import { DockerSession } from './docker-session.ts'
import { judgeImage } from './judge-image.ts'
import { makeImage, readBack } from './make-image.ts'
import { moveTags } from './move-tags.ts'
import { Stock } from './stock.ts'

/** An image that is published, and how it came to be. */
export interface Published {
  readonly plan: ImagePlan
  readonly image: PushedImage
  /** The builder that built it in this run. */
  readonly builder: string | undefined
  /** The same bytes in further repositories. */
  readonly copies: readonly PushedImage[]
}

/**
 * Sees to it that the planned images are in the registry under all their tags: built, pushed and
 * read back, or found there already; and copied into their further repositories. First all are made;
 * moving tags come last, when nothing can go wrong with any of them any more. What is published by
 * then is told also where the rest fails.
 * @throws ActionError
 */
export async function publishImages(
  plans: readonly ImagePlan[],
  session: AwsSession,
  ports: Ports,
): Promise<readonly Published[]> {
  const docker = new DockerSession(session, ports)
  const stock = new Stock(plans, ports.report)
  try {
    const creations = plans.flatMap(({ creates }) => creates)
    await createRepositories(creations, session, ports)
    const baked = await bakeMissing(plans, stock, docker, session, ports)
    const made: Published[] = []
    for (const plan of plans) {
      const { image, builder } = await obtain(plan, { baked, stock }, docker, session, ports)
      made.push({
        plan,
        builder,
        ...(await spread(plan, image, { stock, docker }, session, ports)),
      })
    }
    const published: Published[] = []
    for (const each of made) published.push(await moveAll(each, stock, session, ports))
    return published
  } catch (error) {
    for (const line of stock.lines) ports.report.line(`published before the failure: ${line}`)
    throw error
  } finally {
    await docker.close()
  }
}

/** The image of a plan as the registry has it: made, pushed and read back, or found there already. */
async function obtain(
  plan: ImagePlan,
  making: { readonly baked: Baked | undefined; readonly stock: Stock },
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Pick<Published, 'image' | 'builder'>> {
  const { stock } = making
  if (plan.existing !== undefined) {
    stock.tell(plan, plan.existing, [])
    return { image: plan.existing, builder: undefined }
  }
  const { digest, builder } = await makeImage(plan, making, docker, session, ports)
  const image = await readBack(plan, digest, session.ecr(plan.repository.registry), ports)
  stock.tell(plan, image, image.tags)
  return { image, builder }
}

/** Holds an image against its gates, names it, and copies it. */
async function spread(
  plan: ImagePlan,
  made: PushedImage,
  { stock, docker }: { readonly stock: Stock; readonly docker: DockerSession },
  session: AwsSession,
  ports: Ports,
): Promise<Pick<Published, 'image' | 'copies'>> {
  const image = await nameImage(plan, made, stock, session, ports)
  const copies: PushedImage[] = []
  for (const copy of plan.copies) {
    const copied = await copyImage(plan, copy, image, docker, session, ports)
    stock.put(copied, [])
    const ecr = session.ecr(copy.repository.registry)
    copies.push(
      await addTags(plan.identityTags, copied, ecr, ports, (...tagged) => {
        stock.put(...tagged)
      }),
    )
  }
  const homes = copies.map(({ repository }) => repository)
  const whole = homes.length === 0 ? image : { ...image, copies: homes }
  stock.tell(plan, whole, [])
  return { image: whole, copies }
}

/** Moves the moving tags in every repository, in each by what it has. */
async function moveAll(
  { plan, image, copies, ...rest }: Published,
  stock: Stock,
  session: AwsSession,
  ports: Ports,
): Promise<Published> {
  const ecr = session.ecr(image.repository.registry)
  const moved = await moveTags(plan, image, ecr, ports, (...tagged) => {
    stock.tell(plan, ...tagged)
  })
  const others: PushedImage[] = []
  for (const copy of copies) {
    const { repository } = copy
    const place = { ...plan, repository }
    const there = session.ecr(repository.registry)
    others.push(
      await moveTags(place, copy, there, ports, (...tagged) => {
        stock.put(...tagged)
      }),
    )
  }
  return { plan, image: moved, copies: others, ...rest }
}

/** Builds in one call what bake is to make of them. @returns undefined where that is nothing. */
async function bakeMissing(
  plans: readonly ImagePlan[],
  stock: Stock,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Baked | undefined> {
  const missing = plans.flatMap((plan) =>
    plan.kind === 'bake' && plan.existing === undefined ? [plan] : [],
  )
  if (missing.length === 0) return undefined
  const baked = await bakeImages(missing, stock, docker, session, ports)
  for (const plan of missing) {
    const digest = baked.digests.get(plan.target)
    if (digest !== undefined) stock.pushed(plan, digest)
  }
  return baked
}

/** An image is held against its gates, and gets the names that are its own. */
async function nameImage(
  plan: ImagePlan,
  image: PushedImage,
  stock: Stock,
  session: AwsSession,
  ports: Ports,
): Promise<PushedImage> {
  const ecr = session.ecr(image.repository.registry)
  await judgeImage(plan.gates, image, ecr, ports)
  // A tag that the build pushed and somebody moved is not taken back.
  const [, ...others] = plan.identityTags
  const wanted = image.reused ? plan.identityTags : others
  return await addTags(wanted, image, ecr, ports, (...tagged) => {
    stock.tell(plan, ...tagged)
  })
}
