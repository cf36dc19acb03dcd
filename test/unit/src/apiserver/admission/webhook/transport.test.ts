import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { addressOf } from '#src/apiserver/admission/webhook/address.ts'
import { CallFailed, WebhookTransport } from '#src/apiserver/admission/webhook/transport.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import { httpsServer } from '#test/support/activity-admission/https-server.ts'

const never = new AbortController().signal
const seen: { url: string; body: string; port: number }[] = []
const { url, ca, close } = await httpsServer((request, answer) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => (body += part))
  request.on('end', () => {
    seen.push({ url: request.url!, body, port: request.socket.remotePort! })
    if (request.url!.startsWith('/cut')) {
      request.socket.destroy()
      return
    }
    if (request.url!.startsWith('/slow')) {
      return
    }
    if (request.url!.startsWith('/away')) answer.writeHead(307, { location: '/' })
    if (request.url!.startsWith('/half')) {
      answer.writeHead(200, { 'content-length': '10' })
      answer.write('x')
      setTimeout(() => request.socket.destroy(), 10)
      return
    }
    answer.end(request.url!.startsWith('/long') ? 'x'.repeat(3 * 1024 * 1024 + 1) : 'fine')
  })
})
const transport = new WebhookTransport()
t.teardown(() => {
  transport.close()
  close()
})
const caBundle = Buffer.from(ca).toString('base64')
const post = (path: string, signal: AbortSignal = never, bundle = caBundle) =>
  transport.post(addressOf({ url: url + path, caBundle: bundle }), '{}', 5, signal)

t.test('posts over a connection that is kept', async t => {
  t.same(await post('/a'), { code: 200, contentType: '', body: 'fine' })
  await post('/b')
  t.match(seen, [{ url: '/a?timeout=5s', body: '{}' }, { url: '/b?timeout=5s' }])
  t.equal(seen[0]!.port, seen[1]!.port)
})

t.test('follows nobody', async t => {
  t.match(await post('/away'), { code: 307 })
})

t.test('says in the words of Go why there is nothing', async t => {
  const fails = (work: Promise<unknown>, words: string) =>
    t.rejects(work, new CallFailed(words), words)
  await fails(post('/cut'), `Post "${url}/cut?timeout=5s": EOF`)
  await fails(
    post('/slow', AbortSignal.timeout(50)),
    `Post "${url}/slow?timeout=5s": context deadline exceeded`,
  )
  const control = new AbortController()
  const slow = post('/slow', control.signal)
  await sleep(20)
  control.abort()
  await fails(slow, `Post "${url}/slow?timeout=5s": context canceled`)
  await fails(
    post('/long'),
    `Post "${url}/long?timeout=5s": the response is longer than 3145728 bytes`,
  )
  await fails(post('/half'), `Post "${url}/half?timeout=5s": EOF`)
  const other = await issue({ hosts: ['x'], lifetimeMs: 1000, now: new Date() })
  const strange = `Post "${url}/a?timeout=5s": tls: failed to verify certificate: x509: certificate signed by unknown authority`
  await fails(post('/a', never, Buffer.from(other.ca).toString('base64')), strange)
  await fails(post('/a', never, ''), strange)
  await fails(
    transport.post(addressOf({ url: 'https://127.0.0.1:1/' }), '{}', 5, never),
    'Post "https://127.0.0.1:1/?timeout=5s": dial tcp 127.0.0.1:1: connect: connection refused',
  )
  await fails(
    transport.post(addressOf({ url: 'https://no.such.host.invalid/' }), '{}', 5, never),
    'Post "https://no.such.host.invalid/?timeout=5s": dial tcp: lookup no.such.host.invalid: no such host',
  )
})

t.test('keeps connections to so many authorities and no more', async t => {
  const many = new WebhookTransport()
  t.teardown(() => many.close())
  for (let index = 0; index <= 201; index++)
    await many
      .post(
        addressOf({
          url: 'https://127.0.0.1:1/',
          caBundle: Buffer.from(`${ca}${'\n'.repeat(index)}`).toString('base64'),
        }),
        '',
        1,
        never,
      )
      .catch(() => {})
})

t.test('asks again where an idle connection was closed', async t => {
  let count = 0
  const server = await httpsServer((request, answer) => {
    request.resume()
    // The second on the same connection finds it closed.
    if (++count === 2) {
      request.socket.destroy()
      return
    }
    answer.end('fine')
  })
  t.teardown(server.close)
  const address = addressOf({
    url: server.url,
    caBundle: Buffer.from(server.ca).toString('base64'),
  })
  await transport.post(address, '', 1, never)
  t.match(await transport.post(address, '', 1, never), { body: 'fine' })
  t.equal(count, 3)
})
