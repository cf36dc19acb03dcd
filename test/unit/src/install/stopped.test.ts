import t from 'tap'
import type { Pod } from '#src/api/core/v1.ts'
import { podsOf, running } from '#src/install/stopped.ts'

const pod = (name: string, spec: Record<string, unknown> = {}, phase?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec,
  ...(phase !== undefined && { status: { phase } }),
})
const lease = { holder: 'host_1', at: 1000, durationMs: 15_000, record: '' }

t.test('is at work while there is a Pod, or somebody keeps the Lease', async t => {
  t.equal(running([], undefined, 0), undefined)
  t.equal(running([pod('a', {}, 'Failed'), pod('b', {}, 'Succeeded')], undefined, 0), undefined)
  t.equal(running([pod('a', {}, 'Running')], undefined, 0), 'Pod a is not gone')
  t.equal(running([pod('a', { nodeName: 'n' })], undefined, 0), 'Pod a on node n is not gone')
  t.equal(running([], lease, 2000), 'its Lease is held by host_1')
  t.equal(running([], lease, 16_000), undefined, 'nobody renewed it')
  t.equal(running([], { ...lease, holder: '' }, 2000), undefined)
})

t.test('knows Pods by their account', async t => {
  const mine = pod('a', { serviceAccountName: 'x' })
  t.strictSame(podsOf('x', [mine, pod('b', { serviceAccountName: 'y' }), pod('c')]), [mine])
  const { spec: _, ...bare } = mine
  t.strictSame(podsOf('x', [bare]), [])
  t.equal(running([bare], undefined, 0), 'Pod a is not gone')
})
