import { estimate, mean, median, quantile, type Draw, type Estimate } from './statistics.ts'
import type { SetupName, Shape } from './setups/setup.ts'
import type { Throughput, Visit } from './visit.ts'

/** All visits to one setup with one shape, at one number of organisations. */
export type Series = {
  readonly setup: SetupName
  readonly title: string
  readonly shape: Shape
  readonly visits: readonly Visit[]
  /**
   * Visits to the setup where nobody judges, given where the reference is another kind of
   * object: what the two differ by there is not the judging, and is taken off.
   */
  readonly unjudged?: readonly Visit[]
}

/** The series of one stage whose reference is another kind of object than what is judged. */
export function lessUnjudged(all: readonly Series[]): Series[] {
  const unjudged = all.find(({ setup }) => setup === 'none')?.visits
  if (!unjudged) throw new Error('what nobody judges was not measured')
  return all.map(series => ({ ...series, unjudged }))
}

/** What a review adds to a create that nothing judges. */
export type Cost = 'latency' | 'stored' | 'cpu'

/** Median of the paired differences, or the mean CPU of API server and engine together; milliseconds. */
export const added = ({ visits, unjudged }: Series, cost: Cost, draw: Draw): number =>
  difference(visits, cost, draw) - (unjudged ? difference(unjudged, cost, draw) : 0)

function difference(visits: readonly Visit[], cost: Cost, draw: Draw): number {
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

function share({ visits, unjudged }: Series, cost: 'latency' | 'cpu', draw: Draw): number {
  const of = (some: readonly Visit[]) =>
    difference(some, cost, draw) / referenceCost(some, cost, draw)
  return of(visits) - (unjudged ? of(unjudged) : 0)
}

const referenceCost = (visits: readonly Visit[], cost: 'latency' | 'cpu', draw: Draw): number =>
  cost === 'latency'
    ? median(draw(visits.map(visit => visit.reference)))
    : mean(draw(visits.map(visit => [visit.referenceThroughput.apiserverMs])))

export type Summary = {
  readonly p50: number
  readonly p99: number
  readonly addedP99: number
  readonly perSecond: number
  /** Its share of what the API server gets through unjudged. */
  readonly throughputShare: number
  readonly apiserverMs: number
  readonly addedApiserverMs: number
  readonly engineMs: number
}

export function summary({ visits, unjudged }: Series): Summary {
  const own = against(visits)
  const base = unjudged ? against(unjudged) : { p99: 0, share: 1, apiserverMs: 0 }
  const judged = visits.flatMap(visit => visit.judged)
  const average = (of: (visit: Visit) => number) => mean(visits.map(of))
  return {
    p50: median(judged),
    p99: quantile(judged, 0.99),
    addedP99: own.p99 - base.p99,
    perSecond: average(visit => visit.throughput.perSecond),
    throughputShare: own.share / base.share,
    apiserverMs: average(visit => visit.throughput.apiserverMs),
    addedApiserverMs: own.apiserverMs - base.apiserverMs,
    engineMs: average(visit => visit.throughput.engineMs),
  }
}

/** How what was judged stands to its reference. */
function against(visits: readonly Visit[]): { p99: number; share: number; apiserverMs: number } {
  const p99 = (times: (visit: Visit) => readonly number[]) => quantile(visits.flatMap(times), 0.99)
  const average = (of: (throughput: Throughput, reference: Throughput) => number) =>
    mean(visits.map(visit => of(visit.throughput, visit.referenceThroughput)))
  return {
    p99: p99(visit => visit.judged) - p99(visit => visit.reference),
    share: average((own, reference) => own.perSecond / reference.perSecond),
    apiserverMs: average((own, reference) => own.apiserverMs - reference.apiserverMs),
  }
}

const differences = ({ judged, reference }: Visit): number[] =>
  judged.map((time, index) => time - (reference[index] ?? Number.NaN))
