import type { Configuration } from '#hack/bench/configuration.ts'

/** Which Team is created: one that says whose it is, or one that leaves it out. */
export type Shape = 'complete' | 'defaults'

/** One way to judge a Team. Its processes run all the time; in force it is only while its configuration is there. */
export type Setup = {
  readonly name: SetupName
  readonly title: string
  readonly configuration: Configuration
  /** Which Teams it is measured with. One that cannot fill in what is missing gets complete ones only. */
  readonly shapes: readonly Shape[]
  /** How many reviews one create of each shape causes. */
  readonly reviews: Readonly<Partial<Record<Shape, number>>>
  /** The webhooks it may call. */
  readonly webhooks: RegExp | undefined
  /** What a foreign Team is refused with; undefined where nobody looks. */
  readonly refusal: RegExp | undefined
  /** The process that answers its reviews. */
  readonly pid: () => number | undefined
}

export type SetupName =
  | 'none'
  | 'policy'
  | 'empty'
  | 'empty-two'
  | 'kyverno'
  | 'kyverno-two'
  | 'kradle'
  | 'kradle-webhooks'
