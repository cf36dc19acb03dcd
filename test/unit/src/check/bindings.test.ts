import t from 'tap'
import { bindingsFor } from '#src/check/bindings.ts'
import { binding, organization, team } from '#test/fixtures.ts'

t.test('binds the organisations that have no binding', async t => {
  const made = { ...binding(), metadata: { name: 'acme', namespace: 'kradle-system' } }
  t.strictSame(bindingsFor([organization()], false), [made])
  t.strictSame(bindingsFor([organization(), binding()], false), [])
  t.strictSame(bindingsFor([team()], false), [], 'nobody made that organisation')
  t.strictSame(bindingsFor([team(), team()], true), [made], 'with nothing around it')
  const elsewhere = team('acme', { metadata: { namespace: 'default' } })
  const { namespace, ...nowhere } = team().metadata
  t.ok(namespace)
  t.strictSame(bindingsFor([elsewhere, { ...team(), metadata: nowhere }], true), [])
})
