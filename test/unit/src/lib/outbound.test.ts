import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import { getDocument, guardedLookup, type OutboundOptions } from '#src/lib/outbound.ts'

const ca = await issueCa('test', new Date())
const leaf = await issueLeaf(
  ca,
  { commonName: 'issuer', usages: ['server'], dns: ['localhost'], ips: ['127.0.0.1'] },
  new Date(),
)

/** What each path of the server does. */
const paths: Record<string, RequestListener> = {
  '/ok': (request, response) => response.end(JSON.stringify(request.headers)),
  '/moved': (_, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/broken': (_, response) => response.writeHead(500).end('secret'),
  '/long': (_, response) => response.end('a'.repeat(2000)),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('a', () => response.destroy())
  },
  '/silent': () => {},
}
const server = createServer(leaf, (request, response) =>
  paths[String(request.url)]?.(request, response),
)
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
t.teardown(() => {
  server.closeAllConnections()
  server.close()
})
const { port } = server.address() as AddressInfo

const options: OutboundOptions = {
  allowPrivate: true,
  ca: [ca.cert],
  timeoutMs: 5000,
  maxBytes: 1000,
  signal: new AbortController().signal,
}
const get = (path: string, changes: Partial<OutboundOptions> = {}, host = 'localhost') =>
  getDocument(new URL(`https://${host}:${port}${path}`), { ...options, ...changes })
const nowhere = { failure: 'its name leads to no public address' }

t.test('gets a document, and sends nothing along', async t => {
  for (const host of ['localhost', '127.0.0.1']) {
    const outcome = (await get('/ok', {}, host)) as { body: string }
    t.strictSame(Object.keys(JSON.parse(outcome.body) as object).toSorted(), [
      'accept',
      'connection',
      'host',
      'user-agent',
    ])
  }
})

t.test('follows no redirect, and shows nothing of an error', async t => {
  t.strictSame(await get('/moved'), { failure: 'it answered 302' })
  t.strictSame(await get('/broken'), { failure: 'it answered 500' })
})

t.test('reads no more than it should', async t => {
  t.strictSame(await get('/long'), { failure: 'its answer is longer than 1000 bytes' })
  t.match(await get('/long', { maxBytes: 2000 }), { body: /^a{2000}$/ })
})

t.test('does not take half an answer', async t => {
  t.strictSame(await get('/cut'), { failure: 'the connection failed (ECONNRESET)' })
})

t.test('waits only so long', async t => {
  t.strictSame(await get('/silent', { timeoutMs: 200 }), {
    failure: 'it did not answer within 0.2 s',
  })
})

t.test('ends when it is called off', async t => {
  const calledOff = new AbortController()
  const call = get('/silent', { signal: calledOff.signal })
  calledOff.abort()
  await t.rejects(call, { name: 'AbortError' })
})

t.test('trusts nobody without a certificate of an authority it knows', async t => {
  const { ca: _, ...usual } = options
  const outcome = await getDocument(new URL(`https://localhost:${port}/ok`), usual)
  t.match(outcome, { failure: /^the connection failed \([A-Z_]+\)$/ })
})

t.test('goes to public addresses alone, by name or by number', async t => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', '0x7f.1'])
    t.strictSame(await get('/ok', { allowPrivate: false }, host), nowhere, host)
  t.strictSame(await get('/ok', {}, 'no-such-host.invalid'), nowhere, 'no name, the same answer')
})

t.test('speaks https alone, to nobody by a name and password', async t => {
  for (const url of ['http://localhost/', 'https://me@localhost/', 'https://:secret@localhost/'])
    t.strictSame(await getDocument(new URL(url), options), {
      failure: 'it is not a plain https address',
    })
})

t.test('one address of several that is not public is enough to refuse', async t => {
  const found = (allowPrivate: boolean, all: boolean, ...addresses: string[]) =>
    new Promise(resolve => {
      const resolver = ((_: string, __: object, callback: (error: null, list: object[]) => void) =>
        callback(
          null,
          addresses.map(address => ({ address, family: 4 })),
        )) as unknown as Parameters<typeof guardedLookup>[1]
      guardedLookup(allowPrivate, resolver)('x', { all }, (error, ...answer) =>
        resolve(error ? error.code : answer),
      )
    })
  t.equal(await found(false, true, '8.8.8.8', '10.0.0.1'), 'ENOTFOUND')
  t.equal(await found(true, true), 'ENOTFOUND', 'none at all')
  t.strictSame(await found(false, false, '8.8.8.8', '1.1.1.1'), ['8.8.8.8', 4])
  t.strictSame(await found(false, true, '8.8.8.8'), [[{ address: '8.8.8.8', family: 4 }]])
  t.strictSame(await found(true, false, '10.0.0.1'), ['10.0.0.1', 4])
})
