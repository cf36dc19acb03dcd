import { estimate, mean, median, quantile, type Draw, type Estimate } from './statistics.ts'
import type { SetupName, Shape } from './setups/setup.ts'
import type { Visit } from './visit.ts'

/** All visits to one setup with one shape of Team, at one number of organisations. */
export type Series = {
  readonly setup: SetupName
  readonly title: string
  readonly shape: Shape
  readonly visits: readonly Visit[]
}

/** What a review adds to a create that nothing judges. */
export type Cost = 'latency' | 'stored' | 'cpu'

/** Median of the paired differences, or the mean CPU of API server and engine together; milliseconds. */
export function added({ visits }: Series, cost: Cost, draw: Draw): number {
  if (cost === 'latency') return median(draw(visits.map(differences)))
  if (cost === 'stored') return median(draw(visits.map(visit => visit.storedDifferences)))
  return mean(draw(visits.map(visit => visit.cpuDifferences)))
}

export const addedEstimate = (series: Series, cost: Cost): Estimate =>
  estimate(draw => added(series, cost, draw))

/**
 * How many times as much the first adds as the second.
 *
 * Each is taken as a share of its own neighbours first: a busy machine slows
 * everything down by about the same factor, and setups are visited at different times.
 */
export const ratio = (one: Series, other: Series, cost: 'latency' | 'cpu'): Estimate =>
  estimate(draw => share(one, cost, draw) / share(other, cost, draw))

function share(series: Series, cost: 'latency' | 'cpu', draw: Draw): number {
  const unjudged =
    cost === 'latency'
      ? median(draw(series.visits.map(visit => visit.reference)))
      : mean(draw(series.visits.map(visit => [visit.referenceThroughput.apiserverMs])))
  return added(series, cost, draw) / unjudged
}

export type Summary = {
  readonly p50: number
  readonly p99: number
  readonly referenceP50: number
  readonly referenceP99: number
  readonly perSecond: number
  /** Its share of what the API server gets through unjudged. */
  readonly throughputShare: number
  readonly apiserverMs: number
  readonly addedApiserverMs: number
  readonly engineMs: number
}

export function summary({ visits }: Series): Summary {
  const judged = visits.flatMap(visit => visit.judged)
  const reference = visits.flatMap(visit => visit.reference)
  const average = (of: (visit: Visit) => number) => mean(visits.map(of))
  return {
    p50: median(judged),
    p99: quantile(judged, 0.99),
    referenceP50: median(reference),
    referenceP99: quantile(reference, 0.99),
    perSecond: average(visit => visit.throughput.perSecond),
    throughputShare: average(
      visit => visit.throughput.perSecond / visit.referenceThroughput.perSecond,
    ),
    apiserverMs: average(visit => visit.throughput.apiserverMs),
    addedApiserverMs: average(
      visit => visit.throughput.apiserverMs - visit.referenceThroughput.apiserverMs,
    ),
    engineMs: average(visit => visit.throughput.engineMs),
  }
}

const differences = ({ judged, reference }: Visit): number[] =>
  judged.map((time, index) => time - (reference[index] ?? Number.NaN))
