import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { fieldsOf, labelsOf } from '#src/apiserver/encode/fields.ts'

const resource = readDefinitions('test/fixtures/activity').find(
  ({ kind }) => kind.kind === 'Specimen',
)!

const specimen = (spec: Record<string, unknown>, more = {}) => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'Specimen',
  metadata: { name: 'a' },
  spec,
  ...more,
})

t.test('gives strings, integers and booleans as text', async t => {
  const object = specimen(
    { repository: 'web', number: 42, draft: false },
    { status: { phase: 'Open' } },
  )
  t.strictSame(fieldsOf(resource, object), {
    '.spec.repository': 'web',
    '.spec.number': '42',
    '.spec.draft': 'false',
    '.status.phase': 'Open',
  })
})

t.test("gives '' for what is missing, null or beneath something else", async t => {
  t.strictSame(fieldsOf(resource, specimen({ repository: null }, { status: 'text' })), {
    '.spec.repository': '',
    '.spec.number': '',
    '.spec.draft': '',
    '.status.phase': '',
  })
})

t.test('gives labels, if there are any', async t => {
  const object = specimen({})
  t.strictSame(labelsOf(object), {})
  const labels = { a: 'b' }
  t.strictSame(labelsOf({ ...object, metadata: { name: 'a', labels } }), labels)
})
