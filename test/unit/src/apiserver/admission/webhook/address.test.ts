import t from 'tap'
import { addressOf } from '#src/apiserver/admission/webhook/address.ts'

t.test('of a URL', async t => {
  const caBundle = Buffer.from('PEM').toString('base64')
  const { url, text, ca } = addressOf({ url: 'https://h:8443/a/b', caBundle })
  t.equal(url.href, 'https://h:8443/a/b')
  t.equal(text, 'https://h:8443/a/b')
  t.equal(ca, 'PEM')
  t.equal(addressOf({ url: 'https://h' }).ca, undefined)
})

t.test('of a Service', async t => {
  const service = { namespace: 'n', name: 's' }
  t.equal(addressOf({ service }).text, 'https://s.n.svc:443')
  t.equal(addressOf({ service }).url.hostname, 's.n.svc')
  t.equal(addressOf({ service: { ...service, path: '/p', port: 1 } }).text, 'https://s.n.svc:1/p')
  t.equal(addressOf({ service: { ...service, path: 'p' } }).text, 'https://s.n.svc:443/p')
})

t.test('none', async t => {
  t.throws(() => addressOf({}), /must have either service or URL/)
  t.throws(() => addressOf({ url: 'http://h' }), /Unparsable URL: http:\/\/h/)
  t.throws(() => addressOf({ url: '::' }), /Unparsable URL/)
})
