import t from 'tap'
import { lean } from '#src/admission/lean.ts'

const grant = () => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'AgentSecretGrant',
  metadata: {
    name: 'g',
    namespace: 'kradle-org-acme',
    uid: 'u',
    resourceVersion: '7',
    deletionTimestamp: '2026-11-21T12:00:00Z',
    labels: { a: 'b' },
    annotations: { c: 'd' },
    ownerReferences: [],
    managedFields: [{}],
  },
  spec: { secretRef: { name: 's', keys: ['k'] }, rotationPolicy: { maxAgeDays: 7 }, none: null },
  status: { phase: 'Ready' },
})

t.test('keeps what decisions stand on and nothing else', async t => {
  const { metadata, ...rest } = lean(grant())
  t.strictSame(metadata, {
    name: 'g',
    namespace: 'kradle-org-acme',
    uid: 'u',
    resourceVersion: '7',
    deletionTimestamp: '2026-11-21T12:00:00Z',
  })
  const { apiVersion, kind, spec } = grant()
  t.strictSame(rest, { apiVersion, kind, spec })
})

t.test('bears the absence of everything', async t => {
  t.strictSame(lean({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } }), {
    apiVersion: 'v1',
    kind: 'X',
    metadata: { name: 'x' },
  })
})

t.test('keeps equal parts once', async t => {
  const [one, other] = [lean(grant()), lean(grant())]
  t.equal(one.spec.secretRef, other.spec.secretRef)
  t.not(one.spec, other.spec)
})

t.test('stays right when there are more different parts than it keeps', async t => {
  for (let index = 0; index < 70_000; index++) {
    const spec = { purpose: `purpose ${index}` }
    const { spec: kept } = lean({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec })
    if (kept.purpose !== `purpose ${index}`) t.fail(`purpose ${index} became ${kept.purpose}`)
  }
  t.strictSame(lean(grant()), lean(grant()))
})
