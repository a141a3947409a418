import { createHash } from 'node:crypto'

import { everyOne, isAnswer, numberIn, objectIn, objectsIn, textIn, type Rule } from './rule.ts'

const readable = /^\s*\{/

export const ecrRules: readonly Rule[] = [
  everyOne(
    'ECR-1',
    'a login names the registry of the account, and its end',
    (exchange) =>
      isAnswer(exchange, 'ecr', 'GetAuthorizationToken')
        ? objectsIn(exchange.response, 'authorizationData')
        : [],
    (data) => {
      const endpoint = textIn(data, 'proxyEndpoint')
      if (!/^https:\/\/\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com(?:\.cn)?$/.test(endpoint)) {
        return `proxyEndpoint is ${JSON.stringify(endpoint)}`
      }
      return numberIn(data, 'expiresAt') > 0 ? undefined : 'expiresAt is missing'
    },
  ),
  everyOne(
    'ECR-7',
    'DescribeImages tells a size and a digest',
    (exchange) =>
      isAnswer(exchange, 'ecr', 'DescribeImages')
        ? objectsIn(exchange.response, 'imageDetails')
        : [],
    (image) =>
      numberIn(image, 'imageSizeInBytes') > 0 && textIn(image, 'imageDigest') !== ''
        ? undefined
        : `of ${JSON.stringify(image['imageTags'] ?? 'an image')} one is missing`,
  ),
  everyOne(
    'ECR-8',
    'a manifest comes back byte by byte: its digest is its SHA-256',
    (exchange) =>
      isAnswer(exchange, 'ecr', 'BatchGetImage')
        ? objectsIn(exchange.response, 'images').filter((image) =>
            readable.test(textIn(image, 'imageManifest')),
          )
        : [],
    (image) => {
      const digest = textIn(objectIn(image, 'imageId'), 'imageDigest')
      const hash = createHash('sha256').update(textIn(image, 'imageManifest')).digest('hex')
      return digest === `sha256:${hash}` ? undefined : `${digest} has the bytes of sha256:${hash}`
    },
  ),
  everyOne(
    'ECR-8',
    'an image that is not there is a failure with a code, not a refusal',
    (exchange) =>
      exchange.service === 'ecr' && exchange.operation === 'BatchGetImage'
        ? objectsIn(exchange.response, 'failures')
        : [],
    (failure) =>
      /^(?:ImageNotFound|ImageTagDoesNotMatchDigest|InvalidImage\w+|MissingDigestAndTag)$/.test(
        textIn(failure, 'failureCode'),
      )
        ? undefined
        : `failureCode is ${JSON.stringify(failure['failureCode'] ?? null)}`,
  ),
]
