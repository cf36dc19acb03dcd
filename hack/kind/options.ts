import { parseArgs } from 'node:util'
import { Problem } from '#hack/local/problem.ts'

/** In the order in which they are done; `cluster` always is, since the others need one. */
export const steps = [
  'cluster',
  'audit',
  'image',
  'kyverno',
  'install',
  'rest',
  'conformance',
  'drills',
  'rights',
  'flows',
] as const
export type Step = (typeof steps)[number]

export interface Options {
  readonly name: string
  readonly keep: boolean
  readonly steps: ReadonlySet<Step>
  /** Of the drills those whose names begin like this; all of them where there is none. */
  readonly drills: readonly string[]
  readonly values: readonly string[]
}

/** Flags of `npm run test:kind`. Throws Problem. */
export function optionsFrom(args: readonly string[]): Options {
  const { name, keep, only, drill, set } = parsed(args)
  const wanted = only === undefined ? [...steps] : only.split(',')
  const unknown = wanted.filter(step => !steps.some(known => known === step))
  if (unknown.length > 0)
    throw new Problem(`--only ${unknown.join()}: there is no such step; steps: ${steps.join(', ')}`)
  return {
    name,
    keep,
    steps: new Set(['cluster', ...(wanted as Step[])]),
    drills: drill,
    values: set,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        /** Of the cluster. */
        name: { type: 'string', default: 'kradle-test' },
        /** Leaves the cluster there at the end, and uses it where it is there already. */
        keep: { type: 'boolean', default: false },
        /** Steps, with commas between. */
        only: { type: 'string' },
        drill: { type: 'string', multiple: true, default: [] },
        /** Further values for the chart. */
        set: { type: 'string', multiple: true, default: [] },
      },
    }).values
  } catch (error) {
    throw new Problem((error as Error).message, { cause: error })
  }
}
