import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { forms } from '#src/apiserver/encode/forms.ts'

const [resource] = readDefinitions('test/fixtures/activity')
const object = { apiVersion: 'a/v1', kind: 'Open', metadata: { name: 'a', resourceVersion: '5' } }

t.test('a single object is a table of its own version', async t => {
  t.match(forms.tableOf(resource!, object, 'None'), {
    kind: 'Table',
    metadata: { resourceVersion: '5' },
    rows: [{ cells: ['a'] }],
  })
  const unstored = { ...object, metadata: { name: 'a' } }
  t.strictSame(forms.tableOf(resource!, unstored, 'None').metadata, { resourceVersion: '' })
})

t.test('a list is a table of its version', async t => {
  t.match(forms.tableListOf(resource!, [object], { resourceVersion: '9' }, 'None'), {
    metadata: { resourceVersion: '9' },
    rows: [{ cells: ['a'] }],
  })
})
