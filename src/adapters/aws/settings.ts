import type { STSClientConfig } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentityProvider } from '@aws-sdk/types'

import { version } from '../system/version.ts'

/** What every client of a session shares. */
export interface AwsClientSettings {
  readonly region: string
  readonly credentials: AwsCredentialIdentityProvider
}

/**
 * The configuration of an SDK client. The SDK has no request timeout of its own, and the one it
 * offers only warns unless told to throw (measured): a half-open socket would hang a poll for ever.
 * @param maxAttempts 1 for calls that must not be sent twice.
 */
export function clientConfiguration(
  settings: AwsClientSettings,
  maxAttempts: number,
): Pick<
  STSClientConfig,
  'region' | 'credentials' | 'maxAttempts' | 'retryMode' | 'customUserAgent' | 'requestHandler'
> {
  // Node's own agents honour HTTP_PROXY, HTTPS_PROXY and NO_PROXY where they are given them (Node
  // 24.5); the proxy's password stays between Node and the proxy.
  const agent = { keepAlive: true, maxSockets: 50, proxyEnv: process.env }
  return {
    region: settings.region,
    credentials: settings.credentials,
    maxAttempts,
    retryMode: 'standard',
    customUserAgent: [['steadyship', version]],
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 20_000,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  }
}
