import { seeded } from './random.ts'

/** What was measured, by round: values of one round share the machine's mood, those of another do not. */
export type Rounds = readonly (readonly number[])[]

export type Estimate = {
  readonly value: number
  /** 95 % interval. */
  readonly low: number
  readonly high: number
}

/** The value below which the share `q` of all values lies, interpolated. NaN for no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).toSorted()
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Gives all values of the rounds, or a sample of them drawn with replacement. */
export type Draw = (rounds: Rounds) => number[]

/**
 * A statistic with its 95 % bootstrap interval.
 *
 * `statistic` gets its values through `draw` and may ask for several series, e.g.
 * for the ratio of two medians. Drawn are rounds first and values within them
 * second: values of one round are alike, and taking them for independent would
 * promise more certainty than there is.
 */
export function estimate(
  statistic: (draw: Draw) => number,
  { samples = 500, seed = 1 }: { samples?: number; seed?: number } = {},
): Estimate {
  const random = seeded(seed)
  const pick = <T>(items: readonly T[]) =>
    items.map(() => items[Math.floor(random() * items.length)]!)
  const redraw: Draw = rounds => pick(rounds).flatMap(pick)
  const redrawn = Array.from({ length: samples }, () => statistic(redraw))
  return {
    value: statistic(rounds => rounds.flat()),
    low: quantile(redrawn, 0.025),
    high: quantile(redrawn, 0.975),
  }
}
