import type { PushedImage } from '../../src/core/image/image.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'

/** Publishes a single image, as most runs do. */
export async function publishOne(
  plan: ImagePlan,
  session: AwsSession,
  ports: Ports,
): Promise<PushedImage> {
  const [published] = await publishImages([plan], session, ports)
  if (published === undefined) throw new TypeError('one plan gave no image')
  return published.image
}
