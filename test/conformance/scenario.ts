import type { Stage } from './runner/stage.ts'

/** What a cluster may lack. A scenario that needs it is skipped there, with the reason. */
export type Need = 'activity' | 'kyverno' | 'reports' | 'catalogue' | 'deployments' | 'nodes'

/** One thing that somebody does or sees. Throws where it is not as it should be. */
export interface Step {
  readonly title: string
  readonly run: (on: Stage) => Promise<unknown>
}

/** What an admin can convince himself of with kubectl, in steps that build on each other. */
export interface Scenario {
  /** Unique, as `--only` takes it: `<area>/<what>`. */
  readonly name: string
  /** A sentence. */
  readonly title: string
  /** Of the checklist (./rows.ts). */
  readonly rows: readonly number[]
  /** Of docs/reference/rules.md, e.g. R28. */
  readonly rules: readonly string[]
  readonly needs?: readonly Need[]
  readonly steps: readonly Step[]
}

/** Scenarios that share organisations and people; they run one after the other. */
export interface Area {
  readonly name: string
  /** Two where one organisation is not to see what the other has. */
  readonly organizations: 1 | 2
  /** Who is bound to which of the shipped roles, by the admin of the cluster: `{ ada: 'admin' }`. */
  readonly people: Readonly<Record<string, Persona>>
  /** What has to be there before the first scenario. */
  readonly prepare?: (on: Stage) => Promise<unknown>
  readonly scenarios: readonly Scenario[]
}

export type Persona = 'viewer' | 'member' | 'maintainer' | 'admin'

export const step = (title: string, run: Step['run']): Step => ({ title, run })
