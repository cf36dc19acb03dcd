import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster, Lookup } from './cluster.ts'

/** An aspect of an object's state, as a reconciler sees it; the runtime adds the generation and the time. */
export interface ConditionInput {
  readonly type: string
  readonly status: 'True' | 'False'
  /** Stable CamelCase word. */
  readonly reason: string
  /** For people; capital first letter, no full stop. Must not change while nothing else does. */
  readonly message: string
}

/** An object to be removed; with `uid`, only if it is still that one. */
export interface Removal extends Lookup {
  readonly uid?: string | undefined
}

/**
 * Something to be done outside the cluster, as plain data. The runtime runs it by
 * the executor registered for its type, once per key and process at a time; it
 * has to be idempotent by key, since a crash may run it twice.
 */
export interface Effect {
  readonly type: string
  readonly key: string
  readonly [argument: string]: unknown
}

/**
 * Something outside the cluster that a reconciler has to know, as plain data. The
 * runtime has the observer of its type find out, and asks again under the same key
 * only once the answer is too old.
 */
export interface Question {
  readonly type: string
  /** Names all that the answer depends on. */
  readonly key: string
  readonly [argument: string]: unknown
}

/** What one look at an object and its surroundings leads to. */
export interface Plan {
  /** Objects as they should be: server-side applied, skipped where nothing would change. */
  readonly apply?: readonly KubernetesObject[]
  /** Objects that have to be exactly so: written whole over the one whose resourceVersion they carry. */
  readonly replace?: readonly KubernetesObject[]
  readonly delete?: readonly Removal[]
  readonly effects?: readonly Effect[]
  /**
   * Whether the controller's finalizer should be on the object after this; 'release' lets
   * a deletion finish, and is decided once more on live reads before it is done.
   */
  readonly finalizer?: 'hold' | 'release'
  /** Replaces status.phase, the given conditions and fields; left out, the status is not touched. */
  readonly status?: {
    readonly phase: string
    readonly conditions: readonly ConditionInput[]
    /** What else the status of the kind has, by name; undefined takes a field away. */
    readonly fields?: Readonly<Record<string, unknown>>
  }
  /** Look again after so many seconds, even if nothing changes. */
  readonly requeueAfter?: number
  /**
   * What to do instead of the rest where the API server forbids one of `apply` (403), for a
   * refusal that is an answer and no accident. Left out, it is an error and tried again.
   */
  refused?(refusal: Refusal): Pick<Plan, 'status' | 'requeueAfter'>
  /**
   * What to report where the API server does not take one of `apply`, for whatever reason but a
   * conflict: the kind is not served, a webhook does not answer, the object is invalid. It
   * stays an error and is tried again. Left out, the status stays as it was.
   */
  failed?(failure: Failure): NonNullable<Plan['status']>
}

/** What the API server would not have. */
export interface Refusal {
  readonly object: KubernetesObject
  /** In the API server's words. */
  readonly message: string
}

/** What it does not take, for any reason. */
export interface Failure extends Refusal {
  /** The HTTP status code. */
  readonly code: number
}

/** A kind whose objects make others be looked at again. */
export interface Watch<T extends KubernetesObject = KubernetesObject> {
  readonly kind: Kind<T>
  /** Only objects with these labels are listed and watched; '' matches any value. */
  readonly labels?: Readonly<Record<string, string>>
  /** Only this namespace. */
  readonly namespace?: string
  /** Only the object of this name; lets RBAC be limited to it. */
  readonly name?: string
  /**
   * The kind belongs to a system that may not be installed; until it is, it has no objects.
   * Its CustomResourceDefinition is watched, so that it is found as soon as it is.
   */
  readonly optional?: boolean
  /** 'metadata' leaves the rest of each object at the API server. */
  readonly part?: 'metadata'
  /** What is kept of each object, where there are many and little of each matters. May change its argument. */
  project?(this: void, object: T): T
  /**
   * The objects of the controller's own kind that an event concerns. `cluster` shows what
   * the controller follows, as far as that has come: for finding those that name the object.
   */
  toOwners(
    object: T,
    cluster: Cluster,
  ): readonly { readonly name: string; readonly namespace?: string }[]
}

/** Verbs on a kind beyond what watching it needs. */
export interface Writes {
  readonly kind: Kind
  /** `bind` lends a role that the service account itself need not hold; always by name. */
  readonly verbs: readonly ('create' | 'update' | 'patch' | 'delete' | 'bind')[]
  /** Grants only in this namespace instead of everywhere. */
  readonly namespace?: string
  readonly resourceNames?: readonly string[]
}

/**
 * Keeps one kind in its wanted state. `reconcile` is pure and level-based: it sees
 * the object and the cluster as they are, and says what should be; what happened
 * before does not matter.
 */
export interface Controller<T extends KubernetesObject = KubernetesObject> {
  readonly name: string
  readonly kind: Kind<T>
  /** Only objects of this namespace. */
  readonly namespace?: string
  /** Only the object of this name. */
  readonly resourceName?: string
  /** Held on every object while the plan says so. */
  readonly finalizer?: string
  /** What it watches besides its own kind; `cluster` shows these kinds and its own, nothing else. */
  readonly watches: readonly Watch[]
  /** What it writes, for the generated RBAC; the runtime refuses anything else. */
  readonly writes: readonly Writes[]
  /** Objects to be read live before each reconcile, where a lagging watch would do harm. */
  lookups?(object: T, cluster: Cluster): readonly Lookup[]
  /** What to find out outside the cluster before each reconcile, which gets the answer. */
  observe?(object: T): Question | undefined
  reconcile(object: T, cluster: Cluster, observed?: unknown): Plan
}

/** Declares a controller; erases the object type so that a Deployment can list several kinds. */
export const controller = <T extends KubernetesObject>(
  kind: Kind<T>,
  definition: Omit<Controller<T>, 'kind'>,
): Controller => Object.freeze({ kind, ...definition })

/** Declares a watch with the type of its kind. */
export const watch = <T extends KubernetesObject>(
  kind: Kind<T>,
  definition: Omit<Watch<T>, 'kind'>,
): Watch => Object.freeze({ kind, ...definition })

/** One process of Kradle's: its service account, field manager and Lease bear its name. */
export interface Deployment {
  readonly name: string
  readonly controllers: readonly Controller[]
}
