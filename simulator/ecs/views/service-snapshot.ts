import type { Clock } from '../../clock/clock.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Service } from '../model/service.ts'
import type { Pace } from '../pace.ts'

import { serviceView } from './service-view.ts'

interface Observer {
  readonly clock: Clock
  readonly pace: Pace
}

const viewNow = (service: Service, { clock, pace }: Observer, tags: boolean): JsonObject =>
  serviceView(service, { nowMs: clock.now(), lagMs: pace.currentLagMs, tags })

/** Remembers how the service looks, for a DescribeServices that lags. */
export function keepSnapshot(service: Service, observer: Observer): void {
  const { clock, pace } = observer
  if (pace.describeLagMs === 0) return
  service.snapshots.push({ atMs: clock.now(), view: viewNow(service, observer, true) })
  const shownSinceMs = clock.now() - pace.describeLagMs
  const shown = service.snapshots.findLastIndex(({ atMs }) => atMs <= shownSinceMs)
  if (shown > 0) service.snapshots.splice(0, shown)
}

/** The service as DescribeServices answers it now: how it was `describeLagMs` ago. */
export function observedView(service: Service, observer: Observer, tags: boolean): JsonObject {
  const { clock, pace } = observer
  const atMs = clock.now() - pace.describeLagMs
  const seen = service.snapshots.findLast((snapshot) => snapshot.atMs <= atMs)
  const snapshot = seen ?? service.snapshots[0]
  if (pace.describeLagMs === 0 || snapshot === undefined) return viewNow(service, observer, tags)
  const { tags: all, ...view } = snapshot.view
  return tags && all !== undefined ? { ...view, tags: all } : view
}
