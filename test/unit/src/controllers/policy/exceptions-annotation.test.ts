import t from 'tap'
import {
  annotated,
  exceptionsFrom,
  isAnnotatedFor,
} from '#src/controllers/policy/exceptions-annotation.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { ANNOTATION_EXCEPTIONS } from '#src/policy/names.ts'
import { at, clusterAt, exception, policy, policyName, request } from '#test/fixtures-kyverno.ts'

const wanted = policy() as unknown as KyvernoPolicy
const one = exception()
const two = exception(request({}, { name: 'other' }))
const valueOf = ({ metadata }: Pick<KyvernoPolicy, 'metadata'>) =>
  metadata.annotations?.[ANNOTATION_EXCEPTIONS]
const bearing = (value: string | undefined): KyvernoPolicy => ({
  ...wanted,
  metadata: {
    ...wanted.metadata,
    annotations: value === undefined ? {} : { [ANNOTATION_EXCEPTIONS]: value },
  },
})
const digest = valueOf(policy(undefined, undefined, [one]))!

t.test('exceptions are found by the policy that they name, whoever wrote them', async t => {
  const bare = { ...one, metadata: { name: 'bare', namespace: 'kradle-system' } }
  const elsewhere = { ...one, metadata: { name: 'elsewhere', namespace: 'kradle-org-acme' } }
  const found = exceptionsFrom(policyName, clusterAt(0, one, bare, elsewhere))
  t.strictSame(
    found.map(({ metadata }) => metadata.name),
    ['bare', 'kradle-acme-short'],
  )
  t.strictSame(exceptionsFrom('another', clusterAt(0, one)), [])
})

t.test('a new policy has the digest, and one that never had exceptions has none', async t => {
  t.equal(valueOf(annotated(wanted, undefined, [one], at(0)).policy), digest)
  t.equal(valueOf(annotated(wanted, undefined, [], at(0)).policy), undefined)
  t.strictSame(annotated(wanted, wanted, [], at(0)), {
    policy: bearing(undefined) && annotated(wanted, undefined, [], at(0)).policy,
  })
})

t.test('a policy whose exceptions change changes twice', async t => {
  const first = annotated(wanted, wanted, [one], at(0))
  t.equal(valueOf(first.policy), `${digest}@2026-11-21T12:00:00.000Z`)
  t.equal(first.lookAgain, 5)
  const meanwhile = annotated(wanted, first.policy, [one], at(2))
  t.equal(valueOf(meanwhile.policy), valueOf(first.policy))
  t.equal(meanwhile.lookAgain, 3)
  const then = annotated(wanted, first.policy, [one], at(5))
  t.strictSame([valueOf(then.policy), then.lookAgain], [digest, undefined])
  const after = annotated(wanted, then.policy, [one], at(99))
  t.strictSame([valueOf(after.policy), after.lookAgain], [digest, undefined])
})

t.test('so it does when the last one goes', async t => {
  const first = annotated(wanted, bearing(digest), [], at(0))
  t.equal(valueOf(first.policy), '0@2026-11-21T12:00:00.000Z')
  t.equal(valueOf(annotated(wanted, first.policy, [], at(5)).policy), '0')
  t.equal(valueOf(annotated(wanted, bearing('0'), [], at(9)).policy), '0')
})

t.test('a time that is none, or one to come, does not stay', async t => {
  for (const odd of ['soon', at(99).toISOString()])
    t.equal(valueOf(annotated(wanted, bearing(`${digest}@${odd}`), [one], at(0)).policy), digest)
})

t.test('whether a policy was changed for exceptions can be told', async t => {
  t.ok(isAnnotatedFor(bearing(digest), [one]))
  t.ok(isAnnotatedFor(bearing(`${digest}@${at(0).toISOString()}`), [one]))
  t.notOk(isAnnotatedFor(bearing(digest), [one, two]))
  t.notOk(isAnnotatedFor(bearing(undefined), [one]))
  t.ok(isAnnotatedFor(bearing(undefined), []))
  const { annotations: _, ...metadata } = wanted.metadata
  t.ok(isAnnotatedFor({ ...wanted, metadata }, []))
})
