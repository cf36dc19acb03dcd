import t from 'tap'
import type { KubernetesObject, ObjectMeta } from '#src/api/object.ts'
import { slim } from '#src/lib/slim.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const entry = (manager: string, operation = 'Apply', more = {}) => ({ manager, operation, ...more })
const object = (metadata: Partial<ObjectMeta>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', ...metadata },
})

t.test('drops managed fields and kubectl’s copy', async t => {
  const fat = object({
    managedFields: [entry('kubectl')],
    annotations: { [LAST_APPLIED]: '{}', other: 'kept' },
  })
  t.strictSame(slim(fat), object({ annotations: { other: 'kept' } }))
  t.strictSame(slim(object({})), object({}))
  t.strictSame(slim(object({ annotations: {} })), object({ annotations: {} }))
})

t.test('keeps what one manager applied, but not its status', async t => {
  const ours = entry('us')
  const managedFields = [
    entry('them'),
    ours,
    entry('us', 'Update'),
    entry('us', 'Apply', { subresource: 'status' }),
  ]
  t.strictSame(slim(object({ managedFields }), 'us').metadata.managedFields, [ours])
  t.strictSame(slim(object({ managedFields: [entry('them')] }), 'us'), object({}))
})
