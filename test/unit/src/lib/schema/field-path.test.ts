import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { fieldPathOf } from '#src/lib/schema/field-path.ts'

const node = compileSchema({
  type: 'object',
  properties: {
    ref: { type: 'object', properties: { name: { type: 'string' }, "it's": { type: 'string' } } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    all: { type: 'object', additionalProperties: true },
  },
})

t.test('is written as causes have it', async t => {
  t.equal(fieldPathOf('.ref.name', node), 'ref.name')
  t.equal(fieldPathOf(String.raw`['ref']['it\'s']`, node), "ref.it's")
  t.equal(fieldPathOf(".labels['a.b']", node), 'labels[a.b]')
})

t.test('has to lead somewhere', async t => {
  t.throws(() => fieldPathOf('.ref.nope', node), /there is no field 'nope'/)
  t.throws(() => fieldPathOf('.all.a', node), /there is no field 'a'/)
  t.throws(() => fieldPathOf('.ref.name.deeper', node), /there is no field 'deeper'/)
  t.throws(() => fieldPathOf('ref', node), /expected \.name or \['name'\] at 0/)
  t.throws(() => fieldPathOf('.ref[0]', node), /at 4/)
})
