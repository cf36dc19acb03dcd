import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { finalizersOf, finalizerWarnings } from '#src/apiserver/write/finalizers.ts'

const held = (...finalizers: string[]): UnknownObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', finalizers },
})

t.test('warns of new ones that belong to nobody', async t => {
  t.strictSame(finalizerWarnings(held('kubernetes', 'orphan', 'foregroundDeletion', 'a.b/c')), [])
  t.strictSame(finalizerWarnings(held('two.x', 'one', 'one')), [
    'metadata.finalizers: "one": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers',
    'metadata.finalizers: "two.x": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers',
  ])
  t.strictSame(finalizerWarnings(held('one'), held('one')), [])
  t.match(finalizerWarnings(held('a b/c')), [/^metadata\.finalizers: "a b\/c": prefix part/])
})

t.test('needs no metadata', async t => {
  t.strictSame(finalizersOf({ apiVersion: 'v1', kind: 'Pod' } as UnknownObject), [])
  t.strictSame(finalizersOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }), [])
})
