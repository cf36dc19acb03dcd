import type { Reason } from './cause.ts'
import type { Expression } from './cel.ts'

/** One of the x-kubernetes-validations of a node, compiled. */
export interface Rule {
  readonly source: string
  readonly expression: Expression
  /** Whether it is about a change: then it is asked only where there is an old value, or where that is optional. */
  readonly usesOldSelf: boolean
  readonly optionalOldSelf: boolean
  /** '' where the definition has none. */
  readonly message: string
  readonly messageExpression: Expression | undefined
  /** Where in the value the fault is, e.g. `secretRef.name`; '' is the value itself. */
  readonly fieldPath: string
  readonly reason: Reason
}
