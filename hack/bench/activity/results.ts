import { estimate, mean, median, quantile, type Estimate, type Rounds } from '../statistics.ts'
import type { Pairs } from './reads.ts'
import type { Watched } from './watches.ts'
import type { Block, Verb } from './writes.ts'
import type { Side } from './issues.ts'

/** Creates or patches a second of one side, by round. */
export function perSecond(blocks: readonly Block[], side: Side, verb: Verb): Rounds {
  const rounds = Map.groupBy(
    blocks.filter(block => block.side === side && block.verb === verb),
    ({ round }) => round,
  )
  return [...rounds.values()].map(each => each.map(block => block.perSecond))
}

/** How many times as many writes Kradle gets through. */
export const throughputRatio = (blocks: readonly Block[], verb: Verb): Estimate =>
  estimate(
    draw =>
      mean(draw(perSecond(blocks, 'kradle', verb))) / mean(draw(perSecond(blocks, 'crd', verb))),
  )

/** How many times as long Kradle takes. */
export const timeRatio = ({ kradle, crd }: Pairs): Estimate =>
  estimate(draw => median(draw(kradle)) / median(draw(crd)))

/** How many times as long it takes where there are many, each divided by its own neighbours. */
export const growth = (few: Pairs, many: Pairs): Estimate =>
  estimate(
    draw =>
      median(draw(many.kradle)) /
      median(draw(many.crd)) /
      (median(draw(few.kradle)) / median(draw(few.crd))),
  )

/** Of all events of a side, in milliseconds from when their creates were due; by rounds alone, as events come in lots. */
export function eventLatency(
  rounds: readonly (readonly Watched[])[],
  side: Side,
  q: number,
): Estimate {
  const each = rounds.map(round =>
    quantile(round.find(watched => watched.side === side)!.sinceDue, q),
  )
  return estimate(draw => mean(draw(each.map(value => [value]))))
}
