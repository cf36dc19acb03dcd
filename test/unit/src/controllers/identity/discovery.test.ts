import t from 'tap'
import { discover, documentOf } from '#src/controllers/identity/discovery.ts'

const issuer = 'https://login.example.com/acme'
const document = (changes: object = {}) =>
  JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    jwks_uri: `${issuer}/keys`,
    ...changes,
  })

t.test('finds the document below the issuer', async t => {
  const want = 'https://login.example.com/acme/.well-known/openid-configuration'
  t.equal(documentOf(issuer)?.href, want)
  t.equal(documentOf(`${issuer}/`)?.href, want)
  t.equal(documentOf('https://['), undefined)
})

t.test('takes a document that names its issuer', async t => {
  t.strictSame(discover(issuer, document()), { result: 'Discovered', issuer })
})

t.test('tells of another issuer', async t => {
  const other = 'https://login.example.com'
  t.strictSame(discover(issuer, document({ issuer: other })), {
    result: 'IssuerMismatch',
    issuer: other,
  })
  t.match(discover(issuer, document({ issuer: `${issuer}/` })), { result: 'IssuerMismatch' })
})

const malformed: Record<string, [string, RegExp]> = {
  'no JSON': ['<html>secret</html>', /not a JSON object/],
  'JSON that is no object': ['[]', /not a JSON object/],
  nothing: ['null', /not a JSON object/],
  'a word': ['"secret"', /not a JSON object/],
  'no issuer': ['{}', /issuer is not an https address/],
  'an issuer that is no text': [document({ issuer: 1 }), /issuer is not an https address/],
  'an issuer that is no address': [document({ issuer: 'secret' }), /issuer is not an https/],
  'an issuer with control characters': [document({ issuer: 'https://a\n' }), /issuer is not/],
  'an issuer without end': [document({ issuer: `https://${'a'.repeat(3000)}` }), /issuer is not/],
  'no endpoints': [
    document({ authorization_endpoint: undefined, jwks_uri: 1 }),
    /lacks authorization_endpoint and jwks_uri/,
  ],
}
for (const [name, [body, why]] of Object.entries(malformed))
  t.test(`refuses ${name}, and repeats none of it`, async t => {
    const discovery = discover(issuer, body)
    t.match(discovery, { result: 'MalformedDocument', why })
    t.notMatch(JSON.stringify(discovery), 'secret')
  })
