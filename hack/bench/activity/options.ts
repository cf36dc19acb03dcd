import { Problem } from '#hack/local/problem.ts'
import { benchOptions, type Presets } from '../options.ts'

export type ActivityOptions = {
  /** How often each part is measured, both sides in an order drawn anew. */
  readonly rounds: number
  /** Creates in one block, and as many patches; a round has four blocks of each side. */
  readonly requests: number
  /** Pairs of reads in one round. */
  readonly reads: number
  /** Issues in the namespace that is listed. */
  readonly objects: number
  /** Issues there are in the end, of all namespaces. */
  readonly rows: number
  readonly organizations: number
  /** Of all organisations together. */
  readonly watchers: number
  /** Creates a second while watchers watch. */
  readonly rate: number
  /** How long that goes on in one round. */
  readonly seconds: number
}

export const activityPresets: Presets<ActivityOptions> = {
  usual: {
    rounds: 4,
    requests: 300,
    reads: 10,
    objects: 10_000,
    rows: 1_000_000,
    organizations: 100,
    watchers: 1_000,
    rate: 200,
    seconds: 20,
  },
  quick: {
    rounds: 1,
    requests: 100,
    reads: 5,
    objects: 5_000,
    rows: 20_000,
    organizations: 10,
    watchers: 100,
    rate: 50,
    seconds: 10,
  },
}

/** What is measured, in this order. */
export const parts = ['lists', 'pages', 'writes', 'watches'] as const
export type Part = (typeof parts)[number]

/** The parts that are named before the flags, all of them where none is. Throws Problem for another word. */
export function activityOptions(args: readonly string[]): {
  readonly wanted: ReadonlySet<Part>
  readonly options: ActivityOptions
} {
  const first = args.findIndex(arg => arg.startsWith('-'))
  const words = first < 0 ? args : args.slice(0, first)
  const isPart = (word: string): word is Part => (parts as readonly string[]).includes(word)
  for (const word of words)
    if (!isPart(word)) throw new Problem(`no part "${word}"; there are ${parts.join(', ')}`)
  return {
    wanted: new Set(words.length === 0 ? parts : words.filter(isPart)),
    options: benchOptions(args.slice(words.length), activityPresets),
  }
}
