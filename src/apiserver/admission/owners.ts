import type { OwnerReference, UnknownObject } from '#src/api/object.ts'
import { everyKind } from '#src/api/kinds.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import type { Question } from '#src/lib/schema/dynamic/authorizer.ts'
import { verdictOf, type ReviewAccess } from './access.ts'
import type { Attributes } from './admission.ts'
import { forbidden } from './refusal.ts'

/**
 * An owner that is not there has its dependents deleted by the garbage collector: so only who may delete an object gives
 * it other owners, and only who may hold up an owner has its deletion wait. Throws StatusError 403.
 *
 * kube-apiserver has admission plugin OwnerReferencesPermissionEnforcement for that, and asks it nothing about this group.
 * What owners are called in URLs is known of Kradle's kinds, and guessed of others; who guesses wrong refuses.
 */
export async function checkOwners(
  attributes: Attributes,
  reviewAccess: ReviewAccess,
): Promise<void> {
  const { operation, object, oldObject, resource, subresource, namespace, name } = attributes
  if (operation === 'DELETE') return
  const [owners, old] = [ownersOf(object), ownersOf(oldObject)]
  if (jsonEqual(owners, old)) return
  const ask = (question: Partial<Question>) =>
    verdictOf(
      reviewAccess,
      attributes.user,
      { ...ANYTHING, namespace, ...question },
      attributes.signal,
    )
  const { group, plural } = resource.kind
  // Who makes an object might as well have left it.
  if (operation === 'UPDATE') {
    const { allowed, reason, error } = await ask({
      verb: 'delete',
      group,
      resource: plural,
      subresource,
      name,
    })
    if (!allowed)
      throw forbidden(
        attributes,
        `cannot set an ownerRef on a resource you can't delete: ${reason}, ${error || '<nil>'}`,
      )
  }
  const blocking = owners.filter(
    ({ uid, blockOwnerDeletion }) =>
      blockOwnerDeletion &&
      !old.some(before => before.uid === uid && before.blockOwnerDeletion === true),
  )
  if (blocking.length === 0) return
  if ((await ask({ ...HOLD, namespace: '', group: '*', resource: '*', name: '*' })).allowed) return
  for (const owner of blocking) {
    const { allowed, reason, error } = await ask({ ...HOLD, ...resourceOf(owner) })
    if (!allowed)
      throw forbidden(
        attributes,
        `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${reason}, ${error || '<nil>'}`,
      )
  }
}

const ANYTHING: Question = {
  verb: '',
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
}
const HOLD = { verb: 'update', subresource: 'finalizers' }

const ownersOf = (object: UnknownObject | undefined): readonly OwnerReference[] =>
  object?.metadata.ownerReferences ?? []

function resourceOf({ apiVersion, kind, name }: OwnerReference) {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : ''
  const known = everyKind.find(each => each.group === group && each.kind === kind)
  return {
    group,
    resource: known?.plural ?? guessed(kind.toLowerCase()),
    name,
  }
}

/** As clients guess it that have not asked: meta.UnsafeGuessKindToResource. */
function guessed(kind: string): string {
  if (kind.endsWith('s')) return `${kind}es`
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`
}
