import t from 'tap'
import { issueCa } from '#hack/local/certificates.ts'
import { nobody, readAuthenticationConfig } from '#src/apiserver/auth/authentication-config.ts'

const now = new Date()
const [proxy, users, other] = await Promise.all(
  ['proxy', 'users', 'other'].map(async name => (await issueCa(name, now)).cert),
)
const data = {
  'client-ca-file': `${users}`,
  'requestheader-client-ca-file': `${proxy}${other}`,
  'requestheader-allowed-names': '["front-proxy-client"]',
  'requestheader-username-headers': '["X-Remote-User"]',
  'requestheader-uid-headers': '["X-Remote-Uid"]',
  'requestheader-group-headers': '["X-Remote-Group"," X-More "]',
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
}
const subjects = (list: readonly { readonly subject: string }[]) =>
  list.map(({ subject }) => subject)
const read = readAuthenticationConfig(data, nobody)

t.test('reads whom to believe', async t => {
  t.strictSame(subjects(read.frontProxyAuthorities), ['CN=proxy', 'CN=other'])
  t.strictSame(subjects(read.clientAuthorities), ['CN=users'])
  t.strictSame(read.headers, {
    allowedNames: ['front-proxy-client'],
    username: ['x-remote-user'],
    uid: ['x-remote-uid'],
    group: ['x-remote-group', 'x-more'],
    extraPrefixes: ['x-remote-extra-'],
  })
})

t.test('takes a change over', async t => {
  const changed = { ...data, 'requestheader-client-ca-file': `${other}` }
  const next = readAuthenticationConfig(changed, read)
  t.strictSame(subjects(next.frontProxyAuthorities), ['CN=other'])
  t.strictSame(subjects(next.clientAuthorities), ['CN=users'])
})

t.test('keeps authorities that are missing or broken', async t => {
  for (const broken of ['', 'rubbish']) {
    const changed = {
      ...data,
      'client-ca-file': broken,
      'requestheader-client-ca-file': broken,
    }
    const next = readAuthenticationConfig(changed, read)
    t.strictSame(subjects(next.frontProxyAuthorities), ['CN=proxy', 'CN=other'])
    t.strictSame(subjects(next.clientAuthorities), ['CN=users'])
  }
})

t.test('keeps all headers where one of them cannot be read', async t => {
  for (const broken of ['[', '"x"', '[1]', '{}']) {
    const changed = {
      ...data,
      'requestheader-username-headers': '["X-Other"]',
      'requestheader-allowed-names': broken,
    }
    t.strictSame(readAuthenticationConfig(changed, read).headers, read.headers)
  }
})

t.test('takes no headers from a ConfigMap without any, but any name', async t => {
  const { headers, frontProxyAuthorities } = readAuthenticationConfig(
    { 'requestheader-allowed-names': 'null' },
    nobody,
  )
  t.strictSame(headers, nobody.headers)
  t.strictSame(frontProxyAuthorities, [])
})
