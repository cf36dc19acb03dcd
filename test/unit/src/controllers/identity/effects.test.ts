import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import { identityObservers } from '#src/controllers/identity/effects.ts'

const { signal } = new AbortController()
const ask = (issuer: string, options: Parameters<typeof identityObservers>[0]) =>
  identityObservers(options)['discovery']?.({ type: 'discovery', key: issuer }, signal)

const ca = await issueCa('authority', new Date())
const leaf = await issueLeaf(
  ca,
  { commonName: 'issuer', usages: ['server'], ips: ['127.0.0.1'] },
  new Date(),
)
const server = createServer(leaf, (request, response) =>
  response.end(request.url === '/.well-known/openid-configuration' ? '{}' : undefined),
)
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
t.teardown(() => server.close())
const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`

t.test('judges what an issuer serves, and keeps that for ten minutes', async t => {
  t.match(await ask(issuer, { allowPrivate: true, ca: [ca.cert] }), {
    answer: { result: 'MalformedDocument' },
    freshForSeconds: 590,
  })
})

t.test('cannot reach what is not public, for a minute', async t => {
  t.strictSame(await ask(issuer, { allowPrivate: false, ca: [ca.cert] }), {
    answer: { result: 'Unreachable', why: 'its name leads to no public address' },
    freshForSeconds: 50,
  })
})

t.test('cannot reach what is no address', async t => {
  t.match(await ask('https://[', { allowPrivate: true }), {
    answer: { result: 'Unreachable', why: 'it is not an address' },
  })
})
