import type { IncomingMessage } from 'node:http'

import { GetDownloadUrlForLayerCommand, type ECRClient } from '@aws-sdk/client-ecr'

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { EcrBlobs } from '../../ports/ecr-blobs.ts'
import type { RepositoryKey } from '../../ports/ecr.ts'
import { errorCode } from '../system/error-code.ts'
import { readBody, sendRequest } from '../system/http-request.ts'
import { callAws } from './failure.ts'

/** A call and what it leads to; nobody waits for sizes any longer. */
const limitMs = 10_000

/** What is asked of the store behind a presigned URL. */
interface Part {
  readonly range: string | undefined
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** Blobs by GetDownloadUrlForLayer: S3 serves what its presigned URL names, and ranges of it. */
export function createEcrBlobs(client: ECRClient): EcrBlobs {
  return {
    readTail: async (repository, digest, count, runSignal) => {
      const signal = limited(runSignal)
      const url = await downloadUrl(client, repository, digest, signal)
      return await download(url, { range: `bytes=-${count}`, maxBytes: count, signal })
    },
    readBlob: async (repository, digest, maxBytes, runSignal) => {
      const signal = limited(runSignal)
      const url = await downloadUrl(client, repository, digest, signal)
      return await download(url, { range: undefined, maxBytes, signal })
    },
  }
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
}

async function downloadUrl(
  client: ECRClient,
  { accountId, name }: RepositoryKey,
  layerDigest: Digest,
  abortSignal: AbortSignal,
): Promise<URL> {
  const command = new GetDownloadUrlForLayerCommand({
    registryId: accountId,
    repositoryName: name,
    layerDigest,
  })
  const answer = await callAws('ECR', 'GetDownloadUrlForLayer', () =>
    client.send(command, { abortSignal }),
  )
  if (answer.downloadUrl !== undefined && URL.canParse(answer.downloadUrl)) {
    return new URL(answer.downloadUrl)
  }
  throw unreadable('EmptyAnswer', 'the answer holds no URL')
}

/** The URL is a secret for as long as it works: no message names it. */
async function download(url: URL, part: Part): Promise<Uint8Array> {
  const answer = await request(url, part)
  const wanted = part.range === undefined ? 200 : 206
  const { statusCode } = answer
  if (statusCode !== wanted) {
    answer.destroy()
    throw unreadable('UnexpectedAnswer', `the store answered ${statusCode ?? 0}`, statusCode)
  }
  return await collect(answer, part.maxBytes)
}

async function collect(answer: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readBody(answer, maxBytes)
  } catch (error) {
    if (error instanceof RangeError) {
      throw unreadable('TooLarge', `the blob has more than ${maxBytes} bytes`)
    }
    throw unreadable(errorCode(error) ?? 'Broken', 'the answer of the store broke off')
  }
}

async function request(url: URL, { range, signal }: Part): Promise<IncomingMessage> {
  const headers = range === undefined ? {} : { range }
  try {
    return await sendRequest(url, { headers, signal })
  } catch (error) {
    const code = errorCode(error) ?? (error instanceof Error ? error.name : 'Unknown')
    throw unreadable(code, 'the store was not reached')
  }
}

function unreadable(code: string, message: string, httpStatus?: number): AwsFailure {
  return new AwsFailure({ service: 'S3', operation: 'GetObject', code, message, httpStatus })
}
