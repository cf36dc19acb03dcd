import type { UserInfo } from '#src/api/admission/v1.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import type { Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { Read } from '#webhooks/rule.ts'
import type { Authorizer } from '../auth/auth.ts'
import type { Resource } from '../resource.ts'

/** A question that has been read and found to be well put. */
export interface Asked {
  readonly resource: Resource
  readonly namespace: string
  readonly spec: NonNullable<UnknownObject['spec']>
  /** Who asks. */
  readonly user: UserInfo
  readonly signal: AbortSignal
}

/** Answers one kind of question: the status. Throws StatusError where it may not be asked. */
export type Review = (asked: Asked) => Promise<object>

/** What answers are made from. */
export interface ReviewSources {
  readonly authorizer: Authorizer
  /** The cluster as the watches show it, with the wanted objects read. */
  readonly view: (reads: readonly Read[], signal: AbortSignal) => Cluster | Promise<Cluster>
  /** An object of the activity group. */
  readonly readOwn: <T extends KubernetesObject>(
    kind: Kind<T>,
    name: string,
    namespace: string,
    signal: AbortSignal,
  ) => Promise<T | undefined>
}
