import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { issueCa, issueLeaf, type Leaf, type Pair } from '#hack/local/certificates.ts'
import type { AuthenticationConfig } from '#src/apiserver/auth/authentication-config.ts'
import { authenticator, identifier } from '#src/apiserver/auth/authenticator.ts'

const now = new Date()
const parsed = ({ cert }: Pair) => new X509Certificate(cert)
const [proxyCa, usersCa, otherCa] = await Promise.all([
  issueCa('proxy-ca', now),
  issueCa('users-ca', now),
  issueCa('other-ca', now),
])
const issue = async (ca: Pair, leaf: Partial<Leaf> & { commonName: string }) => [
  parsed(await issueLeaf(ca, { usages: ['client'], ...leaf }, now)),
]
const config: AuthenticationConfig = {
  frontProxyAuthorities: [parsed(proxyCa)],
  clientAuthorities: [parsed(usersCa)],
  headers: {
    allowedNames: ['front-proxy-client'],
    username: ['x-remote-user'],
    uid: ['x-remote-uid'],
    group: ['x-remote-group'],
    extraPrefixes: ['x-remote-extra-'],
  },
}
const frontProxy = await issue(proxyCa, { commonName: 'front-proxy-client' })
const user = await issue(usersCa, { commonName: 'joe', organization: 'dev' })
const remote = { 'x-remote-user': ['jane'], 'x-remote-group': ['ops', 'system:authenticated'] }
const forged = { 'x-remote-user': ['root'], 'x-remote-group': ['system:masters'] }
const jane = { username: 'jane', groups: ['ops', 'system:authenticated'] }
const anonymous = { username: 'system:anonymous', groups: ['system:unauthenticated'] }

const said: string[] = []
const options = (known: AuthenticationConfig | undefined = config) => ({
  config: () => known,
  tokens: async (token: string) => (token === 'good' ? { username: 'tom' } : undefined),
  log: { debug: (data: { reason: string }) => void said.push(data.reason) } as never,
})
const identify = identifier(options())
const refused = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' }
const bearer = (token: string) => ({ authorization: [`Bearer ${token}`] })

t.test('a front proxy says for whom it asks', async t => {
  t.strictSame(await identify({ headers: remote, certificates: frontProxy }), jane)
  t.strictSame(await identify({ headers: remote, certificates: frontProxy }), jane, 'again')
})

t.test('nobody else does', async t => {
  t.strictSame(await identify({ headers: forged, certificates: [] }), anonymous)
  t.match(await identify({ headers: forged, certificates: user }), {
    username: 'joe',
    groups: ['dev', 'system:authenticated'],
  })
  for (const [what, certificates] of Object.entries({
    'another name of the same authority': await issue(proxyCa, { commonName: 'admin' }),
    'the name by another authority': await issue(otherCa, { commonName: 'front-proxy-client' }),
    'a server': await issue(proxyCa, { commonName: 'front-proxy-client', usages: ['server'] }),
  }))
    await t.rejects(identify({ headers: forged, certificates }), refused, what)
  const sameName = await issue(usersCa, { commonName: 'front-proxy-client' })
  t.match(await identify({ headers: forged, certificates: sameName }), {
    username: 'front-proxy-client',
    groups: ['system:authenticated'],
  })
})

t.test('a front proxy that names nobody is nobody itself', async t => {
  await t.rejects(identify({ headers: {}, certificates: frontProxy }), refused)
  const alone = identifier(options({ ...config, clientAuthorities: [] }))
  t.strictSame(await alone({ headers: {}, certificates: frontProxy }), anonymous)
})

t.test('a certificate of an unknown authority is refused even where users need none', async t => {
  const alone = identifier(options({ ...config, clientAuthorities: [] }))
  const other = await issue(otherCa, { commonName: 'x' })
  await t.rejects(alone({ headers: {}, certificates: other }), refused)
  const noProxy = identifier(options({ ...config, frontProxyAuthorities: [] }))
  t.match(await noProxy({ headers: forged, certificates: user }), { username: 'joe' })
  await t.rejects(noProxy({ headers: forged, certificates: frontProxy }), refused)
})

t.test('a certificate of a user that names nobody is refused', async t => {
  const nameless = await issue(usersCa, { commonName: '' })
  await t.rejects(identify({ headers: {}, certificates: nameless }), refused)
})

t.test('a token says who asks', async t => {
  const tom = { username: 'tom', groups: ['system:authenticated'] }
  t.strictSame(await identify({ headers: bearer('good'), certificates: [] }), tom)
  await t.rejects(identify({ headers: bearer('bad'), certificates: [] }), refused)
  const other = await issue(otherCa, { commonName: 'x' })
  t.strictSame(
    await identify({ headers: bearer('good'), certificates: other }),
    tom,
    'whatever the certificate',
  )
  t.match(await identify({ headers: bearer('bad'), certificates: user }), { username: 'joe' })
})

t.test('whoever presents nothing is anonymous', async t => {
  t.strictSame(await identify({ headers: {}, certificates: [] }), anonymous)
})

t.test('nobody impersonates anybody here', async t => {
  for (const name of [
    'impersonate-user',
    'impersonate-group',
    'impersonate-uid',
    'impersonate-extra-scopes',
  ])
    for (const certificates of [user, frontProxy, []])
      await t.rejects(
        identify({ headers: { ...remote, [name]: ['root'] }, certificates }),
        { code: 403, reason: 'Forbidden' },
        name,
      )
})

t.test('no certificate is judged before anybody knows whom to believe', async t => {
  const early = identifier({ ...options(), config: () => undefined })
  await t.rejects(early({ headers: remote, certificates: frontProxy }), {
    code: 503,
    retryAfterSeconds: 1,
  })
  t.strictSame(await early({ headers: {}, certificates: [] }), anonymous)
})

t.test('a connection is judged again when authorities change or something expires', async t => {
  let [current, time] = [config, now]
  const changing = identifier({
    ...options(),
    config: () => current,
    now: () => time,
  })
  const ask = () => changing({ headers: remote, certificates: frontProxy })
  t.strictSame(await ask(), jane)
  current = { ...config, frontProxyAuthorities: [parsed(otherCa)] }
  await t.rejects(ask(), refused)
  await t.rejects(ask(), refused, 'again')
  current = { ...config, frontProxyAuthorities: [parsed(otherCa), parsed(proxyCa)] }
  t.strictSame(await ask(), jane)

  time = new Date(now.getTime() + 400 * 24 * 3_600_000)
  await t.rejects(ask(), refused)
})

t.test('says why in the log alone', async t => {
  said.length = 0
  await t.rejects(identify({ headers: bearer('bad'), certificates: [] }), refused)
  t.strictSame(said, ['invalid bearer token'])
})

t.test('reads a request', async t => {
  const request = { headersDistinct: bearer('good'), socket: {} }
  t.match(await authenticator(options()).authenticate(request as never), { username: 'tom' })
})
