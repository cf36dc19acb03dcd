import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { discovery } from '#src/apiserver/discovery/discovery.ts'
import { namingReview } from '#test/fixtures/activity/reviews.ts'

const ask = discovery(readDefinitions('test/fixtures/activity'), [namingReview])
const GROUP = 'activity.kradle.a5c.ai'
const VERSION = `/apis/${GROUP}/v1alpha1`
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

const json = (path: string, accept?: string) => JSON.parse(ask(path, { accept })!.body)

t.test('answers its own paths alone', async t => {
  for (const path of [
    '/',
    '/version',
    '/apis/other',
    `${VERSION}/plains`,
    '/openapi',
    '/openapi/v3/',
  ])
    t.equal(ask(path, {})?.code, path === '/openapi/v3/' ? 200 : undefined, path)
})

t.test('lists groups, versions and resources', async t => {
  t.match(json('/apis'), { kind: 'APIGroupList', apiVersion: 'v1', groups: [{ name: GROUP }] })
  t.strictSame(json('/apis/'), json('/apis'))
  t.match(json(`/apis/${GROUP}`), { kind: 'APIGroup', apiVersion: 'v1', name: GROUP })
  const names = json(VERSION).resources.map(({ name }: { name: string }) => name)
  t.strictSame(names, [
    'namingreviews',
    'opens',
    'opens/status',
    'plains',
    'plains/status',
    'specimens',
    'specimens/status',
  ])
  t.match(ask(VERSION, {}), { code: 200, headers: { 'content-type': 'application/json' } })
})

t.test('gives everything at once to who takes it', async t => {
  const answer = ask('/apis', { accept: AGGREGATED })!
  t.match(answer, {
    code: 200,
    headers: {
      'content-type': AGGREGATED,
      vary: 'Accept',
      'cache-control': 'public',
      etag: /^"[0-9A-F]{128}"$/,
    },
  })
  t.match(JSON.parse(answer.body), {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    items: [{ metadata: { name: GROUP }, versions: [{ version: 'v1alpha1' }] }],
  })
  const older = AGGREGATED.replace('v2', 'v2beta1')
  t.equal(json('/apis', older).apiVersion, 'apidiscovery.k8s.io/v2beta1')
  const kubectl = `${AGGREGATED},${older},application/json`
  t.equal(json('/apis', kubectl).kind, 'APIGroupDiscoveryList')
  t.equal(json('/apis', `${AGGREGATED};q=0.5,application/json`).kind, 'APIGroupList')
  t.equal(json('/apis', 'application/json;as=Table;g=meta.k8s.io;v=v1,*/*').kind, 'APIGroupList')
})

t.test('says nothing new to who knows it', async t => {
  for (const [path, accept] of [
    ['/apis', AGGREGATED],
    ['/openapi/v2', 'application/json'],
    ['/openapi/v3', '*/*'],
  ] as const) {
    const { etag } = ask(path, { accept })!.headers
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = ask(path, { accept, 'if-none-match': known })!
      t.match(answer, { code: 304, headers: { etag }, body: '' }, `${path} ${known}`)
    }
    t.equal(ask(path, { accept, 'if-none-match': '"x"' })?.code, 200)
  }
})

t.test('answers 406 to who takes no JSON', async t => {
  const answer = ask(VERSION, { accept: 'application/vnd.kubernetes.protobuf' })!
  t.equal(answer.code, 406)
  t.match(JSON.parse(answer.body), { kind: 'Status', reason: 'NotAcceptable', code: 406 })
  t.equal(ask('/apis', { accept: 'text/html' })?.code, 406)
  t.match(ask('/openapi/v2', { accept: PROTOBUF }), { code: 406, body: '' })
  t.equal(ask('/openapi/v2', { accept: `${PROTOBUF},*/*` })?.code, 200)
})

t.test('keeps OpenAPI documents where their hash is', async t => {
  t.equal(json('/openapi/v2').swagger, '2.0')
  const path = `/openapi/v3${VERSION}`
  const { serverRelativeURL: url } = json('/openapi/v3').paths[VERSION.slice(1)]
  t.match(url, new RegExp(String.raw`^${path}\?hash=[0-9A-F]{128}$`))
  const answer = ask(url, {})!
  t.match(answer, {
    code: 200,
    headers: { 'cache-control': /immutable/, etag: `"${url.split('=')[1]}"` },
  })
  t.equal(answer.body, ask(path, {})?.body)
  t.notOk('cache-control' in ask(path, {})!.headers)
  t.match(ask(`${path}?hash=OLD`, {}), { code: 301, headers: { location: url }, body: '' })
  t.match(JSON.parse(answer.body), { openapi: '3.0.0' })
})
