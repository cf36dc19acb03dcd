import t from 'tap'
import { isTrue, requestInfoFor } from '#src/apiserver/http/request-info.ts'
import { testResource } from '#test/support/activity-memory.ts'

const understand = requestInfoFor([testResource(), testResource('boards', false)])
const G = '/apis/test.example/v1'
const ALL = `${G}/notes`
const IN = `${G}/namespaces/a/notes`

t.test('understands what is asked of a resource', async t => {
  const cases: [string, string, object][] = [
    ['GET', ALL, { verb: 'list', namespace: '', name: '', subresource: '' }],
    ['GET', `${ALL}/?watch=true`, { verb: 'watch', namespace: '' }],
    ['GET', `${IN}?watch=1&limit=3`, { verb: 'watch', namespace: 'a' }],
    ['GET', `${IN}?watch=False`, { verb: 'list', namespace: 'a' }],
    ['GET', `${IN}/x?watch=true`, { verb: 'get', name: 'x' }],
    ['HEAD', `${IN}/x`, { verb: 'get', name: 'x' }],
    ['POST', IN, { verb: 'create', name: '' }],
    ['PUT', `${IN}/x`, { verb: 'update' }],
    ['PATCH', `${IN}/x/status`, { verb: 'patch', subresource: 'status', name: 'x' }],
    ['DELETE', `${IN}/x`, { verb: 'delete' }],
    ['DELETE', IN, { verb: 'deletecollection', namespace: 'a' }],
    ['GET', `${IN}/x%2Ey`, { verb: 'get', name: 'x.y' }],
    ['GET', `${G}/boards/b`, { verb: 'get', name: 'b', namespace: '' }],
    ['POST', `${G}/boards`, { verb: 'create', namespace: '' }],
  ]
  for (const [method, url, info] of cases)
    t.match(understand(method, url), { type: 'resource', info }, `${method} ${url}`)
  const target = understand('GET', `${IN}?limit=3`)
  t.equal(target.type === 'resource' && target.info.query.get('limit'), '3')
})

t.test('what is only ever asked has one path and one method', async t => {
  const asked = requestInfoFor([
    { ...testResource(), virtual: true },
    { ...testResource('boards', false), virtual: true },
  ])
  t.match(asked('POST', IN), { type: 'resource', info: { verb: 'create', namespace: 'a' } })
  t.match(asked('POST', `${G}/boards`), { type: 'resource', info: { verb: 'create' } })
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    t.match(asked(method, IN), { type: 'refused', error: { code: 405 } }, method)
  t.match(asked('GET', `${IN}?watch=1`), { type: 'refused', error: { code: 405 } })
  for (const path of [ALL, `${IN}/x`, `${IN}/x/status`, `${G}/boards/x`])
    for (const method of ['GET', 'POST', 'DELETE'])
      t.match(asked(method, path), { type: 'refused', error: { code: 404 } }, path)
})

t.test('everything else is a path', async t => {
  for (const path of ['/', '/apis', '/apis/test.example', G, '/openapi/v3', '/version'])
    t.strictSame(understand('GET', `${path}?timeout=32s`), { type: 'path', path, verb: 'get' })
})

t.test('refuses in the words of the API server', async t => {
  const lost = 'the server could not find the requested resource'
  const cases: [string, string, number, string][] = [
    ['GET', '/apis/test.example/v1/others', 404, lost],
    ['GET', '/apis/test.example/v2/notes', 404, lost],
    ['GET', '/apis/other/v1/notes', 404, lost],
    ['GET', `${G}/watch/notes`, 404, lost],
    ['GET', `${G}/namespaces/a`, 404, lost],
    ['GET', `${IN}/x/status/more`, 404, lost],
    ['GET', `${ALL}/x`, 404, lost],
    ['POST', ALL, 404, lost],
    ['DELETE', ALL, 404, lost],
    ['GET', `${G}/namespaces/a/boards`, 404, lost],
    ['GET', `${IN}//status`, 404, lost],
    ['GET', `${IN}/x/log`, 404, 'notes.test.example "x" not found'],
    ['GET', `${IN}/x%2fy`, 404, 'notes.test.example "x/y" not found'],
    ['GET', `${IN}/x%00y`, 404, String.raw`notes.test.example "x\x00y" not found`],
    ['GET', `${IN}/%zz`, 400, 'the path of the request is not properly encoded'],
    ['PUT', IN, 400, 'name must be provided'],
    ['PATCH', IN, 400, 'name must be provided'],
    ['POST', `${IN}/x`, 405, 'create is not supported on resources of kind "notes.test.example"'],
    [
      'POST',
      `${IN}/x/status`,
      405,
      'create is not supported on resources of kind "notes.test.example"',
    ],
    [
      'DELETE',
      `${IN}/x/status`,
      405,
      'delete is not supported on resources of kind "notes.test.example"',
    ],
    ['OPTIONS', IN, 405, 'options is not supported on resources of kind "notes.test.example"'],
    [
      'HEAD',
      `${IN}?watch=1`,
      405,
      'head is not supported on resources of kind "notes.test.example"',
    ],
  ]
  for (const [method, url, code, message] of cases)
    t.match(
      understand(method, url),
      { type: 'refused', error: { code, message } },
      `${method} ${url}`,
    )
})

t.test('only absence, 0 and false mean no', async t => {
  for (const no of [null, '0', 'false', 'FALSE']) t.notOk(isTrue(no))
  for (const yes of ['', '1', 'true', 'yes', 'no']) t.ok(isTrue(yes))
})

t.test('slashes in a row take no longer than anything else of their length', async t => {
  const begun = performance.now()
  understand('GET', `/apis/${'/'.repeat(500_000)}x${'/'.repeat(500_000)}`)
  t.ok(performance.now() - begun < 1_000)
})
