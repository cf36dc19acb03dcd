import type { Setup, Shape } from './setups/setup.ts'
import type { Write, Written } from './writer.ts'

/** The kind of object a benchmark creates, to see what it costs that somebody judges it. */
export type Sample = {
  readonly noun: string
  /** The shape of one in which nothing has to be filled in. */
  readonly plain: Shape
  /** One that passes under every setup that is measured with this shape. */
  readonly write: (shape: Shape, slug: string, name: string) => Write
  /** One that no setup looks at: what a create costs by itself, measured next to it. */
  readonly reference: (slug: string, name: string) => Write
  /** Creates that tell whether a setup is in force, and nothing else with it. */
  readonly probes: (setup: Setup) => readonly Probe[]
  /** Where both go to when they are stored, to be emptied again. */
  readonly collections: (slug: string) => readonly string[]
}

export type Probe = {
  /** Reads on in a message, e.g. `a foreign Team`. */
  readonly title: string
  readonly write: (slug: string, name: string) => Write
  readonly isRight: (answer: Answer, slug: string) => boolean
}

type Answer = Pick<Written, 'status' | 'body'>

/** Whether a setup gave the verdict it owes to something bad: its own refusal, or none where it does not look. */
export const isJudged =
  ({ refusal }: Pick<Setup, 'refusal'>) =>
  ({ status, body }: Answer): boolean =>
    refusal ? refusal.test(body) : status === 201
