import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { serviceConsoleUrl } from '../../../src/core/report/console-url.ts'

const arn = (region: string, partition = 'aws'): string =>
  `arn:${partition}:ecs:${region}:123456789012:service/prod/web`

describe("the service's page in the console", () => {
  it.each([
    ['eu-central-1', 'aws', 'eu-central-1.console.aws.amazon.com'],
    ['il-central-1', 'aws', 'il-central-1.console.aws.amazon.com'],
    ['cn-north-1', 'aws-cn', 'cn-north-1.console.amazonaws.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'us-gov-west-1.console.amazonaws-us-gov.com'],
  ])('in %s is on the host of its partition', (region, partition, host) => {
    expect(serviceConsoleUrl(arn(region, partition))).toBe(
      `https://${host}/ecs/v2/clusters/prod/services/web/deployments?region=${region}`,
    )
  })

  it.each([
    ['a partition whose console is not public', arn('us-iso-east-1', 'aws-iso')],
    ['a partition that we do not know', arn('xx-west-1', 'aws-new')],
    ['an ARN of the old format, without cluster', 'arn:aws:ecs:us-east-1:123456789012:service/web'],
    ['no ARN at all', ''],
    ['an ARN that would break a link', `${arn('us-east-1')}) [x](https://example.com`],
  ])('is not told for %s', (_what, text) => {
    expect(serviceConsoleUrl(text)).toBeUndefined()
  })

  it('is a URL that Markdown takes as a whole, whatever it is made of', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(name, name, (cluster, service) => {
        const url = serviceConsoleUrl(
          `arn:aws:ecs:us-east-1:123456789012:service/${cluster}/${service}`,
        )
        expect(url ?? '').not.toMatch(/[\s()<>|]/)
      }),
    )
  })
})
