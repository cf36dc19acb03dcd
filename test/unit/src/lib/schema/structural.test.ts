import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { fieldSchema, isFields } from '#src/lib/schema/structural.ts'

t.test('tells objects from everything else', async t => {
  t.ok(isFields({}))
  for (const value of [null, [], '', 1, undefined]) t.notOk(isFields(value))
})

t.test('finds the schema of a field', async t => {
  const object = compileSchema({ type: 'object', properties: { a: { type: 'string' } } })
  t.equal(fieldSchema(object, 'a'), object.properties?.get('a'))
  t.equal(fieldSchema(object, 'b'), undefined)
  const map = compileSchema({ type: 'object', additionalProperties: { type: 'string' } })
  t.equal(fieldSchema(map, 'a'), map.additional)
})
