import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { tableOf } from '#src/apiserver/encode/table.ts'
import type { Resource } from '#src/apiserver/resource.ts'

const plain = readDefinitions('test/fixtures/activity').find(({ kind }) => kind.kind === 'Plain')!
const resource: Resource = {
  ...plain,
  columns: [
    { name: 'Note', type: 'string', jsonPath: '.spec.note' },
    {
      name: 'First',
      type: 'integer',
      format: 'int32',
      description: 'The first of them.',
      priority: 1,
      jsonPath: '.spec.list[*]',
    },
    { name: 'Bad', type: 'string', jsonPath: '.spec.note[0]' },
  ],
}
const now = Date.parse('2020-01-01T00:01:00Z')
const object = {
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'Plain',
  metadata: { name: 'a', creationTimestamp: '2020-01-01T00:00:00Z' },
  spec: { note: 'x', list: [1, 2] },
}
const bare = { ...object, metadata: { name: 'b' }, spec: {} }
const partial = {
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
}

t.test('shows the name, then each column', async t => {
  const table = tableOf(resource, [object, bare], 'None', { resourceVersion: '7', continue: '' })
  t.match(table, {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '7' },
    columnDefinitions: [
      {
        name: 'Name',
        type: 'string',
        format: 'name',
        description: /^Name must be unique/,
        priority: 0,
      },
      {
        name: 'Note',
        type: 'string',
        format: '',
        description: 'Custom resource definition column (in JSONPath format): .spec.note',
        priority: 0,
      },
      {
        name: 'First',
        type: 'integer',
        format: 'int32',
        description: 'The first of them.',
        priority: 1,
      },
      { name: 'Bad' },
    ],
  })
  t.strictSame(table.rows, [
    { cells: ['a', 'x', 1, null], object: null },
    { cells: ['b', null, null, null], object: null },
  ])
  t.strictSame(table.metadata, { resourceVersion: '7' })
})

t.test('shows the age where no columns are declared', async t => {
  const table = tableOf(plain, [object, bare], 'None', { resourceVersion: '7' }, { now })
  t.match(table.columnDefinitions, [{ name: 'Name' }, { name: 'Age', type: 'date', format: '' }])
  t.strictSame(
    table.rows.map(({ cells }) => cells),
    [
      ['a', '60s'],
      ['b', null],
    ],
  )
})

t.test('sends with a row what was asked for', async t => {
  const rowsOf = (include: 'Metadata' | 'Object') =>
    tableOf(plain, [object], include, { resourceVersion: '7' }).rows.map(row => row.object)
  t.strictSame(rowsOf('Object'), [object])
  t.strictSame(rowsOf('Metadata'), [partial])
})

t.test('comes in either version, and without headers', async t => {
  const options = { version: 'v1beta1', noHeaders: true } as const
  const table = tableOf(plain, [object], 'Metadata', { resourceVersion: '7' }, options)
  t.equal(table.apiVersion, 'meta.k8s.io/v1beta1')
  t.equal(table.columnDefinitions, null)
  t.strictSame(table.rows[0]?.object, { ...partial, apiVersion: 'meta.k8s.io/v1beta1' })
})
