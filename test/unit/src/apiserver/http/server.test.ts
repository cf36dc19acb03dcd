import { connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import { Agent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import type { Authenticator } from '#src/apiserver/auth/auth.ts'
import { IN_FLIGHT_LIMITS } from '#src/apiserver/http/in-flight.ts'
import type { Answer, ApiRequest } from '#src/apiserver/request.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { StorageUnavailable } from '#src/apiserver/storage/store.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import { note } from '#test/support/activity-memory.ts'
import { runActivityServer, type Running } from '#test/support/activity-server.ts'

const NOTES = '/apis/test.example/v1/namespaces/a/notes'
const ALL = '/apis/test.example/v1/notes'
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }

async function running(t: Test, ...args: Parameters<typeof runActivityServer>): Promise<Running> {
  const run = await runActivityServer(...args)
  t.teardown(async () => {
    run.server.drain()
    await run.server.close()
  })
  return run
}

const limits = { ...IN_FLIGHT_LIMITS, requestMs: 34_000 }
const done: Answer = { type: 'status', code: 200, status: { kind: 'Status', status: 'Success' } }

/** Handlers that answer with what `serve` says. */
const serving = (serve: (request: ApiRequest) => Promise<Answer>) => ({
  handlers: {
    get: serve,
    list: serve,
    create: serve,
    update: serve,
    patch: serve,
    delete: serve,
    deletecollection: serve,
  },
})

t.test('gets, lists and watches over a socket', async t => {
  const { storage, ask, stream } = await running(t)
  storage.put(note('one'))
  storage.put(note('two', { namespace: 'b' }))
  const got = await ask(`${NOTES}/one`)
  t.equal(got.code, 200)
  t.match(got.headers, {
    'content-type': /^application\/json$/,
    'cache-control': 'no-cache, private',
  })
  t.match(got.json, { kind: 'Note', metadata: { name: 'one', resourceVersion: '101' } })
  t.equal((await ask(`${NOTES}/one`, { method: 'HEAD' })).text, '')
  const listed = await ask(ALL)
  t.match(listed.json, {
    kind: 'NoteList',
    apiVersion: 'test.example/v1',
    metadata: { resourceVersion: '102' },
    items: [{ metadata: { name: 'one' } }, { metadata: { name: 'two' } }],
  })
  t.match((await ask(ALL, { headers: TABLE })).json, {
    kind: 'Table',
    rows: [{ cells: ['one'] }, {}],
  })
  const watch = await stream(`${NOTES}?watch=true&resourceVersion=101`, { headers: TABLE })
  t.match(watch.response.headers, {
    'content-type': 'application/json',
    'transfer-encoding': 'chunked',
    'cache-control': 'no-cache, private',
  })
  storage.put(note('three'))
  storage.put(note('four'))
  t.match(await watch.take(2), [
    {
      type: 'ADDED',
      object: { kind: 'Table', columnDefinitions: [{}], rows: [{ cells: ['three'] }] },
    },
    { type: 'ADDED', object: { columnDefinitions: null, rows: [{ cells: ['four'] }] } },
  ])
})

t.test('pages of a list, and what is gone', async t => {
  const { storage, ask, stream } = await running(t)
  for (const name of ['1', '2', '3']) storage.put(note(name))
  const first = (await ask(`${NOTES}?limit=2`)).json as { metadata: { continue: string } }
  t.match(first, { metadata: { remainingItemCount: 1 } })
  const { continue: token } = first.metadata
  t.match((await ask(`${NOTES}?limit=2&continue=${token}`)).json, {
    items: [{ metadata: { name: '3' } }],
  })
  storage.tick()
  storage.floor = 104
  const gone = await ask(`${NOTES}?limit=2&continue=${token}`)
  t.match(gone, { code: 410, json: { reason: 'Expired', metadata: { continue: /./ } } })
  const next = (gone.json as { metadata: { continue: string } }).metadata.continue
  t.match((await ask(`${NOTES}?continue=${next}`)).json, { items: [{ metadata: { name: '3' } }] })
  const watch = await stream(`${NOTES}?watch=1&resourceVersion=7`)
  t.equal(watch.response.statusCode, 200)
  t.match(await watch.end(), [{ type: 'ERROR', object: { code: 410 } }])
})

t.test('a long list in chunks, compressed for those who take it', async t => {
  const { storage, ask } = await running(t)
  for (let i = 0; i < 300; i++) storage.put(note(`n${i}`, { text: 'ü'.repeat(5_000) }))
  const plain = await ask(NOTES)
  t.equal(plain.headers['transfer-encoding'], 'chunked')
  t.equal((plain.json['items'] as []).length, 300)
  const zipped = await ask(NOTES, { headers: { 'accept-encoding': 'gzip' } })
  t.equal(zipped.headers['content-encoding'], 'gzip')
  t.equal(gunzipSync(zipped.bytes).toString(), plain.text)
  t.ok(zipped.bytes.length < plain.bytes.length / 10)
})

t.test('says what is wrong with a request', async t => {
  const { ask } = await running(t)
  const json = { 'content-type': 'application/json' }
  const cases: [string, Parameters<Running['ask']>[1], number, RegExp][] = [
    ['/apis/test.example/v1/others', {}, 404, /^the server could not find the requested resource$/],
    ['/nowhere', {}, 404, /^the server could not find the requested resource$/],
    [`${NOTES}/n`, { method: 'POST' }, 405, /^create is not supported on resources of kind/],
    [NOTES, { method: 'OPTIONS' }, 405, /^options is not supported/],
    ['/nowhere', { method: 'PROPFIND' }, 404, /^the server could not find/],
    [NOTES, { method: 'PROPFIND' }, 405, /^propfind is not supported/],
    [`${NOTES}/%zz`, {}, 400, /./],
    [`${NOTES}?timeout=x`, {}, 400, /^invalid timeout specified in the request URL/],
    [`${NOTES}?limit=x`, {}, 400, /^strconv.ParseInt/],
    [`${NOTES}?watch=1&sendInitialEvents=1`, {}, 422, /^ListOptions.meta.k8s.io "" is invalid/],
    [NOTES, { headers: { accept: 'application/yaml' } }, 406, /^only the following media types/],
    [
      NOTES,
      { headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' } },
      406,
      /^you requested PartialObjectMetadata/,
    ],
    [
      NOTES,
      { method: 'POST', body: 'x', headers: { 'content-type': 'text/x' } },
      415,
      /unknown format/,
    ],
    [
      NOTES,
      { method: 'POST', body: 'x', headers: { 'content-type': '???' } },
      415,
      /unknown format/,
    ],
    [
      NOTES,
      { method: 'POST', body: 'x'.repeat(3 * 1024 * 1024 + 1), headers: json },
      413,
      /^Request entity too large: limit is 3145728$/,
    ],
  ]
  for (const [path, options, code, message] of cases) {
    const answer = await ask(path, options)
    t.match(answer, { code, json: { kind: 'Status', code, message } }, `${path} ${code}`)
    t.equal(answer.headers['content-type'], 'application/json')
  }
})

t.test('hands on what was sent', async t => {
  const seen: ApiRequest[] = []
  const { ask } = await running(
    t,
    serving(async request => (seen.push(request), done)),
  )
  const headers = { 'content-type': 'application/yaml; charset=utf-8', 'user-agent': 'me/1' }
  t.match(await ask(NOTES, { method: 'POST', body: 'a: b', headers }), {
    code: 200,
    json: { status: 'Success' },
  })
  await ask(`${NOTES}/n`, { method: 'DELETE' })
  await ask(`${NOTES}/n`, { method: 'DELETE', body: '{}', headers: { 'content-length': '2' } })
  await ask(NOTES, { method: 'POST', body: '{}', headers: { 'content-type': '' } })
  t.match(seen, [
    {
      verb: 'create',
      contentType: 'application/yaml',
      userAgent: 'me/1',
      user: { username: 'somebody' },
    },
    { verb: 'delete', name: 'n', contentType: '', userAgent: '' },
    { verb: 'delete' },
    // An empty one says nothing, as in kube-apiserver.
    { verb: 'create', contentType: '' },
  ])
  t.strictSame(
    seen.map(({ body }) => body.toString()),
    ['a: b', '', '{}', '{}'],
  )
})

t.test('says what went wrong, but no more than that', async t => {
  const failing = (error: Error) =>
    running(
      t,
      serving(() => Promise.reject(error)),
    )
  const said = await failing(new StatusError(409, 'Conflict', 'no', { retryAfterSeconds: 2 }))
  t.match(await said.ask(NOTES), {
    code: 409,
    headers: { 'retry-after': '2' },
    json: { message: 'no' },
  })
  const away = await failing(new StorageUnavailable('x'))
  t.match(await away.ask(NOTES), { code: 503, headers: { 'retry-after': '1' } })
  const broken = await failing(new Error('secret'))
  const answer = await broken.ask(NOTES, { method: 'POST', body: '{"password":"hunter2"}' })
  t.match(answer, {
    code: 500,
    json: { reason: 'InternalError', message: 'Internal error occurred' },
  })
  t.notMatch(answer.text, 'secret')
  t.match(broken.logged.join(''), /could not answer/)
  t.notMatch(broken.logged.join(''), /hunter2/)
})

t.test('warns', async t => {
  const serve = async (request: ApiRequest) => {
    request.warn('old')
    request.warn('ä')
    if (request.verb === 'list') throw new StatusError(400, 'BadRequest', 'no')
    return done
  }
  const { ask } = await running(t, serving(serve))
  for (const path of [`${NOTES}/n`, NOTES]) {
    const { warning } = (await ask(path)).headers
    t.equal(Buffer.from(String(warning), 'latin1').toString(), '299 - "old", 299 - "ä"')
  }
  const watching = await running(t, {
    watch: async (request, _, open) => {
      request.warn('new')
      open().end()
    },
  })
  t.match((await watching.ask(`${NOTES}?watch=1`)).headers, { warning: '299 - "new"' })
})

t.test('asks who it is and whether he may, before it looks at anything else', async t => {
  const asked: unknown[] = []
  const authenticator: Authenticator = {
    authenticate: async ({ headers }) => {
      if (!headers['x-remote-user']) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
      return { username: String(headers['x-remote-user']) }
    },
  }
  const { ask } = await running(t, {
    authenticator,
    authorizer: {
      authorize: async ({ username }, access) => {
        asked.push(access)
        if (username === 'nobody') throw new StatusError(403, 'Forbidden', 'no')
      },
    },
  })
  for (const path of [NOTES, '/apis/test.example/v1/others', '/apis/test.example/v1'])
    t.match(await ask(path), { code: 401, json: { reason: 'Unauthorized' } })
  t.strictSame(asked, [])
  t.match(await ask(NOTES, { headers: { 'x-remote-user': 'nobody' } }), { code: 403 })
  const headers = { 'x-remote-user': 'me' }
  t.match(await ask('/apis/test.example/v1', { headers }), { code: 200, text: '{"kind":"x"}' })
  t.match(asked, [
    { verb: 'list', resource: 'notes', namespace: 'a' },
    { path: '/apis/test.example/v1', verb: 'get' },
  ])
})

t.test("health is nobody's secret", async t => {
  let why: string | undefined = 'not yet'
  const { ask, server } = await running(t, {
    authenticator: { authenticate: () => Promise.reject(new Error('x')) },
    unreadiness: () => why,
  })
  t.match(await ask('/readyz?verbose'), { code: 503, text: 'not yet' })
  t.match(await ask('/livez'), { code: 200, text: 'ok' })
  why = undefined
  t.match(await ask('/healthz'), { code: 200, text: 'ok' })
  server.drain()
  t.match(await ask('/readyz'), { code: 503, text: 'stopping' })
  t.match(await ask('/livez'), { code: 200 })
  const plain = await running(t)
  t.match(await plain.ask('/readyz'), { code: 200, text: 'ok' })
})

t.test('turns away whom it has no place for', async t => {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const { ask, stream, metrics } = await running(t, {
    ...serving(() => promise),
    authenticator: {
      authenticate: async ({ headers }) => ({
        username: String(headers['x-remote-user']),
        groups: headers['x-remote-user'] === 'admin' ? ['system:masters'] : [],
      }),
    },
    limits: { ...limits, reading: 1, writing: 1, watching: 1 },
  })
  const as = (user: string, method = 'GET') => ({ method, headers: { 'x-remote-user': user } })
  const first = ask(NOTES, as('a'))
  const writes = ask(NOTES, as('a', 'POST'))
  await sleep(50)
  const late = { code: 429, headers: { 'retry-after': '1' }, json: { reason: 'TooManyRequests' } }
  t.match(await ask(NOTES, as('b')), late)
  t.match(await ask(NOTES, as('b', 'POST')), late)
  t.equal((await ask('/apis/test.example/v1', as('b'))).code, 200)
  const admin = ask(NOTES, as('admin'))
  await stream(`${NOTES}?watch=1`, as('a'))
  t.match(await ask(`${NOTES}?watch=1`, as('b')), late)
  t.match(await metrics.metrics(), /kradle_apiserver_in_flight_requests{kind="watching"} 1/)
  resolve(done)
  for (const answer of [first, writes, admin]) t.equal((await answer).code, 200)
  t.equal((await ask(NOTES, as('b'))).code, 200)
})

t.test('takes no longer than it may', async t => {
  let signal: AbortSignal | undefined
  const { ask, logged } = await running(t, {
    ...serving(request => {
      signal = request.signal
      return new Promise(() => undefined)
    }),
    limits: { ...limits, requestMs: 200 },
  })
  t.match(await ask(NOTES), {
    code: 504,
    json: { message: 'Timeout: request did not complete within the allotted timeout' },
  })
  t.ok(signal!.aborted)
  const start = Date.now()
  t.match(await ask(`${NOTES}?timeout=20ms`), { code: 504 })
  t.ok(Date.now() - start < 150)
  await ask(NOTES, { signal: AbortSignal.timeout(30) }).catch(() => undefined)
  await sleep(50)
  t.match(signal!.reason, { code: 499 })
  t.strictSame(logged, [])
})

t.test('keeps nothing for those who do not read it', async t => {
  const { storage, stream, metrics } = await running(t, { limits: { ...limits, requestMs: 300 } })
  for (let i = 0; i < 100; i++) storage.put(note(`n${i}`, { text: 'x'.repeat(200_000) }))
  const { response } = await stream(NOTES)
  response.pause()
  while (!(await metrics.metrics()).includes('verb="list",resource="notes",code="499"'))
    await sleep(20)
  t.notOk(response.complete)
})

t.test('ends watches when it goes away', async t => {
  const { storage, stream, ask, server, metrics } = await runActivityServer()
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
  const watch = await stream(`${NOTES}?watch=1`)
  storage.put(note('1'))
  await watch.take(1)
  t.match(await metrics.metrics(), /kradle_apiserver_watchers{resource="notes"} 1/)
  t.match((await ask(NOTES, { agent })).headers, { connection: 'keep-alive' })
  server.drain()
  await watch.end()
  t.ok(watch.response.complete)
  t.match((await ask(NOTES, { agent })).headers, { connection: 'close' })
  t.match(await ask(`${NOTES}?watch=1`), { code: 503, headers: { 'retry-after': '1' } })
  t.equal(storage.listeners.size, 0)
  await server.close()
  t.match(await metrics.metrics(), /kradle_apiserver_watchers{resource="notes"} 0/)
  agent.destroy()
})

t.test('goes away although a client keeps a connection ready', async t => {
  const { server, port } = await runActivityServer()
  const spare = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  spare.on('error', () => {})
  const closed = new Promise(resolve => spare.once('close', resolve))
  await new Promise(resolve => spare.once('secureConnect', resolve))
  server.drain()
  await server.close()
  await closed
  t.ok(spare.destroyed)
})

t.test('a watch that breaks off, and one that never began', async t => {
  const broken = await running(t, {
    watch: async (_, __, open) => {
      open().send(Buffer.from('{"type":"ADDED"}\n'))
      throw new Error('x')
    },
  })
  const watch = await broken.stream(`${NOTES}?watch=1`)
  await watch.end()
  t.notOk(watch.response.complete)
  t.match(broken.logged.join(''), /could not answer/)
  const { storage, ask, metrics } = await running(t)
  storage.broken = new StorageUnavailable('x')
  t.match(await ask(`${NOTES}?watch=1`), { code: 503, headers: { 'retry-after': '1' } })
  t.match(await metrics.metrics(), /verb="watch",resource="notes",code="503"} 1/)
})

t.test('cuts off a watch that nobody reads', async t => {
  const { storage, stream, metrics } = await running(t, {}, { waiting: 100_000 })
  const watch = await stream(`${NOTES}?watch=1&resourceVersion=100`)
  watch.response.pause()
  for (let i = 0; i < 200 && storage.listeners.size > 0; i++) {
    storage.put(note('n', { text: 'x'.repeat(200_000) }))
    await sleep(1)
  }
  t.equal(storage.listeners.size, 0)
  t.match(
    await metrics.metrics(),
    /kradle_apiserver_watch_dropped_bytes_total{resource="notes"} \d{6}/,
  )
})

t.test('speaks HTTP/1.1 alone, asks for a certificate, and changes its own', async t => {
  const shown: (PeerCertificate | null)[] = []
  const { port, server } = await running(t, {
    authenticator: {
      authenticate: async request => {
        const of = (request.socket as TLSSocket).getPeerCertificate()
        shown.push(Object.keys(of).length > 0 ? of : null)
        return {}
      },
    },
  })
  const client = await issue({ hosts: ['client'], lifetimeMs: 3_600_000, now: new Date() })
  const other = await issue({ hosts: ['other'], lifetimeMs: 3_600_000, now: new Date() })
  const talk = (options: object) =>
    new Promise<TLSSocket>((resolve, reject) => {
      const socket = connect(
        {
          host: '127.0.0.1',
          port,
          rejectUnauthorized: false,
          ALPNProtocols: ['h2', 'http/1.1'],
          ...options,
        },
        () => {
          socket.once('data', () => resolve(socket))
          socket.write(`GET ${NOTES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
        },
      ).on('error', reject)
    })
  const plain = await talk({})
  t.equal(plain.alpnProtocol, 'http/1.1')
  const before = plain.getPeerX509Certificate()!.fingerprint256
  server.setCertificate({ cert: other.certificate, key: other.key })
  const certified = await talk({ cert: client.certificate, key: client.key })
  t.not(certified.getPeerX509Certificate()!.fingerprint256, before)
  t.equal(shown[0], null)
  t.match(shown[1], { fingerprint256: /:/ })
  await t.rejects(talk({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }))
  for (const socket of [plain, certified]) socket.destroy()
})

t.test('takes many headers of a user', async t => {
  const { ask } = await running(t)
  const groups = Array.from({ length: 500 }, (_, i) => `group-${i}-${'x'.repeat(100)}`)
  t.equal((await ask(NOTES, { headers: { 'x-remote-group': groups } })).code, 200)
  const many = Array.from({ length: 3_000 }, (_, i) => `${i}`)
  t.equal((await ask(NOTES, { headers: { 'x-many': many } })).code, 200)
  t.equal((await ask(`${NOTES}?x=${'y'.repeat(50_000)}`)).code, 200)
})

t.test('counts what it answers', async t => {
  const { ask, metrics } = await running(t)
  await ask(`${NOTES}/n`)
  await ask('/apis')
  const text = await metrics.metrics()
  t.match(text, /duration_seconds_count{verb="get",resource="notes",code="404"} 1/)
  t.match(text, /duration_seconds_count{verb="other",resource="",code="404"} 1/)
  t.match(text, /in_flight_requests{kind="reading"} 0/)
})

t.test('a thousand watchers do not cost a thousand times', async t => {
  const { storage, port, stream, server } = await runActivityServer({
    limits: { ...limits, watching: 2_000, ofUser: 1 },
  })
  t.ok(port)
  const parse = JSON.stringify
  const watches = []
  for (let i = 0; i < 1_000; i++) watches.push(await stream(`${NOTES}?watch=1&resourceVersion=100`))
  let made = 0
  JSON.stringify = ((...args: Parameters<typeof parse>) => {
    made++
    return parse(...args)
  }) as typeof parse
  const start = Date.now()
  for (let i = 0; i < 20; i++) {
    storage.put(note(`n${i}`))
    await sleep(1)
  }
  JSON.stringify = parse
  await Promise.all(watches.map(watch => watch.take(20)))
  t.comment(`20 events to 1,000 watchers in ${Date.now() - start} ms`)
  t.ok(made < 100)
  server.drain()
  await Promise.all(watches.map(watch => watch.end()))
  await server.close()
})
