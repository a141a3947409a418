import { ECRClient, PutRegistryScanningConfigurationCommand } from '@aws-sdk/client-ecr'

import type { ScanScript } from '../../simulator/ecr/store/scans.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { pushLayered } from './layered-image.ts'
import { RecordingReport } from './recording-report.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { openRegistry, type TestRegistry } from './test-registry.ts'

/** What the stages on images in a registry ask of the world. */
export interface ScanPorts extends Pick<Ports, 'clock' | 'report' | 'signal'> {
  readonly clock: SimulatedClock
  readonly report: RecordingReport
}

/** A registry with an image of two platforms whose scans go as a test says, in virtual time. */
export class ScanWorld {
  readonly registry: TestRegistry
  readonly abort = new AbortController()
  readonly ports: ScanPorts

  private constructor(registry: TestRegistry) {
    this.registry = registry
    this.ports = {
      clock: new SimulatedClock(registry.clock),
      report: new RecordingReport(),
      signal: this.abort.signal,
    }
  }

  static async create(): Promise<ScanWorld> {
    const registry = await openRegistry()
    await registry.createRepository('team/app')
    return new ScanWorld(registry)
  }

  async push(): Promise<PushedImage> {
    const images = {
      'linux/amd64': imageOf('linux/amd64'),
      'linux/arm64': imageOf('linux/arm64'),
    } as const
    return await pushLayered(this.registry, images)
  }

  /** How scans go, of all images or of one. */
  script(script: ScanScript, digestOrRepository = 'team/app'): void {
    this.registry.simulator.ecr.registry.scans.script(digestOrRepository, script)
  }

  /** What the registry scans by itself from now on. */
  async configure(
    scanType: 'BASIC' | 'ENHANCED',
    scanFrequency: 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN',
    filter = '*',
  ): Promise<void> {
    const client = new ECRClient({
      ...this.registry.settings,
      endpoint: this.registry.simulator.url,
    })
    const repositoryFilters = [{ filter, filterType: 'WILDCARD' as const }]
    const rules = [{ scanFrequency, repositoryFilters }]
    await client.send(new PutRegistryScanningConfigurationCommand({ scanType, rules }))
    client.destroy()
  }

  /** Digests of the images that an operation was called for, in order. */
  asked(operation: string): readonly string[] {
    return this.registry.simulator.requests
      .list('ecr', operation)
      .flatMap(({ input }) => /sha256:[0-9a-f]{64}/.exec(JSON.stringify(input)) ?? [])
  }
}
