import t from 'tap'
import { metaDescription, metaType, metaTypes } from '#src/apiserver/discovery/meta-types.ts'

t.test('has everything it refers to itself', async t => {
  for (const [name, schemas, prefix] of [
    ['v2', metaTypes.definitions, '#/definitions/'],
    ['v3', metaTypes.schemas, '#/components/schemas/'],
  ] as const) {
    const text = JSON.stringify(schemas)
    const refs = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref!)
    t.ok(refs.length > 0, name)
    for (const ref of refs) t.ok(schemas[ref.slice(prefix.length)], ref)
  }
})

t.test('describes fields', async t => {
  t.ok(metaTypes.schemas[metaType('ObjectMeta')])
  t.match(metaDescription('name'), /^Name must be unique/)
  t.match(metaDescription('kind', 'Status'), /^Kind is a string value/)
})
