import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import type { UnknownObject } from '#src/api/object.ts'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { decodeEntries } from '#src/apiserver/managed-fields/entries.ts'
import { fieldManagerOf } from '#src/apiserver/managed-fields/field-manager.ts'
import { pathText } from '#src/apiserver/managed-fields/path-element.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { changed, valueOf } from '#test/support/apply/values.ts'
import { dice } from '#test/support/fuzz/dice.ts'

const definition = parse(readFileSync('test/support/apply/definition.yaml', 'utf8')) as {
  spec: { versions: [{ schema: { openAPIV3Schema: OpenApiSchema } }] }
}
const schema = definition.spec.versions[0].schema.openAPIV3Schema
const spec = schema.properties!['spec']!
const [apiVersion, kind] = ['apply.example.com/v1', 'Merged']
const manager = fieldManagerOf({ schema, apiVersion, kind })

const writing = (name: string, time = '2026-01-01T00:00:00Z') => ({
  manager: name,
  subresource: '',
  time,
})
const object = (fields: unknown): UnknownObject =>
  ({ apiVersion, kind, metadata: { name: 'x' }, spec: fields }) as UnknownObject
const seed = fc.nat()
const apply = (
  live: UnknownObject | undefined,
  config: UnknownObject,
  name: string,
  time?: string,
) => manager.apply(live, config, { ...writing(name, time), force: true })

/** Every field that anybody has. */
const owned = ({ metadata }: UnknownObject): ReadonlySet<string> =>
  new Set(
    [...decodeEntries(metadata.managedFields).values()].flatMap(({ set }) =>
      set.paths().map(pathText),
    ),
  )

t.test('applying twice is applying once', async () => {
  fc.assert(
    fc.property(seed, seed, (one, other) => {
      const live = manager.update(undefined, object(valueOf(spec, dice(one))), writing('a'))
      const config = object(valueOf(spec, dice(other)))
      const once = apply(live, config, 'b')
      return jsonEqual(once, apply(once, config, 'b', '2026-01-02T00:00:00Z'))
    }),
  )
})

t.test('what is applied is there, and belongs to whoever applied it', async () => {
  fc.assert(
    fc.property(seed, seed, (one, other) => {
      const mine = apply(undefined, object(valueOf(spec, dice(one))), 'a')
      const both = apply(mine, object(valueOf(spec, dice(other))), 'b')
      const again = apply(both, object(valueOf(spec, dice(other))), 'b')
      return jsonEqual(both.spec, again.spec)
    }),
  )
})

t.test('an update keeps every field, and somebody has each of them', async () => {
  fc.assert(
    fc.property(seed, seed, seed, (one, other, third) => {
      const before = apply(
        manager.update(undefined, object(valueOf(spec, dice(one))), writing('a')),
        object(valueOf(spec, dice(other))),
        'b',
      )
      const next = { ...before, spec: changed(before.spec, spec, dice(third)) } as UnknownObject
      const after = manager.update(
        { ...before, metadata: { ...before.metadata, uid: '1' } },
        next,
        writing('c'),
      )
      const { metadata: _, ...left } = after
      const { metadata: __, ...sent } = next
      const fresh = owned(manager.update(undefined, object(next.spec), writing('d')))
      const all = owned(after)
      // Of what is there now, everything that anybody had or that is new has an owner.
      const lost = [...fresh].filter(path => owned(before).has(path) && !all.has(path))
      return jsonEqual(left, sent) && lost.length === 0
    }),
  )
})
