import t from 'tap'
import type { ObjectMeta } from '#src/api/object.ts'
import { replacementOf } from '#src/controllers/policy/policy-drift.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { policy } from '#test/fixtures-kyverno.ts'

const { status: _, ...wanted } = policy() as unknown as KyvernoPolicy & { status: object }
const change = (spec: object, metadata: Partial<ObjectMeta> = {}) =>
  replacementOf(wanted, {
    ...policy(),
    metadata: { ...policy().metadata, ...metadata },
    spec: { ...policy().spec, ...spec },
  } as never)

t.test('a policy to which nobody added anything is for apply to mend', async t => {
  t.equal(replacementOf(wanted, undefined), undefined)
  t.equal(change({}), undefined)
  t.equal(
    change({ failurePolicy: 'Ignore', validationActions: ['Warn'], validations: [] }),
    undefined,
  )
  t.equal(change({ validations: 'odd', evaluation: 'odd' }), undefined)
})

t.test('what the API server fills in is nobody’s', async t => {
  const evaluation = policy().spec['evaluation'] as object
  t.equal(change({ evaluation: { ...evaluation, skipBackgroundRequests: true } }), undefined)
  t.equal(change({ validationConfigurations: { required: true } }), undefined)
})

t.test('what somebody added is taken away, by exactly what is wanted', async t => {
  const evaluation = policy().spec['evaluation'] as object
  const additions: object[] = [
    { validationActions: ['Warn', 'Deny'] },
    { matchConditions: [{ name: 'never', expression: 'false' }] },
    { evaluation: { ...evaluation, mode: 'JSON' } },
    { validationConfigurations: { required: false } },
    {
      variables: [
        { name: 'a', expression: '1' },
        { name: 'b', expression: '2' },
      ],
    },
  ]
  for (const spec of additions) {
    const { uid, resourceVersion } = policy().metadata
    t.strictSame(
      change(spec),
      { ...wanted, metadata: { ...wanted.metadata, uid, resourceVersion } } as never,
      JSON.stringify(spec),
    )
  }
})

t.test('so are labels, annotations, owners and finalizers', async t => {
  const { labels, annotations, ownerReferences = [] } = policy().metadata
  const additions: Partial<ObjectMeta>[] = [
    { labels: { ...labels, 'cleanup.kyverno.io/ttl': '1m' } },
    { annotations: { ...annotations, more: 'x' } },
    { ownerReferences: [...ownerReferences, ...ownerReferences] },
    { finalizers: ['forever.example.org/x'] },
  ]
  for (const metadata of additions) t.ok(change({}, metadata), JSON.stringify(metadata))
})

t.test('a policy that says nothing of itself is replaced all the same', async t => {
  const bare = { ...policy(), metadata: { name: 'bare' }, spec: { more: 1 } }
  const { uid: _u, resourceVersion: _r, ...metadata } = wanted.metadata
  const plain = { ...wanted, metadata }
  t.strictSame(replacementOf(plain, bare), plain as never)
})
