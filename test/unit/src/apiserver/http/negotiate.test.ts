import t from 'tap'
import { acceptsGzip, bodyType, negotiate } from '#src/apiserver/http/negotiate.ts'

const none = new URLSearchParams()
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const BETA = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io'
const META = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

t.test('finds the form that is wanted most', async t => {
  const cases: [string | undefined, string][] = [
    [undefined, 'object'],
    ['', 'object'],
    ['*/*', 'object'],
    ['*', 'object'],
    ['application/*', 'object'],
    ['application/json', 'object'],
    ['Application/JSON; charset=utf-8', 'object'],
    ['application/json;stream=watch', 'object'],
    ['application/json, */*', 'object'],
    [`${TABLE},${BETA},application/json`, 'Table'],
    [`${BETA},application/json`, 'object'],
    [
      `application/vnd.kubernetes.protobuf;${META},application/json;${META}`,
      'PartialObjectMetadataList',
    ],
    ['application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'PartialObjectMetadata'],
    ['application/vnd.kubernetes.protobuf,application/json', 'object'],
    ['application/yaml, application/json;q=0.1', 'object'],
    [`application/json;q=0.5, ${TABLE};q=0.6`, 'Table'],
    [`*/*, ${TABLE}`, 'Table'],
    [`application/*, */*, ${TABLE}`, 'Table'],
    ['application/json;as=Other;g=meta.k8s.io;v=v1,application/json', 'object'],
    ['application/json;v=v1,application/json', 'object'],
    ['application/json;a=b=c;x;q=1', 'object'],
    ['nonsense, text/plain/x, application/json', 'object'],
  ]
  for (const [accept, form] of cases)
    t.equal(negotiate(accept, none).form, form, accept ?? 'nothing')
})

t.test('has nothing else to offer', async t => {
  const message = 'only the following media types are accepted: application/json'
  for (const accept of [
    'application/yaml',
    'application/vnd.kubernetes.protobuf',
    'text/*',
    'application/json;q=0',
    'application/json;q=x',
    'application/json;stream=other',
    'application/json;sv=v1',
    BETA,
  ])
    t.throws(() => negotiate(accept, none), { code: 406, message }, accept)
})

t.test('a Table says what is in its rows', async t => {
  const of = (include: string) => negotiate(TABLE, new URLSearchParams({ includeObject: include }))
  t.equal(negotiate(TABLE, none).includeObject, 'Metadata')
  for (const include of ['Metadata', 'Object', 'None']) t.equal(of(include).includeObject, include)
  t.equal(of('').includeObject, 'Metadata')
  t.throws(() => of('x'), {
    code: 400,
    message:
      "Unable to convert to Table as requested: includeObject: Invalid value: \"x\": must be 'Metadata', 'Object', 'None', or empty",
  })
  t.equal(negotiate('*/*', new URLSearchParams({ includeObject: 'x' })).form, 'object')
})

t.test('compresses for those who say so', async t => {
  t.ok(acceptsGzip('deflate, gzip'))
  t.notOk(acceptsGzip('br'))
  t.notOk(acceptsGzip(undefined))
})

t.test('reads JSON and YAML', async t => {
  t.equal(bodyType('create', 'application/JSON; charset=utf-8', 3), 'application/json')
  t.equal(bodyType('update', 'application/yaml', 3), 'application/yaml')
  t.equal(bodyType('create', undefined, 3), '')
  t.equal(
    bodyType('delete', 'application/vnd.kubernetes.protobuf', 0),
    'application/vnd.kubernetes.protobuf',
  )
  t.equal(bodyType('patch', 'application/apply-patch+yaml', 3), 'application/apply-patch+yaml')
  for (const type of ['application/vnd.kubernetes.protobuf', 'application/cbor', 'x'])
    t.throws(() => bodyType('create', type, 3), {
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    })
  for (const type of ['application/strategic-merge-patch+json', 'application/json', undefined])
    t.throws(() => bodyType('patch', type, 3), {
      code: 415,
      message:
        /application\/json-patch\+json, application\/merge-patch\+json, application\/apply-patch\+yaml$/,
    })
})
