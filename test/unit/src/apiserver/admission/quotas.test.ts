import t from 'tap'
import type { ResourceQuota } from '#src/api/core/v1.ts'
import { countLimit, exceeded } from '#src/apiserver/admission/quotas.ts'
import { attributesFor } from '#test/support/activity-admission/attributes.ts'

const { resource } = attributesFor()
const THINGS = 'count/things.shadow.example.com'
const quota = (name: string, hard?: string, more: object = {}): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name, namespace: 'red' },
  spec: { hard: { 'count/pods': '1', ...(hard !== undefined && { [THINGS]: hard }) }, ...more },
})
const limit = (...quotas: ResourceQuota[]) => countLimit(quotas, resource.kind)

t.test('nobody limits what no quota names', async t => {
  const { spec: _, ...bare } = quota('bare')
  t.equal(limit(), undefined)
  t.equal(limit(bare, quota('pods'), { ...bare, spec: {} }), undefined)
})

t.test('the strictest counts, the first of two alike', async t => {
  const found = { quota: 'b', resource: THINGS, limited: '5', most: 5 }
  t.strictSame(limit(quota('a', '7'), quota('b', '5'), quota('c', '5'), quota('d', '1k')), found)
})

t.test('quotas with scopes are of Pods', async t => {
  const selects = { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass' }] } }
  t.equal(limit(quota('a', '1', { scopes: ['BestEffort'] }), quota('b', '1', selects)), undefined)
  t.match(limit(quota('a', '1', { scopes: [], scopeSelector: {} })), { most: 1 })
})

t.test('a limit is what fits into it', async t => {
  for (const [hard, most] of [
    ['0', 0],
    ['2500m', 2],
    ['1k', 1_000],
    ['1Ki', 1_024],
    ['1E', 1e12],
    ['many', 0],
  ] as const)
    t.match(limit(quota('a', hard)), { most }, hard)
})

t.test('is refused in the words of kube-apiserver', async t => {
  const says = (used: number) =>
    exceeded({ resource, name: 'one' }, limit(quota('a', '2k'))!, used).message
  t.equal(
    says(2_000),
    `things.shadow.example.com "one" is forbidden: exceeded quota: a, requested: ${THINGS}=1, used: ${THINGS}=2k, limited: ${THINGS}=2k`,
  )
  t.match(says(2_001), 'used: count/things.shadow.example.com=2001,')
  t.match(says(3_000_000), '=3M,')
  t.match(says(0), `used: ${THINGS}=0,`)
})
