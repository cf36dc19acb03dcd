/** One request, as it is sent to both. */
export interface Case {
  readonly says: string
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** '' for the collection. */
  readonly name?: string
  readonly subresource?: 'status'
  readonly query?: string
  /** JSON where none is named. */
  readonly type?: string
  /** Text is sent as it is; a function is given what is stored there. */
  readonly body?: unknown
  /** Why the two do not answer the same here; then nothing is compared. */
  readonly differs?: string
}

export type Json = Record<string, unknown>
export type Stored = (name: string) => Json & { metadata: Json; spec: Json }
type Body = unknown

export const gadget = (
  name: string,
  spec: Json = {},
  metadata: Json = {},
  more: Json = {},
): Json => ({
  apiVersion: 'check.example.com/v1',
  kind: 'Gadget',
  metadata: { name, ...metadata },
  spec: { title: 'a title', ...spec },
  ...more,
})

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const APPLY = 'application/apply-patch+yaml'
const YAML = 'application/yaml'

const post = (says: string, body: Body, query = '', type = ''): Case => ({
  says,
  method: 'POST',
  body,
  query,
  type,
})
const put = (
  says: string,
  name: string,
  body: Body,
  query = '',
  more: Partial<Case> = {},
): Case => ({ says, method: 'PUT', name, body, query, ...more })
const putStatus = (says: string, name: string, body: Body, query = ''): Case =>
  put(says, name, body, query, { subresource: 'status' })
const merge = (says: string, name: string, body: Body, query = '', more = {}): Case => ({
  says,
  method: 'PATCH',
  name,
  body,
  query,
  type: MERGE_PATCH,
  ...more,
})
const patch = (says: string, name: string, body: Body, query = '', more = {}): Case => ({
  says,
  method: 'PATCH',
  name,
  body,
  query,
  type: JSON_PATCH,
  ...more,
})
const apply = (says: string, name: string, body: Body, query = 'fieldManager=me', more = {}) =>
  merge(says, name, body, query, { type: APPLY, ...more })
const remove = (says: string, name: string, query = '', body?: Body, type = ''): Case => ({
  says,
  method: 'DELETE',
  name,
  query,
  body,
  type,
})

/** What is stored, with changes to its spec and metadata. */
const changed =
  (name: string, spec: Json, metadata: Json = {}, more: Json = {}) =>
  (stored: Stored): Json => {
    const now = stored(name)
    return {
      ...now,
      metadata: { ...now.metadata, ...metadata },
      spec: { ...now.spec, ...spec },
      ...more,
    }
  }
const without = (name: string, field: string) => (stored: Stored) => {
  const now = stored(name)
  const { [field]: _, ...metadata } = now.metadata
  return { ...now, metadata }
}

/** Of a kind that there is not: an owner that could be looked for would have the garbage collector remove what it owns. */
const owner = { apiVersion: 'nowhere.example.com/v1', kind: 'Owner', name: 'p', uid: 'u' }
const nested = `{"apiVersion":"check.example.com/v1","kind":"Gadget","metadata":{"name":"dup","name":"dup"},"spec":{"title":"a","title":"b","any":{"l":[{"a":1,"a":2}]}}}`

export const createCases: readonly Case[] = [
  post('creates', gadget('a')),
  post('again', gadget('a')),
  post('again as a dry run', gadget('a'), 'dryRun=All'),
  post('dry run', gadget('dry', {}, { labels: { a: 'b' } }), 'dryRun=All'),
  post('dry run of an unknown kind', gadget('dry'), 'dryRun=Some'),
  post('empty dry run', gadget('dry'), 'dryRun='),
  post('several dry runs', gadget('dry'), 'dryRun=All&dryRun=Some'),
  post(
    'everything the server writes itself',
    gadget(
      'own',
      {},
      {
        uid: 'mine',
        generation: 7,
        creationTimestamp: '2020-01-01T00:00:00Z',
        deletionTimestamp: '2020-01-01T00:00:00Z',
        deletionGracePeriodSeconds: 3,
        selfLink: '/x',
        managedFields: [
          {
            manager: 'x',
            operation: 'Update',
            apiVersion: 'v1',
            time: '2020-01-01T00:00:00Z',
            fieldsType: 'FieldsV1',
            fieldsV1: {},
          },
        ],
      },
      { status: { phase: 'New' } },
    ),
  ),
  post('a version that nobody gave', gadget('rv', {}, { resourceVersion: '12' })),
  post('a version as a dry run', gadget('rv', {}, { resourceVersion: '12' }), 'dryRun=All'),
  post('a name made up', gadget('', {}, { name: undefined, generateName: 'gen-' }), 'dryRun=All'),
  post('a name made up, stored', gadget('', {}, { name: undefined, generateName: 'gen-' })),
  post(
    'a long name made up',
    gadget('', {}, { name: '', generateName: `gen-${'x'.repeat(70)}` }),
    'dryRun=All',
  ),
  post('a bad prefix', gadget('', {}, { name: undefined, generateName: 'Gen_' })),
  post('both names', gadget('a', {}, { generateName: 'gen-' })),
  post('no name', gadget('', {}, { name: undefined })),
  post('no metadata', { apiVersion: 'check.example.com/v1', kind: 'Gadget', spec: { title: 'a' } }),
  post('metadata of null', { ...gadget('a'), metadata: null }),
  post('a bad name', gadget('Not_A_Name')),
  post('the same namespace', gadget('ns', {}, { namespace: 'diff' })),
  post('another namespace', gadget('other', {}, { namespace: 'other' })),
  post('another version', { ...gadget('x'), apiVersion: 'check.example.com/v2' }),
  post('another group', { ...gadget('x'), apiVersion: 'v1' }),
  post('no version', { ...gadget('x'), apiVersion: undefined }),
  post('a strange version', { ...gadget('x'), apiVersion: 'a/b/c' }),
  post('a version that is a number', { ...gadget('x'), apiVersion: 1 }),
  post('another kind', { ...gadget('x'), kind: 'Widget' }),
  post('no kind', { ...gadget('x'), kind: undefined }),
  post('a kind that is a list', { ...gadget('x'), kind: [] }),
  post('an empty body', ''),
  post('not JSON', '{"apiVersion": nope}'),
  post('cut off', '{"apiVersion": "check.example.com/v1", "kind": "Gad'),
  post('a list', '[]'),
  post('null', 'null'),
  post('a number', '12'),
  post('trailing', `${JSON.stringify(gadget('x'))} x`),
  post('an unknown type', gadget('x'), '', 'text/plain'),
  post('protobuf list of types', gadget('x'), '', 'application/xml'),
  post(
    'YAML',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: yaml}\nspec:\n  title: "on"\n  words: {a: "1"}\n',
    '',
    YAML,
  ),
  post(
    'YAML with a charset',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: yaml2}\nspec:\n  title: "on"\n',
    '',
    'application/yaml; charset=utf-8',
  ),
  post(
    'YAML twice',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: twice}\nspec:\n  title: x\n  title: y\n  title: z\n  zzz: 1\n',
    '',
    YAML,
  ),
  post(
    'YAML twice, strictly',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: twice2}\nspec:\n  title: x\n  title: y\n',
    'fieldValidation=Strict',
    YAML,
  ),
  post(
    'YAML twice, ignored',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: twice3}\nspec:\n  title: x\n  title: y\n',
    'fieldValidation=Ignore',
    YAML,
  ),
  post('empty YAML', '', '', YAML),
  post(
    'unknown fields',
    gadget('un', { what: 1, any: { kept: { deep: 1 } } }, { more: 1 }, { extra: true }),
  ),
  post(
    'unknown fields, strictly',
    gadget('un2', { what: 1 }, { more: 1 }, { extra: true }),
    'fieldValidation=Strict',
  ),
  post(
    'unknown fields, ignored',
    gadget('un3', { what: 1 }, { more: 1 }),
    'fieldValidation=Ignore',
  ),
  post('unknown validation', gadget('un4'), 'fieldValidation=Sometimes'),
  post('duplicate fields', nested),
  post(
    'duplicate fields, strictly',
    nested.replace('"name":"dup"', '"name":"dup2"'),
    'fieldValidation=Strict',
  ),
  post(
    'duplicate fields, ignored',
    nested.replaceAll('"name":"dup"', '"name":"dup3"'),
    'fieldValidation=Ignore',
  ),
  post('a long manager', gadget('man'), `fieldManager=${'m'.repeat(129)}`),
  post('a manager that cannot be printed', gadget('man'), 'fieldManager=a%0Ab%00'),
  post('a manager', gadget('man'), 'fieldManager=someone'),
  post(
    'everything wrong with the options',
    gadget('x'),
    'fieldManager=%07&dryRun=x&fieldValidation=y',
  ),
  post(
    'does not fit the schema',
    gadget('bad', { title: 'much too long a title', size: -1, colour: 'blue', tags: ['a', 'a'] }),
  ),
  post('does not fit a rule', gadget('bad', { title: 'forbidden' })),
  post('without spec', { ...gadget('bad'), spec: undefined }),
  post('of other types', gadget('bad', { title: 1, size: 'x', tags: {} })),
  post(
    'labels that are none',
    gadget('bad', {}, { labels: { 'a b': 'c d' }, annotations: { 'a b': '' } }),
  ),
  post('labels of numbers', gadget('bad', {}, { labels: { a: 1 } })),
  post('labels of text', gadget('bad', {}, { labels: 'x' })),
  post('a name that is a number', gadget('x', {}, { name: 12 })),
  post('a generation that is text', gadget('x', {}, { generation: 'x' })),
  post('owners that are none', gadget('x', {}, { ownerReferences: [{ uid: 1 }] })),
  post('owners that are text', gadget('x', {}, { ownerReferences: 'x' })),
  post('finalizers of numbers', gadget('x', {}, { finalizers: [1] })),
  post('metadata that is text', { ...gadget('x'), metadata: 'x' }),
  post('nulls', gadget('nulls', { size: null, colour: null, maybe: null, any: { x: null } })),
  post('filled in', gadget('filled', { ports: [{ port: 1 }, { port: 2, name: null }] })),
  post(
    'finalizers of one word',
    gadget('fin', {}, { finalizers: ['one', 'a.b', 'example.com/x', 'kubernetes'] }),
  ),
  post('finalizers that are none', gadget('fin2', {}, { finalizers: ['a b', 'x/y/z'] })),
  post('both collectors', gadget('fin3', {}, { finalizers: ['orphan', 'foregroundDeletion'] })),
  post(
    'owners twice',
    gadget('own2', {}, { ownerReferences: [owner, owner, { ...owner, name: 'q' }, owner] }),
  ),
  post('owners without a name', gadget('own3', {}, { ownerReferences: [{ uid: 'u' }] })),
  post(
    'two controllers',
    gadget(
      'own4',
      {},
      {
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, uid: 'v', controller: true },
        ],
      },
    ),
  ),
  post(
    'annotations that are too much',
    gadget('big', {}, { annotations: { a: 'x'.repeat(270_000) } }),
  ),
  post(
    'a status that does not fit',
    gadget('st', {}, {}, { status: { phase: 'Wrong', extra: 1 } }),
  ),
]

export const updateCases: readonly Case[] = [
  put('of nothing', 'none', gadget('none')),
  put('without a version', 'a', gadget('a')),
  put('of an old version', 'a', gadget('a', {}, { resourceVersion: '1' })),
  put('of version zero', 'a', gadget('a', {}, { resourceVersion: '0' })),
  put('of a version that is no number', 'a', gadget('a', {}, { resourceVersion: 'abc' })),
  put('nothing changed', 'a', changed('a', {})),
  put('a field', 'a', changed('a', { size: 2 })),
  put('as a dry run', 'a', changed('a', { size: 3 }), 'dryRun=All'),
  put('labels alone', 'a', changed('a', {}, { labels: { x: 'y' } })),
  put('a status, which stays', 'a', changed('a', {}, {}, { status: { phase: 'New' } })),
  put('a field and a status', 'a', changed('a', { size: 4 }, {}, { status: { phase: 'New' } })),
  put('another name', 'a', changed('a', {}, { name: 'b' })),
  put('no name', 'a', without('a', 'name')),
  put('no metadata', 'a', { ...gadget('a'), metadata: undefined }),
  put('another namespace', 'a', changed('a', {}, { namespace: 'other' })),
  put('no namespace', 'a', without('a', 'namespace')),
  put('no uid', 'a', without('a', 'uid')),
  put('another uid', 'a', changed('a', {}, { uid: 'mine' })),
  put('another uid as a dry run', 'a', changed('a', {}, { uid: 'mine' }), 'dryRun=All'),
  put(
    'generation and creation',
    'a',
    changed('a', {}, { generation: 77, creationTimestamp: '2020-01-01T00:00:00Z' }),
  ),
  put(
    'a deletion',
    'a',
    changed('a', {}, { deletionTimestamp: '2020-01-01T00:00:00Z', deletionGracePeriodSeconds: 5 }),
  ),
  put('another version of the API', 'a', { ...gadget('a'), apiVersion: 'check.example.com/v2' }),
  put('another kind', 'a', changed('a', {}, {}, { kind: 'Widget' })),
  put('unknown fields', 'a', changed('a', { what: 1 }, { more: 1 })),
  put('unknown fields, strictly', 'a', changed('a', { what: 1 }), 'fieldValidation=Strict'),
  put('does not fit', 'a', changed('a', { title: 'much too long a title', size: -2 })),
  put('a first team', 'a', changed('a', { team: 'x' })),
  put('another team', 'a', changed('a', { team: 'y' })),
  put(
    'bad names of everything',
    'a',
    changed('a', {}, { labels: { 'a b': 'c d' }, finalizers: ['x y'] }),
  ),
  put('finalizers of one word', 'a', changed('a', {}, { finalizers: ['one', 'two.x'] })),
  put(
    'another finalizer',
    'a',
    changed('a', {}, { finalizers: ['one', 'three', 'example.com/x'] }),
  ),
  put('owners twice', 'a', changed('a', {}, { ownerReferences: [owner, owner] })),
  put('an empty body', 'a', ''),
  put('not JSON', 'a', '{'),
  put('an unknown type', 'a', gadget('a'), '', { type: 'application/json-patch+json' }),
  put('bad options', 'a', gadget('a'), 'dryRun=x'),
  put(
    'annotations that are too much',
    'a',
    changed('a', { title: 'forbidden' }, { annotations: { a: 'x'.repeat(270_000) } }),
  ),
  putStatus(
    'status',
    'a',
    changed('a', { size: 9 }, { labels: { no: 'no' } }, { status: { phase: 'New', count: 1 } }),
  ),
  putStatus('status, unchanged', 'a', changed('a', {}, {})),
  putStatus(
    'status that does not fit',
    'a',
    changed('a', {}, {}, { status: { phase: 'Wrong', count: 'x', more: 1 } }),
  ),
  putStatus('status of another type', 'a', changed('a', {}, {}, { status: 'x' })),
  putStatus(
    'status that does not fit a rule',
    'a',
    changed('a', {}, {}, { status: { count: 200 } }),
  ),
  putStatus(
    'status beside a spec that does not fit',
    'a',
    changed('a', { size: -1, team: 'z' }, {}, { status: { phase: 'Old' } }),
  ),
  putStatus('no status', 'a', changed('a', {}, {}, { status: undefined })),
  putStatus('status without a version', 'a', gadget('a', {}, {}, { status: { phase: 'Old' } })),
  putStatus('status of an old version', 'a', gadget('a', {}, { resourceVersion: '1' })),
  putStatus('status of nothing', 'none', gadget('none', {}, { resourceVersion: '1' })),
  putStatus(
    'status with finalizers',
    'a',
    changed('a', {}, { finalizers: ['four'], uid: '' }, { status: { phase: 'Old' } }),
  ),
  putStatus(
    'status as a dry run',
    'a',
    changed('a', {}, {}, { status: { phase: 'New' } }),
    'dryRun=All',
  ),
  putStatus('status of null', 'a', changed('a', {}, {}, { status: null })),
  put('without finalizers', 'a', changed('a', {}, { finalizers: [] })),
]

export const patchCases: readonly Case[] = [
  merge('merges', 'a', { spec: { size: 10, words: { a: 'b' } } }),
  merge('nothing', 'a', {}),
  merge('what is so already', 'a', { spec: { size: 10 } }),
  merge('takes away', 'a', { spec: { words: null } }),
  merge('of nothing', 'none', {}),
  merge('of nothing, badly', 'none', 'x'),
  merge('not JSON', 'a', '{'),
  merge('a list', 'a', '[]'),
  merge('null', 'a', 'null'),
  merge('null, ignoring', 'a', 'null', 'fieldValidation=Ignore'),
  merge('a text, ignoring', 'a', '"x"', 'fieldValidation=Ignore'),
  merge('not JSON, ignoring', 'a', '{', 'fieldValidation=Ignore'),
  merge('unknown fields', 'a', { spec: { what: 1 }, more: 1 }),
  merge(
    'unknown fields, strictly',
    'a',
    { spec: { what: 1, any: { h: '<&>' } } },
    'fieldValidation=Strict',
  ),
  merge('duplicates', 'a', '{"spec":{"size":1,"size":2}}'),
  merge('duplicates, strictly', 'a', '{"spec":{"size":3,"size":4}}', 'fieldValidation=Strict'),
  merge('does not fit', 'a', { spec: { size: -1 } }),
  merge('another name', 'a', { metadata: { name: 'b' } }),
  merge('no name', 'a', { metadata: { name: null } }),
  merge('another namespace', 'a', { metadata: { namespace: 'b' } }),
  merge('another uid', 'a', { metadata: { uid: 'b' } }),
  merge('an old version', 'a', { metadata: { resourceVersion: '1' } }),
  merge('no version', 'a', { metadata: { resourceVersion: null } }),
  merge('another kind', 'a', { kind: 'Widget' }),
  merge('no kind', 'a', { kind: null }),
  merge('another version of the API', 'a', { apiVersion: 'check.example.com/v2' }),
  merge('a status', 'a', { status: { phase: 'New' } }),
  merge('labels of numbers', 'a', { metadata: { labels: { a: 1 } } }),
  merge('metadata away', 'a', { metadata: null }),
  merge('spec away', 'a', { spec: null }),
  merge('owners twice', 'a', { metadata: { ownerReferences: [owner, owner] } }),
  merge('lists', 'a', { spec: { tags: ['a', 'b'], any: { l: [{ x: null }], d: { y: null } } } }),
  merge('a list in place of an object', 'a', { spec: { any: { d: [{ z: null }] } } }),
  merge('the other team', 'a', { spec: { team: 'other' } }),
  merge('forced', 'a', {}, 'force=true'),
  merge('as a dry run', 'a', { spec: { size: 20 } }, 'dryRun=All'),
  merge('bad options', 'a', {}, 'dryRun=x&fieldManager=%00'),
  merge('strategic', 'a', {}, '', { type: 'application/strategic-merge-patch+json' }),
  merge('no type', 'a', {}, '', { type: '' }),
  merge('JSON', 'a', {}, '', { type: 'application/json' }),
  merge('with a charset', 'a', {}, '', { type: `${MERGE_PATCH}; charset=utf-8` }),
  merge('a status by itself', 'a', { status: { phase: 'New', count: 5 }, spec: { size: 99 } }, '', {
    subresource: 'status',
  }),
  merge('a status that does not fit', 'a', { status: { phase: 'Wrong' } }, '', {
    subresource: 'status',
  }),
  merge(
    'a status and labels',
    'a',
    { metadata: { labels: { q: 'r' } }, status: { count: 6 } },
    '',
    { subresource: 'status' },
  ),
  merge('a status of nothing', 'none', {}, '', { subresource: 'status' }),
  patch('patches', 'a', [
    { op: 'replace', path: '/spec/size', value: 30 },
    { op: 'add', path: '/spec/words', value: { x: 'y' } },
  ]),
  patch('no operations', 'a', []),
  patch('null', 'a', 'null'),
  patch('an object', 'a', {}),
  patch('an object, ignoring', 'a', {}, 'fieldValidation=Ignore'),
  patch('numbers', 'a', [1]),
  patch('not JSON', 'a', '['),
  patch('operations without anything', 'a', [{}]),
  patch('an unknown operation', 'a', [{ op: 'jump', path: '/spec' }]),
  patch('an operation that is a number', 'a', [{ op: 1, path: '/spec' }]),
  patch('a path that is a number', 'a', [{ op: 'add', path: 1, value: 1 }]),
  patch('unknown fields of operations', 'a', [
    { op: 'test', path: '/kind', value: 'Gadget', why: 1 },
  ]),
  patch(
    'unknown fields of operations, strictly',
    'a',
    [{ op: 'test', path: '/kind', value: 'Gadget', why: 1 }],
    'fieldValidation=Strict',
  ),
  patch(
    'unknown fields, strictly',
    'a',
    [{ op: 'add', path: '/spec/what', value: 1 }],
    'fieldValidation=Strict',
  ),
  patch('unknown fields', 'a', [{ op: 'add', path: '/spec/what', value: 1 }]),
  patch('a test that fails', 'a', [{ op: 'test', path: '/kind', value: 'Widget' }]),
  patch('a test of nothing', 'a', [{ op: 'test', path: '/spec/nothing', value: null }]),
  patch('removes nothing', 'a', [{ op: 'remove', path: '/spec/nothing' }]),
  patch('replaces nothing', 'a', [{ op: 'replace', path: '/spec/words/new', value: 'n' }]),
  patch('moves and copies', 'a', [
    { op: 'copy', from: '/spec/words', path: '/metadata/annotations' },
    { op: 'move', from: '/spec/words/x', path: '/spec/words/z~1q' },
    { op: 'add', path: '/spec/tags/-', value: 'c' },
    { op: 'add', path: '/spec/tags/0', value: 'z' },
    { op: 'remove', path: '/spec/tags/-1' },
  ]),
  patch('beyond the end', 'a', [{ op: 'add', path: '/spec/tags/17', value: 'c' }]),
  patch('replaces all', 'a', [
    { op: 'replace', path: '', value: { apiVersion: 'v1', kind: 'Widget' } },
  ]),
  patch('replaces all by text', 'a', [{ op: 'replace', path: '', value: [] }]),
  patch('removes all', 'a', [{ op: 'remove', path: '' }]),
  patch(
    'too many',
    'a',
    Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'Gadget' })),
  ),
  patch('insists on a version', 'a', (stored: Stored) => [
    {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: stored('a').metadata['resourceVersion'],
    },
    { op: 'replace', path: '/spec/size', value: 31 },
  ]),
  patch('does not fit', 'a', [{ op: 'replace', path: '/spec/size', value: -31 }]),
  patch('a status by itself', 'a', [{ op: 'add', path: '/status/count', value: 7 }], '', {
    subresource: 'status',
  }),
  patch('of nothing', 'none', []),
  apply('applies to nothing', 'applied', gadget('applied', { size: 5 })),
  apply('the same', 'applied', gadget('applied', { size: 5 })),
  apply('more', 'applied', gadget('applied', { size: 5, tags: ['x'] })),
  apply(
    'YAML',
    'applied2',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: applied2}\nspec: {title: yes-1}\n',
  ),
  apply('as a dry run', 'applied3', gadget('applied3'), 'fieldManager=me&dryRun=All'),
  apply('without a manager', 'applied', gadget('applied'), ''),
  apply('without a manager, forced', 'applied', gadget('applied'), 'force=true&dryRun=x'),
  apply('another name', 'applied', gadget('other')),
  apply('another uid where nothing is', 'applied4', gadget('applied4', {}, { uid: 'mine' })),
  apply('another namespace', 'applied4', gadget('applied4', {}, { namespace: 'other' })),
  apply('does not fit', 'applied4', gadget('applied4', { size: -1 })),
  apply('a version where nothing is', 'applied4', gadget('applied4', {}, { resourceVersion: '1' })),
  apply('an old version', 'applied', gadget('applied', {}, { resourceVersion: '1' })),
  apply(
    'a status by itself',
    'applied',
    { ...gadget('applied'), spec: undefined, status: { phase: 'New' } },
    'fieldManager=me',
    { subresource: 'status' },
  ),
  apply('a status of nothing', 'none', gadget('none'), 'fieldManager=me', {
    subresource: 'status',
  }),
  apply('not YAML', 'applied', '{'.repeat(3)),
  apply(
    'twice',
    'applied5',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: applied5}\nspec:\n  title: a\n  title: b\n',
  ),
  apply(
    'twice, strictly',
    'applied6',
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: applied6}\nspec:\n  title: a\n  title: b\n',
    'fieldManager=me&fieldValidation=Strict',
  ),
  apply('a text', 'applied', 'just text'),
]

const held = (name: string, ...finalizers: string[]): Case =>
  post(`${name} is held`, gadget(name, {}, { finalizers }))

export const deleteCases: readonly Case[] = [
  remove('nothing', 'none'),
  remove('as a dry run', 'a', 'dryRun=All'),
  remove('a bad dry run', 'a', 'dryRun=x'),
  remove('a bad policy', 'a', 'propagationPolicy=Never'),
  remove('both ways', 'a', 'propagationPolicy=Orphan&orphanDependents=true'),
  remove('seconds that are none', 'a', 'gracePeriodSeconds=x'),
  remove('another uid', 'a', '', { preconditions: { uid: 'mine' } }),
  remove('another version', 'a', '', { preconditions: { resourceVersion: '1' } }),
  remove('another uid in the query', 'a', 'uid=mine'),
  remove('options that are none', 'a', '', { kind: 'Pod', apiVersion: 'v1' }),
  remove('options of another type', 'a', '', 'x: 1', 'text/plain'),
  remove('options that are not JSON', 'a', '', '{'),
  remove('options that are a list', 'a', '', '[]'),
  remove('options of other types', 'a', '', { gracePeriodSeconds: 'x' }),
  remove('a policy that is a number', 'a', '', { propagationPolicy: 1 }),
  remove('preconditions of other types', 'a', '', { preconditions: { uid: 1 } }),
  remove('preconditions that hold', 'a', '', (stored: Stored) => ({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions: {
      uid: stored('a').metadata['uid'],
      resourceVersion: stored('a').metadata['resourceVersion'],
    },
  })),
  remove('again', 'a'),
  remove('in the words of the group', 'un', '', {
    kind: 'DeleteOptions',
    apiVersion: 'check.example.com/v1',
  }),
  remove(
    'as YAML',
    'un3',
    '',
    'kind: DeleteOptions\napiVersion: v1\npropagationPolicy: Background\n',
    YAML,
  ),
  held('held', 'example.com/x'),
  remove('held, as a dry run', 'held', 'dryRun=All'),
  remove('held', 'held', 'gracePeriodSeconds=30'),
  remove('held, again', 'held'),
  remove('held, now in front', 'held', 'propagationPolicy=Foreground'),
  remove('held, now behind', 'held', 'propagationPolicy=Background'),
  remove('held, and told that it is not over', 'held', 'orphanDependents=false'),
  post('held, made again', gadget('held')),
  merge('held, changed', 'held', { spec: { size: 7 } }),
  merge('held by more', 'held', { metadata: { finalizers: ['example.com/x', 'example.com/y'] } }),
  put('held, undeleted', 'held', without('held', 'deletionTimestamp')),
  {
    ...put(
      'held, deleted at another time',
      'held',
      changed('held', {}, { deletionTimestamp: '2020-01-01T00:00:00Z' }),
    ),
    differs: 'its managedFields change there, and they are kept by another part here',
  },
  merge('let go, as a dry run', 'held', { metadata: { finalizers: null } }, 'dryRun=All'),
  merge('let go', 'held', { metadata: { finalizers: null } }),
  merge('let go, again', 'held', {}),
  held('held2', 'example.com/x'),
  remove('orphaned', 'held2', 'propagationPolicy=Orphan'),
  put('let go of one', 'held2', changed('held2', {}, { finalizers: ['orphan'] })),
  putStatus(
    'its status',
    'held2',
    changed('held2', {}, { finalizers: [] }, { status: { phase: 'Old' } }),
  ),
  put('let go of the last', 'held2', changed('held2', {}, { finalizers: [] })),
  post('a foreground deletion', gadget('front')),
  remove('in front', 'front', '', { propagationPolicy: 'Foreground' }),
  remove('in front, but now', 'front', '', { propagationPolicy: 'Background' }),
  remove('in front, gone', 'front'),
  post('orphaned', gadget('orphaned')),
  remove('orphaned as a dry run', 'orphaned', 'orphanDependents=true&dryRun=All'),
  remove('orphaned', 'orphaned', 'orphanDependents=true'),
  {
    ...remove(
      'dry run of what is held by collectors alone',
      'orphaned',
      'propagationPolicy=Background&dryRun=All',
    ),
    differs: 'the answer there is an object with nothing in it, not even its name',
  },
  remove('dependents too', 'ns', 'orphanDependents=false'),
  { says: 'all as a dry run', method: 'DELETE', query: 'dryRun=All' },
  { says: 'all, badly', method: 'DELETE', query: 'propagationPolicy=x' },
  post('labelled', gadget('l1', {}, { labels: { set: 'one' } })),
  post('labelled too', gadget('l2', {}, { labels: { set: 'one' }, finalizers: ['example.com/x'] })),
  { says: 'the labelled', method: 'DELETE', query: 'labelSelector=set%3Done' },
  {
    says: 'the labelled, again',
    method: 'DELETE',
    query: 'labelSelector=set%3Done',
    body: { propagationPolicy: 'Orphan' },
  },
  { says: 'all', method: 'DELETE' },
  { says: 'all, again', method: 'DELETE' },
]
