import type { Configuration } from '#hack/bench/configuration.ts'

/** What is created: a Team that says whose it is, or one that leaves it out; or a Pod that uses two keys of a Secret. */
export type Shape = 'complete' | 'defaults' | 'two keys'

/** One way to judge it. Its processes run all the time; in force it is only while its configuration is there. */
export type Setup = {
  readonly name: SetupName
  readonly title: string
  readonly configuration: Configuration
  /** What it is measured with. One that cannot fill in what is missing gets complete Teams only. */
  readonly shapes: readonly Shape[]
  /** How many reviews one create of each shape causes. */
  readonly reviews: Readonly<Partial<Record<Shape, number>>>
  /** The webhooks it may call. */
  readonly webhooks: RegExp | undefined
  /** What it refuses something bad with; undefined where nobody looks. */
  readonly refusal: RegExp | undefined
  /** The process that answers its reviews. */
  readonly pid: () => number | undefined
}

/** What a webhook or policy is asked about, as the API server spells it. */
export type ResourceRules = readonly {
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly operations: readonly string[]
  readonly resources: readonly string[]
}[]

export type SetupName =
  'none' | 'policy' | 'empty' | 'empty-two' | 'kyverno' | 'kyverno-two' | 'kradle'
