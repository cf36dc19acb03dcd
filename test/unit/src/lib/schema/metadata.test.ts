import t from 'tap'
import {
  metadataCauses,
  metadataOf,
  metadataUpdateCauses,
  newMetadata,
  updatedMetadata,
  type MetadataOptions,
} from '#src/lib/schema/metadata.ts'

const options: MetadataOptions = { path: 'metadata', namespaced: true, names: 'dns' }
const found = (metadata: object, more: Partial<MetadataOptions> = {}): string[] =>
  metadataCauses({ name: 'a', ...metadata }, { ...options, ...more }).map(
    ({ field, message }) => `${field}: ${message}`,
  )

t.test('takes good metadata', async t => {
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u', controller: true }
  t.strictSame(
    found({
      namespace: 'n',
      generateName: 'a-',
      labels: { a: 'b' },
      annotations: { 'Example.com/a': 'ä' },
      ownerReferences: [owner, { ...owner, controller: false }],
      finalizers: ['example.com/x', 'orphan'],
    }),
    [],
  )
  t.strictSame(found({ name: 'A b', generateName: '..' }, { names: 'segment' }), [])
  t.strictSame(found({ name: undefined }, { names: 'segment', nameOptional: true }), [])
})

t.test('says what is wrong', async t => {
  const bad: [object, RegExp[], Partial<MetadataOptions>?][] = [
    [
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'e', uid: 'u' }] },
      [/^metadata\.ownerReferences: .*\/v1, Kind=Event is disallowed from being an owner$/],
    ],
    [{ name: '' }, [/^metadata\.name: Required value: name or generateName is required$/]],
    [{ name: 'A' }, [/^metadata\.name: Invalid value: "A": a lowercase/]],
    [{ generateName: 'A' }, [/^metadata\.generateName: Invalid value: "A"/]],
    [{ name: 'a/b' }, [/may not contain '\/'/], { names: 'segment' }],
    [{ namespace: 'a.b' }, [/^metadata\.namespace: Invalid value: "a\.b": must not contain dots/]],
    [
      { namespace: 'n' },
      [/^metadata\.namespace: Forbidden: not allowed on this type/],
      { namespaced: false },
    ],
    [{ labels: { 'a b': '-' } }, [/^metadata\.labels: Invalid value: "a b"/, /"-": a valid label/]],
    [{ annotations: { 'a b': '' } }, [/^metadata\.annotations: Invalid value: "a b"/]],
    [
      { annotations: { a: 'x'.repeat(262_144) } },
      [/^metadata\.annotations: Too long: may not be more than 262144 bytes/],
    ],
    [
      { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] },
      [
        /apiVersion: Invalid value: "": version must not be empty/,
        /kind: .*must not be empty/,
        /name:/,
        /uid:/,
      ],
    ],
    [
      {
        ownerReferences: [1, 2].map(uid => ({
          controller: true,
          apiVersion: 'v1',
          kind: 'P',
          name: 'p',
          uid: String(uid),
        })),
      },
      [
        /^metadata\.ownerReferences: Invalid value: \[\{"apiVersion":"v1","kind":"P","name":"p","uid":"1","controller":true\},.*for P\/p and P\/p$/,
      ],
    ],
    [{ finalizers: ['a b'] }, [/^metadata\.finalizers: Invalid value: "a b": name part/]],
    [{ finalizers: ['orphan', 'foregroundDeletion'] }, [/cannot be both set/]],
  ]
  for (const [metadata, expected, more] of bad) {
    const causes = found(metadata, more)
    t.equal(causes.length, expected.length, JSON.stringify(metadata).slice(0, 80))
    for (const [index, pattern] of expected.entries()) t.match(causes[index], pattern)
  }
})

t.test('what the API server writes is not for others', async t => {
  t.strictSame(newMetadata({ name: 'a', uid: 'u', generation: 3, resourceVersion: '1' }), {
    name: 'a',
    resourceVersion: '1',
  })
  const old = {
    name: 'a',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    generation: 2,
    creationTimestamp: 'then',
    labels: { a: 'b' },
  }
  t.strictSame(updatedMetadata({ name: 'a', generation: 9, creationTimestamp: 'now' }, old), {
    name: 'a',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    generation: 2,
    creationTimestamp: 'then',
  })
  t.strictSame(updatedMetadata({ uid: 'v', resourceVersion: '2' }, old)['uid'], 'v')
})

t.test('what is stored stays who it is', async t => {
  const said = (metadata: object, old: object): string[] =>
    metadataUpdateCauses({ ...metadata }, { ...old }, 'metadata').map(
      ({ field, message }) => `${field}: ${message}`,
    )
  const old = { name: 'a', namespace: 'n', uid: 'u' }
  t.strictSame(said(old, old), [])
  t.strictSame(said({ name: 'b', uid: 'u' }, old), [
    'metadata.name: Invalid value: "b": field is immutable',
    'metadata.namespace: Invalid value: "": field is immutable',
  ])
  const going = { ...old, deletionTimestamp: 'now', finalizers: ['a'] }
  t.strictSame(said(going, going), [])
  t.strictSame(said({ ...going, finalizers: undefined }, going), [])
  t.strictSame(said({ ...going, finalizers: ['a', 'c', 'b'] }, going), [
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"b", "c"}',
  ])
  t.strictSame(said({ ...going, finalizers: ['b'] }, { ...going, finalizers: undefined }).length, 1)
})

t.test('metadata that is not there is empty', async t => {
  t.strictSame(metadataOf({ metadata: { name: 'a' } }), { name: 'a' })
  t.strictSame(metadataOf({}), {})
})
