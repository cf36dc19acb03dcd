import type { KubernetesObject } from './object.ts'

/** Where objects of a Kradle kind live: in kradle-system, or in the namespace of an organisation. */
export type Scope = 'platform' | 'org'

/** A field that names other objects (contracts: references). */
export interface Reference {
  /** Dotted path; `[]` after a step means every item of that list. */
  readonly path: string
  /** The kind that is named. */
  readonly kind: string
  /** Whether a dangling name is refused at once or reported as a condition. */
  readonly onMissing: 'condition' | 'deny'
}

/**
 * A kind as the API serves it. `T` is the shape of its objects; it exists for
 * the type checker alone.
 */
export interface Kind<T extends KubernetesObject = KubernetesObject> {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Kradle kinds only. */
  readonly scope?: Scope
  readonly references?: readonly Reference[]
  /** Its schema alone does not keep it small (R15). */
  readonly large?: boolean
  readonly shape?: T
}

/** `group/version` as it stands in `apiVersion`. */
export const apiVersionOf = (kind: Kind): string =>
  kind.group ? `${kind.group}/${kind.version}` : kind.version

/** `plural.group`, the name kubectl and RBAC use. */
export const resourceOf = (kind: Kind): string =>
  kind.group ? `${kind.plural}.${kind.group}` : kind.plural
