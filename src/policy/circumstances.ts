import { apiVersionOf } from '#src/api/kind.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import type { Bindings } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'
import { judgedKinds } from './kinds.ts'

/** How an object comes to be judged; left out, as the background scan does it: as if nobody created it now. */
export interface Circumstances {
  readonly operation?: 'CREATE' | 'UPDATE' | 'DELETE'
  /** On UPDATE, what is stored. On DELETE the object itself is the old one. */
  readonly oldObject?: UnknownObject
  /** Whose namespace it is; left out it is null to expressions, as where it cannot be found. */
  readonly namespace?: KubernetesObject
  readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] }
}

/** One write as a policy of Kyverno sees it. */
export interface Subject {
  readonly kind: Kind
  readonly operation: string
  readonly name: string
  readonly namespace: string
  readonly object: UnknownObject | undefined
  readonly oldObject: UnknownObject | undefined
  readonly bindings: Bindings
}

/** Undefined for an object of a kind that policies do not judge. */
export function subjectOf(
  object: UnknownObject,
  circumstances: Circumstances,
): Subject | undefined {
  const kind = judgedKinds.find(
    each => each.kind === object.kind && apiVersionOf(each) === object.apiVersion,
  )
  if (!kind) return undefined
  const { operation = 'CREATE', oldObject: stored, namespace: home, userInfo = {} } = circumstances
  const { name, namespace = '' } = object.metadata
  const going = operation === 'DELETE'
  const [now, old] = going ? [undefined, object] : [object, stored]
  const { group, version, plural } = kind
  const type = { group, version, kind: kind.kind }
  const resource = { group, version, resource: plural }
  return {
    kind,
    operation,
    name,
    namespace,
    object: now,
    oldObject: old,
    bindings: {
      // What is not there is an empty map to Kyverno, and null in the request.
      object: celValue(now ?? {}),
      oldObject: celValue(old ?? {}),
      namespaceObject: celValue(home ?? null),
      request: celValue({
        uid: '',
        kind: type,
        resource,
        requestKind: type,
        requestResource: resource,
        ...(name && { name }),
        namespace,
        operation,
        userInfo,
        object: now ?? null,
        oldObject: old ?? null,
        dryRun: false,
        options: null,
      }),
      json: celValue({}),
    },
  }
}
