import type { Asked } from './exchange.ts'

/** Where the objects are. */
export const NAMESPACE = 'kradle-org-acme'

const all = `/namespaces/${NAMESPACE}/trials`
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const PARTIAL = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json'
const PARTIALS = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'

type Json = Record<string, unknown>

/**
 * Every row of the contract of a custom resource, in the order in which they have to be asked. `apiVersion` is that of the
 * group; names are the same in both, as the namespace is.
 */
export function requests(apiVersion: string): readonly Asked[] {
  const asked: Asked[] = []
  const ask = (
    name: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    asked.push({
      name: `${asked.length + 1} ${name}`,
      method,
      path,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    })
  }
  const trial = (name: string, spec: unknown = { colour: 'red' }, metadata: Json = {}): Json => ({
    apiVersion,
    kind: 'Trial',
    metadata: { name, namespace: NAMESPACE, ...metadata },
    spec,
  })
  const patch = (name: string, path: string, type: string, body: unknown) =>
    ask(name, 'PATCH', path, body, { 'content-type': `application/${type}` })
  const merge = (name: string, path: string, body: unknown) =>
    patch(name, path, 'merge-patch+json', body)
  const jsonPatch = (name: string, path: string, body: unknown) =>
    patch(name, path, 'json-patch+json', body)
  const apply = (name: string, path: string, body: unknown) =>
    patch(name, path, 'apply-patch+yaml', body)

  // Create: what is taken.
  ask('create', 'POST', all, trial('one', { colour: 'red', tags: ['a', 'b'], any: { x: [1] } }))
  ask('create with everything', 'POST', all, {
    ...trial(
      'full',
      {
        colour: 'green',
        size: 0,
        ratio: 1.5,
        draft: false,
        due: '2026-01-02T03:04:05Z',
        name: 'abc',
        least: 1,
        most: 2,
        fixed: 'here',
        nothing: null,
        any: { deep: { er: [1, 'two', null, true] } },
        port: 'http',
        tags: [],
        words: ['x', 'x'],
        parts: [{ name: 'p' }, { name: 'q', count: 5, note: 'n' }],
        labels: { a: 'b' },
        lump: { a: '1' },
      },
      {
        labels: { app: 'web', tier: 'front' },
        annotations: { 'example.org/note': 'hello' },
        finalizers: ['example.org/hold'],
      },
    ),
    status: { phase: 'Done', count: 1 },
  })
  for (const [index, colour] of ['red', 'green', 'blue', 'red', 'green'].entries())
    ask(`create list-${index}`, 'POST', all, {
      ...trial(
        `list-${index}`,
        { colour, size: index },
        {
          labels: { index: String(index), parity: index % 2 ? 'odd' : 'even' },
        },
      ),
    })
  ask('create again', 'POST', all, trial('one'))
  ask(
    'create by generateName',
    'POST',
    all,
    trial('', undefined, { name: undefined, generateName: 'made-' }),
  )
  ask('create with both names', 'POST', all, trial('both', undefined, { generateName: 'made-' }))
  ask('create without a name', 'POST', all, trial('', undefined, { name: undefined }))
  ask('create without metadata', 'POST', all, {
    apiVersion,
    kind: 'Trial',
    spec: { colour: 'red' },
  })
  ask(
    'create without a namespace',
    'POST',
    all,
    trial('nowhere', undefined, { namespace: undefined }),
  )
  ask(
    'create in another namespace',
    'POST',
    all,
    trial('elsewhere', undefined, { namespace: 'default' }),
  )
  ask('create in no namespace', 'POST', '/trials', trial('lost'))
  ask(
    'create in a namespace that is not there',
    'POST',
    '/namespaces/nobody/trials',
    trial('x', undefined, { namespace: 'nobody' }),
  )
  ask(
    'create with YAML',
    'POST',
    all,
    `apiVersion: ${apiVersion}\nkind: Trial\nmetadata:\n  name: yaml\nspec:\n  colour: blue\n`,
    { 'content-type': 'application/yaml' },
  )
  ask('create with broken YAML', 'POST', all, 'a: [', { 'content-type': 'application/yaml' })
  ask('create without a content type', 'POST', all, trial('plain'), { 'content-type': '' })
  ask('create with text', 'POST', all, 'hello', { 'content-type': 'text/plain' })
  ask('create with protobuf', 'POST', all, 'k8s', {
    'content-type': 'application/vnd.kubernetes.protobuf',
  })
  ask('create with nothing', 'POST', all, '')
  ask('create with broken JSON', 'POST', all, '{"apiVersion":')
  ask('create with null', 'POST', all, 'null')
  ask('create with a list', 'POST', all, '[]')
  ask('create with a number', 'POST', all, '7')
  ask('create with an empty object', 'POST', all, '{}')
  ask('create of another kind', 'POST', all, { ...trial('k'), kind: 'Error' })
  ask('create of another version', 'POST', all, {
    ...trial('k'),
    apiVersion: apiVersion.replace('v1alpha1', 'v1'),
  })
  ask('create of another group', 'POST', all, { ...trial('k'), apiVersion: 'example.org/v1alpha1' })
  ask('create without kind', 'POST', all, { ...trial('k'), kind: undefined })
  ask('create without apiVersion', 'POST', all, { ...trial('k'), apiVersion: undefined })
  ask('create without spec', 'POST', all, { ...trial('k'), spec: undefined })
  ask('create with spec null', 'POST', all, { ...trial('k'), spec: null })
  ask('create with spec text', 'POST', all, { ...trial('k'), spec: 'red' })
  ask('create with a name', 'POST', `${all}/one`, trial('one'))

  // Create: names, labels and the like.
  for (const name of [
    'UPPER',
    'a_b',
    '-a',
    'a-',
    'a..b',
    'a.b',
    'x'.repeat(253),
    'x'.repeat(254),
    'ä',
    'a/b',
    '.',
    '..',
    ' ',
    'a%b',
  ])
    ask(`name ${name.slice(0, 12)}`, 'POST', `${all}?dryRun=All`, trial(name))
  for (const [what, metadata] of Object.entries<Json>({
    'label key': { labels: { 'a b': 'c' } },
    'label value': { labels: { a: 'b c' } },
    'label number': { labels: { a: 1 } },
    'long label': { labels: { a: 'x'.repeat(64) } },
    'annotation key': { annotations: { 'a b': 'c' } },
    'annotation number': { annotations: { a: 1 } },
    finalizer: { finalizers: ['nothing'] },
    'finalizer with spaces': { finalizers: ['a b/c'] },
    'two finalizers alike': { finalizers: ['a.b/c', 'a.b/c'] },
    owner: {
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'o',
          uid: '11111111-1111-1111-1111-111111111111',
        },
      ],
    },
    'owner without uid': { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o' }] },
    'owner without anything': { ownerReferences: [{}] },
    'two controllers': {
      ownerReferences: ['a', 'b'].map(name => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name,
        uid: `11111111-1111-1111-1111-11111111111${name}`,
        controller: true,
      })),
    },
    'event as owner': {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Event', name: 'o', uid: '11111111-1111-1111-1111-111111111111' },
      ],
    },
    'a version': { resourceVersion: '1' },
    'a uid': { uid: '11111111-1111-1111-1111-111111111111' },
    'a generation': { generation: 7 },
    'a time': { creationTimestamp: '2020-01-01T00:00:00Z' },
    'a wrong time': { creationTimestamp: 'yesterday' },
    'a deletion': { deletionTimestamp: '2020-01-01T00:00:00Z', deletionGracePeriodSeconds: 3 },
    'a selfLink': { selfLink: '/here' },
    'something unknown': { colour: 'red' },
    'managed fields': {
      managedFields: [
        {
          manager: 'me',
          operation: 'Update',
          apiVersion,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:spec': {} },
        },
      ],
    },
    'wrong managed fields': { managedFields: [{ manager: 'me', operation: 'Wish' }] },
    'labels null': { labels: null },
    'labels list': { labels: [] },
    'name number': { name: 7 },
  }))
    ask(`metadata: ${what}`, 'POST', `${all}?dryRun=All`, trial('meta', undefined, metadata))

  // Create: the schema.
  for (const [what, spec] of Object.entries<unknown>({
    empty: {},
    enum: { colour: 'pink' },
    'enum of another type': { colour: 7 },
    'null where it may not be': { colour: null },
    'below the minimum': { colour: 'red', size: -1 },
    'above the maximum': { colour: 'red', size: 11 },
    'not whole': { colour: 'red', size: 1.5 },
    'beyond int32': { colour: 'red', size: 4294967296 },
    'text for a number': { colour: 'red', ratio: '1' },
    'text for a boolean': { colour: 'red', draft: 'true' },
    'no time': { colour: 'red', due: 'tomorrow' },
    'too short': { colour: 'red', name: 'a' },
    'too long': { colour: 'red', name: 'abcdefghi' },
    pattern: { colour: 'red', name: 'A-B' },
    'three at once': { colour: 'pink', size: 99, name: 'A' },
    'a rule': { colour: 'red', least: 3, most: 2 },
    'a rule beside a type': { colour: 'red', least: 3, most: '2' },
    'a set with two alike': { colour: 'red', tags: ['a', 'a'] },
    'too many items': { colour: 'red', tags: ['a', 'b', 'c', 'd'] },
    'a map list with two alike': { colour: 'red', parts: [{ name: 'a' }, { name: 'a' }] },
    'a map list without key': { colour: 'red', parts: [{ count: 1 }] },
    'a port of a number': { colour: 'red', port: 80 },
    'a port of a list': { colour: 'red', port: [] },
    'text for a list': { colour: 'red', words: 'x' },
    'a list for a map': { colour: 'red', labels: ['x'] },
    'a number in a map': { colour: 'red', labels: { a: 1 } },
    'null in a list': { colour: 'red', words: [null] },
    'null in a map': { colour: 'red', labels: { a: null } },
    'null that may be': { colour: 'red', nothing: null },
    anything: { colour: 'red', any: 'text' },
    'anything null': { colour: 'red', any: null },
    'too long to ratchet': { colour: 'red', ratcheted: '12345' },
    unknown: { colour: 'red', shape: 'round' },
    'unknown deep': { colour: 'red', parts: [{ name: 'a', shape: 'round' }], lump: { c: '1' } },
  }))
    for (const validation of ['', 'Strict'])
      ask(
        `spec: ${what} ${validation}`,
        'POST',
        `${all}?dryRun=All${validation && `&fieldValidation=${validation}`}`,
        trial('spec', spec),
      )
  ask(
    'unknown, ignored',
    'POST',
    `${all}?dryRun=All&fieldValidation=Ignore`,
    trial('u', { colour: 'red', shape: 1 }),
  )
  ask(
    'unknown, warned',
    'POST',
    `${all}?dryRun=All&fieldValidation=Warn`,
    trial('u', { colour: 'red', shape: 1, a: 2 }),
  )
  ask('wrong validation', 'POST', `${all}?fieldValidation=Maybe`, trial('u'))
  for (const validation of ['Strict', 'Warn', 'Ignore'])
    ask(
      `a field twice ${validation}`,
      'POST',
      `${all}?dryRun=All&fieldValidation=${validation}`,
      JSON.stringify(trial('u')).replace('"colour":"red"', '"colour":"red","colour":"blue"'),
    )
  for (const query of [
    'dryRun=None',
    'dryRun=',
    'dryRun=All&dryRun=All',
    `fieldManager=${'x'.repeat(129)}`,
    'fieldManager=a%00b',
    'fieldManager=me',
    'pretty=true',
    'unknown=1',
    'fieldValidation=',
  ])
    ask(`query ${query.slice(0, 20)}`, 'POST', `${all}?dryRun=All&${query}`, trial('query'))

  // Reading.
  for (const [what, path, headers] of [
    ['get', `${all}/one`, {}],
    ['get what is not there', `${all}/nothing`, {}],
    ['get in another namespace', '/namespaces/default/trials/one', {}],
    ['get a strange name', `${all}/A%20B`, {}],
    ['get as a table', `${all}/one`, { accept: TABLE }],
    ['get as metadata', `${all}/one`, { accept: PARTIAL }],
    ['get as a list of metadata', `${all}/one`, { accept: PARTIALS }],
    ['get as anything', `${all}/one`, { accept: '*/*' }],
    ['get as protobuf', `${all}/one`, { accept: 'application/vnd.kubernetes.protobuf' }],
    [
      'get as protobuf or JSON',
      `${all}/one`,
      { accept: 'application/vnd.kubernetes.protobuf,application/json' },
    ],
    ['get as text', `${all}/one`, { accept: 'text/html' }],
    [
      'get as an unknown form',
      `${all}/one`,
      { accept: 'application/json;as=Chair;v=v1;g=meta.k8s.io' },
    ],
    [
      'get as a table of another version',
      `${all}/one`,
      { accept: 'application/json;as=Table;v=v9;g=meta.k8s.io' },
    ],
    ['get the status', `${all}/one/status`, {}],
    ['get the status of nothing', `${all}/nothing/status`, {}],
    ['get a scale', `${all}/one/scale`, {}],
    ['get another subresource', `${all}/one/log`, {}],
    ['get deeper', `${all}/one/status/deeper`, {}],
    ['get another resource', `/namespaces/${NAMESPACE}/errors`, {}],
    ['get at 0', `${all}/one?resourceVersion=0`, {}],
    ['get at 1', `${all}/one?resourceVersion=1`, {}],
    ['get at no version', `${all}/one?resourceVersion=x`, {}],
    ['get in the future', `${all}/one?resourceVersion=8999999999999999999`, {}],
  ] as const)
    ask(what, 'GET', path, undefined, headers)
  ask('post a status', 'POST', `${all}/one/status`, trial('one'))
  ask('delete a status', 'DELETE', `${all}/one/status`)
  ask('put a collection', 'PUT', all, trial('one'))
  ask('patch a collection', 'PATCH', all, {}, { 'content-type': 'application/merge-patch+json' })

  for (const accept of ['application/json', TABLE, PARTIALS])
    for (const query of [
      '',
      '?limit=2',
      '?labelSelector=parity%3Dodd',
      '?limit=0',
      '?limit=500',
      '?includeObject=None',
      '?includeObject=Object',
      '?includeObject=Metadata',
      '?includeObject=All',
    ])
      ask(`list ${query} as ${accept.slice(17, 30)}`, 'GET', all + query, undefined, { accept })
  ask('list everywhere', 'GET', '/trials')
  ask('list in an empty namespace', 'GET', '/namespaces/default/trials')
  ask('list in no namespace', 'GET', '/namespaces/nobody/trials')
  for (const selector of [
    'index',
    '!index',
    'index=1',
    'index==1',
    'index!=1',
    'index in (1,2)',
    'index notin (1,2)',
    'index in ()',
    'parity=odd,index!=1',
    ' parity = odd ',
    'parity',
    'parity=',
    'parity in (odd',
    'a b',
    '=x',
    'index>1',
    'index<3',
    'index>x',
    ',',
    'parity=odd,',
    'app in (web,),tier',
    'Ä=1',
    'x/y/z=1',
    `a=${'x'.repeat(64)}`,
    'parity=odd,parity=even',
  ])
    ask(`labels ${selector}`, 'GET', `${all}?labelSelector=${encodeURIComponent(selector)}`)
  for (const selector of [
    'metadata.name=one',
    'metadata.name!=one',
    'metadata.name==one',
    `metadata.namespace=${NAMESPACE}`,
    'metadata.namespace=default',
    'spec.colour=red',
    'spec.colour!=red',
    'spec.colour=red,spec.size=3',
    'spec.size=0',
    'spec.size=',
    'status.phase=',
    'spec.draft=true',
    'metadata.uid=1',
    'spec',
    'spec.colour',
    '=',
    'spec.colour=a\\,b',
    'metadata.name=a b',
  ])
    ask(`fields ${selector}`, 'GET', `${all}?fieldSelector=${encodeURIComponent(selector)}`)
  for (const query of [
    'resourceVersion=0',
    'resourceVersion=1',
    'resourceVersion=x',
    'resourceVersion=-1',
    'resourceVersionMatch=Exact',
    'resourceVersionMatch=NotOlderThan',
    'resourceVersionMatch=Exact&resourceVersion=0',
    'resourceVersionMatch=NotOlderThan&resourceVersion=0',
    'resourceVersionMatch=Perhaps&resourceVersion=1',
    'resourceVersionMatch=Exact&resourceVersion=8999999999999999999',
    'resourceVersionMatch=NotOlderThan&resourceVersion=8999999999999999999',
    'resourceVersion=8999999999999999999',
    'limit=-1',
    'limit=x',
    'continue=x',
    'continue=x&resourceVersion=1',
    'continue=x&resourceVersionMatch=Exact',
    'timeoutSeconds=x',
    'timeoutSeconds=1',
    'sendInitialEvents=true',
    'allowWatchBookmarks=true',
    'watch=false',
    'watch=0',
    'watch=x&timeoutSeconds=1',
  ])
    ask(`list ${query}`, 'GET', `${all}?${query}`)

  // Watching, for a second.
  const watch = (what: string, query: string, accept = 'application/json') =>
    ask(`watch ${what}`, 'GET', `${all}?watch=true&timeoutSeconds=1&${query}`, undefined, {
      accept,
    })
  watch('from now', '')
  watch('from 0', 'resourceVersion=0')
  watch('one', `fieldSelector=${encodeURIComponent('metadata.name=one')}`)
  watch('labels', 'labelSelector=parity%3Dodd')
  watch('fields', 'fieldSelector=spec.colour%3Dred')
  watch(
    'initial events',
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=parity%3Dodd',
  )
  watch(
    'initial events without bookmarks',
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
  )
  watch(
    'initial events at 0',
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=0&allowWatchBookmarks=true&labelSelector=parity%3Dodd',
  )
  watch('initial events without match', 'sendInitialEvents=true')
  watch(
    'initial events with exact',
    'sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1',
  )
  watch('no initial events', 'sendInitialEvents=false&resourceVersionMatch=NotOlderThan')
  watch('a match without initial events', 'resourceVersionMatch=NotOlderThan')
  watch('as a table', 'labelSelector=index%3D1', TABLE)
  watch('as metadata', 'labelSelector=index%3D1', PARTIAL)
  watch('nothing', 'labelSelector=index%3D77')
  watch('a wrong version', 'resourceVersion=x')
  watch('a wrong selector', 'labelSelector=a+b')
  watch('a wrong field', 'fieldSelector=spec.a%3Db')
  watch('as text', '', 'text/html')

  // Update.
  const put = (what: string, name: string, body: unknown, query = '') =>
    ask(`put ${what}`, 'PUT', `${all}/${name}${query}`, body)
  put('without a version', 'one', trial('one', { colour: 'green' }))
  put('the same again', 'one', trial('one', { colour: 'green' }))
  put('an old version', 'one', trial('one', { colour: 'blue' }, { resourceVersion: '1' }))
  put('a wrong version', 'one', trial('one', { colour: 'blue' }, { resourceVersion: 'x' }))
  put(
    'another uid',
    'one',
    trial('one', { colour: 'blue' }, { uid: '11111111-1111-1111-1111-111111111111' }),
  )
  put('another name', 'one', trial('two'))
  put('no name', 'one', trial('', undefined, { name: undefined }))
  put('another namespace', 'one', trial('one', undefined, { namespace: 'default' }))
  put('what is not there', 'nothing', trial('nothing'))
  put(
    'what is not there with a version',
    'nothing',
    trial('nothing', undefined, { resourceVersion: '1' }),
  )
  put('dry', 'one', trial('one', { colour: 'blue' }), '?dryRun=All')
  put('labels', 'one', trial('one', { colour: 'green' }, { labels: { a: 'b' } }))
  put('a status', 'one', { ...trial('one', { colour: 'green' }), status: { phase: 'Done' } })
  put('fixed', 'full', trial('full', { colour: 'green', fixed: 'there' }))
  put('without fixed', 'full', trial('full', { colour: 'green' }))
  put('something invalid', 'one', trial('one', { colour: 'pink', size: 99 }))
  put('something unknown', 'one', trial('one', { colour: 'green', shape: 'round' }))
  put(
    'something unknown, strictly',
    'one',
    trial('one', { colour: 'green', shape: 'round' }),
    '?fieldValidation=Strict',
  )
  put(
    'another creation time',
    'one',
    trial('one', { colour: 'green' }, { creationTimestamp: '2020-01-01T00:00:00Z' }),
  )
  put('a generation', 'one', trial('one', { colour: 'green' }, { generation: 99 }))
  put(
    'a deletion',
    'one',
    trial('one', { colour: 'green' }, { deletionTimestamp: '2020-01-01T00:00:00Z' }),
  )
  put('no managed fields', 'one', trial('one', { colour: 'green' }, { managedFields: [] }))
  put('empty managed fields', 'one', trial('one', { colour: 'green' }, { managedFields: [{}] }))
  put(
    'as another manager',
    'one',
    trial('one', { colour: 'green', draft: true }),
    '?fieldManager=other',
  )

  // Status.
  const status = `${all}/one/status`
  put('the status', 'one/status', {
    ...trial('one', { colour: 'blue' }),
    status: { phase: 'Pending', count: 0 },
  })
  put('the status with labels', 'one/status', {
    ...trial(
      'one',
      { colour: 'blue' },
      { labels: { z: 'z' }, annotations: { z: 'z' }, finalizers: ['a.b/c'] },
    ),
    status: { phase: 'Pending', count: 2 },
  })
  put('an invalid status', 'one/status', {
    ...trial('one', { colour: 'green' }),
    status: { phase: 'Gone' },
  })
  put('an unknown status', 'one/status', {
    ...trial('one', { colour: 'green' }),
    status: { phase: 'Done', shape: 1 },
  })
  put('no status', 'one/status', trial('one', { colour: 'green' }))
  put('a status with an invalid spec', 'one/status', {
    ...trial('one', { colour: 'pink' }),
    status: { phase: 'Done' },
  })
  merge('merge the status', status, { status: { phase: 'Done' } })
  merge('merge the status again', status, { status: { phase: 'Done' } })
  merge('merge the spec by the status', status, { spec: { colour: 'blue' } })
  merge('merge the status by the object', `${all}/one`, { status: { phase: 'Pending' } })
  jsonPatch('patch the status', status, [
    { op: 'add', path: '/status/conditions', value: [{ type: 'Ready', status: 'True' }] },
  ])
  jsonPatch('patch a wrong status', status, [{ op: 'replace', path: '/status/count', value: -1 }])
  ask('list as a table with a status', 'GET', all, undefined, { accept: TABLE })
  ask('fields of the status', 'GET', `${all}?fieldSelector=status.phase%3DDone`)

  // Patches.
  const one = `${all}/one`
  for (const [what, body] of Object.entries<unknown>({
    'a field': { spec: { size: 5 } },
    'the same field': { spec: { size: 5 } },
    'a field away': { spec: { size: null } },
    labels: { metadata: { labels: { x: 'y', a: null } } },
    'an atomic list': { spec: { words: ['a', 'b'] } },
    'a map': { spec: { labels: { a: '1', b: '2' } } },
    'a map key away': { spec: { labels: { a: null } } },
    anything: { spec: { any: { a: { b: null, c: 1 } } } },
    'the name': { metadata: { name: 'two' } },
    'the namespace': { metadata: { namespace: 'default' } },
    'the uid': { metadata: { uid: '11111111-1111-1111-1111-111111111111' } },
    'an old version': { metadata: { resourceVersion: '1' }, spec: { size: 6 } },
    'the kind': { kind: 'Error' },
    'the apiVersion': { apiVersion: 'example.org/v1' },
    'something invalid': { spec: { size: 99 } },
    'something unknown': { spec: { shape: 1 } },
    nothing: {},
    null: null,
    'a list': [],
    'a text': 'text',
    'spec away': { spec: null },
    finalizers: { metadata: { finalizers: ['example.org/keep'] } },
    'finalizers away': { metadata: { finalizers: null } },
    'what may be null': { spec: { nothing: null } },
    'the generation': { metadata: { generation: 77 } },
  }))
    merge(`merge ${what}`, one, body === 'text' ? '"text"' : body)
  merge('merge what is not there', `${all}/nothing`, {})
  merge('merge broken JSON', one, '{"spec":')
  merge('merge dry', `${one}?dryRun=All`, { spec: { size: 9 } })
  merge('merge strictly', `${one}?fieldValidation=Strict`, { spec: { shape: 1 } })
  for (const [what, body] of Object.entries<unknown>({
    add: [{ op: 'add', path: '/spec/size', value: 4 }],
    replace: [{ op: 'replace', path: '/spec/size', value: 5 }],
    remove: [{ op: 'remove', path: '/spec/draft' }],
    test: [{ op: 'test', path: '/spec/size', value: 5 }],
    'a failing test': [{ op: 'test', path: '/spec/size', value: 7 }],
    'a test of what is not there': [{ op: 'test', path: '/spec/none', value: null }],
    copy: [{ op: 'copy', from: '/spec/colour', path: '/metadata/labels/colour' }],
    move: [{ op: 'move', from: '/metadata/labels/colour', path: '/metadata/labels/moved' }],
    append: [{ op: 'add', path: '/spec/words/-', value: 'z' }],
    insert: [{ op: 'add', path: '/spec/words/0', value: 'first' }],
    'an index beyond': [{ op: 'add', path: '/spec/words/99', value: 'z' }],
    'remove what is not there': [{ op: 'remove', path: '/spec/none' }],
    'replace what is not there': [{ op: 'replace', path: '/spec/none', value: 1 }],
    'a path into nothing': [{ op: 'add', path: '/spec/none/deep', value: 1 }],
    'an escaped path': [
      { op: 'add', path: '/metadata/annotations', value: { 'a/b': '1', 'c~d': '2' } },
      { op: 'replace', path: '/metadata/annotations/a~1b', value: '3' },
      { op: 'remove', path: '/metadata/annotations/c~0d' },
    ],
    'an unknown operation': [{ op: 'wish', path: '/spec' }],
    'no operation': [{ path: '/spec' }],
    'no path': [{ op: 'add', value: 1 }],
    'no value': [{ op: 'add', path: '/spec/size' }],
    'the version': [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }],
    'the name': [{ op: 'replace', path: '/metadata/name', value: 'two' }],
    'something invalid': [{ op: 'add', path: '/spec/size', value: 99 }],
    nothing: [],
    'no list': {},
    everything: [{ op: 'replace', path: '', value: { a: 1 } }],
  }))
    jsonPatch(`patch ${what}`, one, body)
  jsonPatch(
    'patch too much',
    one,
    Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'Trial' })),
  )
  patch('patch strategically', one, 'strategic-merge-patch+json', {})
  patch('patch as JSON', one, 'json', {})
  ask('patch without a content type', 'PATCH', one, '{}', { 'content-type': '' })

  // Server-side apply.
  const me = '?fieldManager=me'
  const mine = (spec: unknown, metadata: Json = {}) => trial('applied', spec, metadata)
  apply('apply without a manager', `${all}/applied`, mine({ colour: 'red' }))
  apply(
    'apply',
    `${all}/applied${me}`,
    mine({
      colour: 'red',
      size: 4,
      labels: { a: '1' },
      parts: [{ name: 'p', note: 'mine' }],
      tags: ['t'],
    }),
  )
  apply(
    'apply again',
    `${all}/applied${me}`,
    mine({
      colour: 'red',
      size: 4,
      labels: { a: '1' },
      parts: [{ name: 'p', note: 'mine' }],
      tags: ['t'],
    }),
  )
  apply(
    'apply less',
    `${all}/applied${me}`,
    mine({ colour: 'red', labels: { a: '1' }, parts: [{ name: 'p' }] }),
  )
  apply('apply as another, the same', `${all}/applied?fieldManager=other`, mine({ colour: 'red' }))
  apply(
    'apply as another, differently',
    `${all}/applied?fieldManager=other`,
    mine({ colour: 'blue', labels: { a: '2' }, parts: [{ name: 'p', note: 'theirs' }] }),
  )
  apply(
    'apply as another, by force',
    `${all}/applied?fieldManager=other&force=true`,
    mine({ colour: 'blue', labels: { a: '2' }, parts: [{ name: 'q', note: 'theirs' }] }),
  )
  apply(
    'apply mine against that',
    `${all}/applied${me}`,
    mine({ colour: 'red', labels: { a: '1' } }),
  )
  apply('apply nothing', `${all}/applied${me}`, mine({}))
  apply('apply something invalid', `${all}/applied${me}`, mine({ colour: 'pink' }))
  apply('apply something unknown', `${all}/applied${me}`, mine({ colour: 'blue', shape: 1 }))
  apply(
    'apply something unknown, strictly',
    `${all}/applied${me}&fieldValidation=Strict`,
    mine({ colour: 'blue', shape: 1 }),
  )
  apply(
    'apply two alike',
    `${all}/applied${me}`,
    mine({ colour: 'blue', parts: [{ name: 'p' }, { name: 'p' }] }),
  )
  apply('apply two tags alike', `${all}/applied${me}`, mine({ colour: 'blue', tags: ['a', 'a'] }))
  apply('apply a wrong type', `${all}/applied${me}`, mine({ colour: 'blue', size: 'x' }))
  apply(
    'apply managed fields',
    `${all}/applied${me}`,
    mine({ colour: 'blue' }, { managedFields: [] }),
  )
  apply(
    'apply managed fields that are some',
    `${all}/applied${me}`,
    mine({ colour: 'blue' }, { managedFields: [{ manager: 'x' }] }),
  )
  apply('apply another name', `${all}/applied${me}`, trial('other', { colour: 'blue' }))
  apply(
    'apply an old version',
    `${all}/applied${me}`,
    mine({ colour: 'blue' }, { resourceVersion: '1' }),
  )
  apply('apply another kind', `${all}/applied${me}`, { ...mine({ colour: 'blue' }), kind: 'Error' })
  apply('apply another version', `${all}/applied${me}`, {
    ...mine({ colour: 'blue' }),
    apiVersion: 'example.org/v1',
  })
  apply(
    'apply YAML',
    `${all}/applied${me}`,
    `apiVersion: ${apiVersion}\nkind: Trial\nmetadata:\n  name: applied\nspec:\n  colour: blue\n  draft: true\n`,
  )
  apply('apply broken YAML', `${all}/applied${me}`, 'a: [')
  apply('apply dry', `${all}/applied${me}&dryRun=All`, mine({ colour: 'blue', draft: false }))
  apply(
    'apply labels',
    `${all}/applied${me}`,
    mine(
      { colour: 'blue' },
      { labels: { l: '1' }, annotations: { n: '1' }, finalizers: ['a.b/c'] },
    ),
  )
  apply('apply without finalizers', `${all}/applied${me}`, mine({ colour: 'blue' }))
  apply('apply a status', `${all}/applied${me}`, {
    ...mine({ colour: 'blue' }),
    status: { phase: 'Done' },
  })
  apply('apply to the status', `${all}/applied/status${me}`, {
    ...mine({ colour: 'red' }),
    status: { phase: 'Done', conditions: [{ type: 'Ready', status: 'True' }] },
  })
  apply('apply to the status as another', `${all}/applied/status?fieldManager=other`, {
    apiVersion,
    kind: 'Trial',
    metadata: { name: 'applied' },
    status: { phase: 'Pending', conditions: [{ type: 'Other', status: 'True' }] },
  })
  apply('apply to the status by force', `${all}/applied/status?fieldManager=other&force=true`, {
    apiVersion,
    kind: 'Trial',
    metadata: { name: 'applied' },
    status: { phase: 'Pending', conditions: [{ type: 'Other', status: 'True' }] },
  })
  apply('apply to the status of nothing', `${all}/nothing/status${me}`, {
    apiVersion,
    kind: 'Trial',
    metadata: { name: 'nothing' },
    status: { phase: 'Done' },
  })
  apply('apply onto what was created', `${one}${me}`, trial('one', { colour: 'blue' }))
  apply(
    'apply onto what was created, by force',
    `${one}${me}&force=true`,
    trial('one', { colour: 'blue' }),
  )
  apply('apply by a long name', `${one}?fieldManager=${'m'.repeat(129)}`, trial('one'))
  apply('apply with a wrong force', `${one}${me}&force=x`, trial('one'))
  merge('force without applying', `${one}?force=true`, { spec: { size: 2 } })
  ask('see it', 'GET', `${all}/applied`)

  // Delete.
  const drop = (what: string, path: string, body?: unknown) =>
    ask(`delete ${what}`, 'DELETE', path, body)
  drop('what is not there', `${all}/nothing`)
  drop('dry', `${all}/list-0?dryRun=All`)
  drop('dry by options', `${all}/list-0`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    dryRun: ['All'],
  })
  drop('with another uid', `${all}/list-0`, {
    preconditions: { uid: '11111111-1111-1111-1111-111111111111' },
  })
  drop('with another version', `${all}/list-0`, { preconditions: { resourceVersion: '1' } })
  drop('with options of another kind', `${all}/list-0`, { apiVersion: 'v1', kind: 'Pod' })
  drop('with broken options', `${all}/list-0`, '{"a":')
  drop('with a wrong policy', `${all}/list-0?propagationPolicy=Maybe`)
  drop('with policy and orphans', `${all}/list-0?propagationPolicy=Orphan&orphanDependents=true`)
  drop('with a negative grace', `${all}/list-0?gracePeriodSeconds=-1`)
  drop('', `${all}/list-0`)
  drop('again', `${all}/list-0`)
  drop('with a grace period', `${all}/list-1?gracePeriodSeconds=30`)
  drop('in the background', `${all}/list-2?propagationPolicy=Background`)
  drop('what is held', `${all}/full`)
  drop('what is held again', `${all}/full`)
  ask('get what is going', 'GET', `${all}/full`)
  put(
    'what is going',
    'full',
    trial(
      'full',
      { colour: 'green', fixed: 'here', size: 1 },
      { finalizers: ['example.org/hold'] },
    ),
  )
  merge('another finalizer on what is going', `${all}/full`, {
    metadata: { finalizers: ['example.org/hold', 'example.org/more'] },
  })
  merge('what is held is let go', `${all}/full`, { metadata: { finalizers: null } })
  ask('get what is gone', 'GET', `${all}/full`)
  drop('a collection by label, dry', `${all}?labelSelector=parity%3Dodd&dryRun=All`)
  drop('a collection by label', `${all}?labelSelector=parity%3Dodd`)
  drop('a collection by field', `${all}?fieldSelector=spec.colour%3Dgreen`)
  drop('a collection by a wrong label', `${all}?labelSelector=a+b`)
  drop('a collection everywhere', '/trials')
  merge('let it go', `${all}/applied`, { metadata: { finalizers: null } })
  ask('list what is left', 'GET', `${all}?fieldSelector=metadata.name%3Done`)
  drop('everything', all)
  ask('list nothing', 'GET', all)
  return asked
}
