import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import type { ReviewAccess } from '#src/apiserver/admission/access.ts'
import { checkOwners } from '#src/apiserver/admission/owners.ts'
import type { Access } from '#src/apiserver/auth/auth.ts'
import { attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

type Owner = Readonly<Record<string, unknown>>
const owner = (more: Owner = {}): Owner => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'c',
  uid: 'u',
  ...more,
})
const owned = (...owners: Owner[]): UnknownObject =>
  thing({
    metadata: { name: 'one', namespace: 'red', ownerReferences: owners as never },
  })

/** May do what is listed; says what was asked. */
function rights(...may: string[]) {
  const asked: string[] = []
  const review: ReviewAccess = async (_, attributes) => {
    const { verb, group, resource, subresource, namespace, name } = attributes as Access
    const question = [verb, group, resource, subresource, namespace, name].join(' ')
    asked.push(question)
    return { allowed: may.includes(question), reason: '' }
  }
  return { asked, review }
}
const update = (object: UnknownObject, oldObject: UnknownObject) =>
  attributesFor({ operation: 'UPDATE', object, oldObject })

const DELETE = 'delete shadow.example.com things  red one'

t.test('whoever may delete an object may have it collected', async () => {
  const { review } = rights(DELETE)
  await checkOwners(update(owned(owner()), owned()), review)
  await checkOwners(update(owned(), owned(owner())), review)
})

t.test('nobody else may', async t => {
  const { review } = rights()
  await t.rejects(checkOwners(update(owned(owner()), owned()), review), {
    code: 403,
    message: /"one" is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>$/,
  })
  const down: ReviewAccess = async () => {
    throw new Error('down')
  }
  await t.rejects(checkOwners(update(owned(owner()), owned()), down), { message: /: , down$/ })
})

t.test('asks nothing where owners stay, where something is made, and where it goes', async t => {
  const { review, asked } = rights()
  await checkOwners(update(owned(owner()), owned(owner())), review)
  await checkOwners(attributesFor({ object: owned(owner()) }), review)
  await checkOwners(
    attributesFor({ operation: 'DELETE', object: undefined, oldObject: owned(owner()) }),
    review,
  )
  t.strictSame(asked, [])
})

t.test('whoever has an owner wait may set finalizers on it', async t => {
  const blocking = owner({ blockOwnerDeletion: true })
  const anything = 'update * * finalizers  *'
  const here = rights('update  configmaps finalizers red c')
  await checkOwners(attributesFor({ object: owned(blocking) }), here.review)
  t.strictSame(here.asked, [anything, 'update  configmaps finalizers red c'])
  await checkOwners(attributesFor({ object: owned(blocking) }), rights(anything).review)
  await t.rejects(checkOwners(attributesFor({ object: owned(blocking) }), rights().review), {
    code: 403,
    message: /cannot set blockOwnerDeletion if an ownerReference refers to a resource/,
  })
  const down: ReviewAccess = async () => {
    throw new Error('down')
  }
  await t.rejects(checkOwners(attributesFor({ object: owned(blocking) }), down), {
    message: /: , down$/,
  })
  // What waits already may go on.
  await checkOwners(
    update(owned(blocking, owner({ uid: 'v' })), owned(blocking)),
    rights(DELETE).review,
  )
})

t.test('knows what owners are called in URLs, or guesses', async t => {
  for (const [apiVersion, kind, question] of [
    ['activity.kradle.a5c.ai/v1alpha1', 'Issue', 'activity.kradle.a5c.ai issues finalizers red c'],
    ['v1', 'Namespace', ' namespaces finalizers red c'],
    ['networking.k8s.io/v1', 'Ingress', 'networking.k8s.io ingresses finalizers red c'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'networking.k8s.io networkpolicies finalizers red c'],
  ]) {
    const { review, asked } = rights(`update ${question}`)
    await checkOwners(
      attributesFor({ object: owned(owner({ apiVersion, kind, blockOwnerDeletion: true })) }),
      review,
    )
    t.equal(asked[1], `update ${question}`)
  }
})
