import t from 'tap'
import { takenOver } from '#src/install/takeover.ts'

const spec = (...fields: string[]) => ({
  'f:spec': Object.fromEntries(fields.map(field => [`f:${field}`, {}])),
})
const entry = (manager: string, operation: string, fieldsV1: object, subresource?: string) => ({
  manager,
  operation,
  apiVersion: 'apiextensions.k8s.io/v1',
  time: '2026-11-21T12:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...(subresource !== undefined && { subresource }),
})
const status = entry('kube-apiserver', 'Update', { 'f:status': {} }, 'status')
const note = { 'f:metadata': { 'f:annotations': { 'f:note': {} } } }

t.test('what Helm made becomes ours, labels and all', async t => {
  const helm = entry('helm', 'Update', { ...note, ...spec('names', 'scope') })
  t.strictSame(takenOver([helm, status], 'us'), [
    status,
    { ...helm, manager: 'us', operation: 'Apply' },
  ])
})

t.test('joins what is ours already, whether Helm created or applied', async t => {
  const own = entry('us', 'Apply', { ...spec('names'), 'f:x': {} })
  for (const operation of ['Update', 'Apply']) {
    const helm = entry('Helm', operation, { ...note, ...spec('scope'), 'f:x': { 'f:y': {} } })
    t.strictSame(takenOver([own, helm], 'us'), [
      { ...own, fieldsV1: { ...spec('names', 'scope'), ...note, 'f:x': { 'f:y': {} } } },
    ])
  }
})

t.test('of what people edited the spec alone, and their notes stay theirs', async t => {
  const own = entry('us', 'Apply', spec('names'))
  const edit = entry('kubectl-edit', 'Update', { ...note, ...spec('scope') })
  const patch = entry('kubectl-patch', 'Update', spec('conversion'))
  t.strictSame(takenOver([own, edit, patch], 'us'), [
    { ...edit, fieldsV1: note },
    { ...own, fieldsV1: spec('names', 'scope', 'conversion') },
  ])
})

t.test('nothing is to be done where it is ours, or in the hands of who applies', async t => {
  const own = entry('us', 'Apply', spec('names'))
  const theirs = [
    entry('argocd-controller', 'Apply', spec('scope')),
    entry('kubectl-annotate', 'Update', note),
    { manager: 'nobody', operation: 'Update' },
    { fieldsV1: spec('scope') },
    status,
  ]
  t.equal(takenOver([own, ...theirs], 'us'), undefined)
  t.equal(takenOver(undefined, 'us'), undefined)
  t.equal(takenOver([{ manager: 'us', operation: 'Apply' }], 'us'), undefined)
  t.strictSame(
    takenOver([{ manager: 'us', operation: 'Apply' }, entry('helm', 'Update', note)], 'us'),
    [{ manager: 'us', operation: 'Apply', fieldsV1: note }],
  )
})
