import 'reflect-metadata'
import { KeyObject, webcrypto, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import * as x509 from '@peculiar/x509'
import t from 'tap'
import { issueCa, issueLeaf, type Pair } from '#hack/local/certificates.ts'
import { homeAt } from '#hack/local/home.ts'
import { APIService } from '#src/api/apiregistration/v1.ts'
import { ConfigMap, Secret, Service, ServiceAccount } from '#src/api/core/v1.ts'
import { ACTIVITY_API_SERVICE, APISERVER_SECRET, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { ClusterRole, Role, RoleBinding } from '#src/api/rbac/v1.ts'
import { AuthenticationConfigWatch } from '#src/apiserver/auth/authentication-config-watch.ts'
import { authenticator } from '#src/apiserver/auth/authenticator.ts'
import { delegatedAuthorization, delegatedTokens } from '#src/apiserver/auth/delegated.ts'
import { Client } from '#src/lib/client.ts'
import { createLog } from '#src/lib/log.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { AskingServer } from '#test/support/asking-server.ts'
import { running, until } from '#test/support/running.ts'

// A server of this file behind a real aggregator: who does it think asks, and what does it let him do?

const LIFE_SECONDS = 60
const GROUP = '/apis/activity.kradle.a5c.ai/v1alpha1'
const CONFIG = { name: 'extension-apiserver-authentication', namespace: 'kube-system' }

const server = await AskingServer.start()
t.teardown(() => server.close())
const { controlPlane, kradle, client, kubectl } = await running(
  t,
  {
    processes: [
      { name: 'webhook' },
      {
        name: 'admission-controller',
        flags: [
          `--apiserver-url=https://localhost:${server.port}`,
          `--certificate-seconds=${LIFE_SECONDS}`,
        ],
      },
    ],
  },
  ['--requestheader-uid-headers=X-Remote-Uid'],
)
const log = createLog('test', 'error')
const pki = homeAt(controlPlane.home).pki
const pair = (name: string): Pair => ({
  cert: readFileSync(`${pki}/${name}.crt`, 'utf8'),
  key: readFileSync(`${pki}/${name}.key`, 'utf8'),
})
const { ca: kubeCa } = controlPlane.adminCertificate

const ClusterRoleBinding: typeof RoleBinding = {
  ...RoleBinding,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
}

// As a ServiceAccount with no more rights than the real one will have.
const bind = (namespace: string | undefined, kind: 'Role' | 'ClusterRole', name: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
  metadata: { name: 'asking', ...(namespace && { namespace }) },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
  subjects: [{ kind: 'ServiceAccount' as const, name: 'asking', namespace: 'default' }],
})
await client.create(ServiceAccount, {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'asking', namespace: 'default' },
})
await client.create(
  RoleBinding,
  bind('kube-system', 'Role', 'extension-apiserver-authentication-reader'),
)
await client.create(ClusterRoleBinding, bind(undefined, 'ClusterRole', 'system:auth-delegator'))
// The aggregator asks for rights itself before it passes anything on.
await client.create(ClusterRole, {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'asked' },
  rules: [{ apiGroups: ['activity.kradle.a5c.ai'], resources: ['*'], verbs: ['*'] }],
})
await client.create(ClusterRoleBinding, {
  ...bind(undefined, 'ClusterRole', 'asked'),
  metadata: { name: 'asked' },
  subjects: [
    { kind: 'Group', name: 'system:authenticated', apiGroup: 'rbac.authorization.k8s.io' },
  ],
})
const tokenOf = async (name: string): Promise<string> => {
  const answer = await client.raw<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/default/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  })
  return answer.status.token
}
const bearer = { authorization: `Bearer ${await tokenOf('asking')}` }
const clientAt = (url: string) =>
  new Client({
    server: new URL(url),
    tls: { ca: Buffer.from(kubeCa) },
    authorize: () => Promise.resolve(bearer),
    refused: () => {},
  })
const asking = clientAt(controlPlane.server)
t.teardown(() => asking.close())

const config = new AuthenticationConfigWatch(asking, log)
config.start()
t.teardown(() => config.stop())
const authorization = delegatedAuthorization(asking, log)
server.authorization = authorization
server.authenticator = authenticator({
  config: () => config.current,
  tokens: delegatedTokens(asking, log),
  log,
})
await config.synced()

/** Serial numbers of what was served, in order. */
const served: string[] = []
const secrets = new Reflector<Secret>({
  client,
  kind: Secret,
  log,
  namespace: PLATFORM_NAMESPACE,
  fieldSelector: `metadata.name=${APISERVER_SECRET}`,
})
secrets.onChange((_, secret) => {
  const text = (key: string) => Buffer.from(secret?.data?.[key] ?? '', 'base64').toString('utf8')
  if (!text('tls.crt')) return
  const { serialNumber } = new X509Certificate(text('tls.crt'))
  if (serialNumber === served.at(-1)) return
  served.push(serialNumber)
  server.setCertificate(text('tls.crt'), text('tls.key'))
})
secrets.start()
t.teardown(() => secrets.stop())

const available = async (): Promise<string> => {
  const { conditions = [] } = (await client.get(APIService, ACTIVITY_API_SERVICE))?.status ?? {}
  const found = conditions.find(({ type }) => type === 'Available')
  return `${found?.status} ${found?.reason} ${found?.message}`
}
await until('the APIService is available', async () => (await available()).startsWith('True'))

interface Said {
  readonly code: number
  readonly body: Record<string, unknown>
}
interface Ask {
  readonly path?: string
  readonly pair?: { readonly cert: string; readonly key: string } | undefined
  readonly headers?: Record<string, string | string[]>
  readonly agent?: https.Agent
  readonly to?: string
}
/** Straight to the server, past the aggregator; or to another one. */
function ask(asked: Ask): Promise<Said> {
  const { path = `${GROUP}/whoami`, pair: own, headers = {}, agent } = asked
  const url = (asked.to ?? `https://localhost:${server.port}`) + path
  // Whether the server is the right one is not what is asked here.
  const options = { ...own, headers, rejectUnauthorized: false, agent: agent ?? new https.Agent() }
  return new Promise((resolve, reject) => {
    https
      .get(url, options, response => {
        let text = ''
        response.on('data', part => (text += part))
        response.on('end', () =>
          resolve({
            code: response.statusCode ?? 0,
            body: JSON.parse(text) as Record<string, unknown>,
          }),
        )
      })
      .on('error', reject)
  })
}
const frontProxyCa = pair('front-proxy-ca')
const clientOf = (ca: Pair, commonName: string, now = new Date()) =>
  issueLeaf(ca, { commonName, usages: ['client'] }, now)
const remote = { 'X-Remote-User': 'jane', 'X-Remote-Group': ['dev', 'ops'] }
const masters = { 'X-Remote-User': 'root', 'X-Remote-Group': ['system:masters'] }
const anonymous = {
  code: 200,
  body: { username: 'system:anonymous', groups: ['system:unauthenticated'] },
}
const unauthorized = {
  code: 401,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  },
}

t.test('kubectl is who he is, through the aggregator', async t => {
  const whoami = async (...as: string[]) => {
    const { stdout, stderr } = await kubectl(['get', '--raw', `${GROUP}/whoami`, ...as])
    t.equal(stderr, '')
    return JSON.parse(stdout) as Record<string, unknown>
  }
  t.match(await whoami(), {
    username: 'kubernetes-admin',
    groups: ['system:masters', 'system:authenticated'],
  })
  t.match(
    await whoami('--as', 'jürgen', '--as-group', 'dev', '--as-group', 'a, b', '--as-uid=42'),
    {
      username: 'jürgen',
      uid: '42',
      groups: ['dev', 'a, b', 'system:authenticated'],
    },
  )
  t.match(await whoami('--as', 'system:serviceaccount:default:asking'), {
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
  })
  const extra = await ask({
    to: controlPlane.server,
    pair: controlPlane.adminCertificate,
    headers: { 'Impersonate-User': 'jane', 'Impersonate-Extra-Example.com%2fScope': ['a', 'b'] },
  })
  t.match(extra.body, { username: 'jane', extra: { 'example.com/scope': ['a', 'b'] } })
  const token = await ask({ to: controlPlane.server, headers: bearer })
  t.match(token.body, { username: 'system:serviceaccount:default:asking' })
  t.match(token.body['extra'], { 'authentication.kubernetes.io/credential-id': [/^JTI=/] })
})

t.test('a front proxy is believed, and nobody who only says the same', async t => {
  const proxy = pair('front-proxy-client')
  t.match(await ask({ pair: proxy, headers: remote }), {
    code: 200,
    body: { username: 'jane', groups: ['dev', 'ops', 'system:authenticated'] },
  })
  t.match(await ask({ headers: masters }), anonymous, 'without a certificate')

  const year = 365 * 24 * 3_600_000
  const refused: Record<string, Pair> = {
    'another name by the right authority': await clientOf(frontProxyCa, 'admin'),
    'the right name by another authority': await clientOf(
      await issueCa('kradle-local-front-proxy-ca', new Date()),
      'front-proxy-client',
    ),
    'the right name, expired': await clientOf(
      frontProxyCa,
      'front-proxy-client',
      new Date(Date.now() - year - 86_400_000),
    ),
    'the right name, not yet valid': await clientOf(
      frontProxyCa,
      'front-proxy-client',
      new Date(Date.now() + year),
    ),
    'the right name for a server': await issueLeaf(
      frontProxyCa,
      { commonName: 'front-proxy-client', usages: ['server'] },
      new Date(),
    ),
    'the right certificate without a user': proxy,
  }
  for (const [what, own] of Object.entries(refused))
    t.match(await ask({ pair: own, headers: own === proxy ? {} : masters }), unauthorized, what)
  t.match(
    await ask({ pair: await clientOf(pair('ca'), 'front-proxy-client'), headers: masters }),
    { code: 200, body: { username: 'front-proxy-client', groups: ['system:authenticated'] } },
    'by the authority of users: he is who his certificate says',
  )
})

t.test('a front proxy may come by an intermediate authority, again and again', async t => {
  const chained = await below(frontProxyCa)
  const agent = new https.Agent({ ...chained, rejectUnauthorized: false, maxCachedSessions: 10 })
  for (let round = 0; round < 3; round++)
    t.match(await ask({ agent, headers: { ...remote, connection: 'close' } }), {
      code: 200,
      body: { username: 'jane', resumed: false },
    })
})

t.test('certificate and token are good without a front proxy, too', async t => {
  const joe = await controlPlane.certificateFor('joe')
  t.match(await ask({ pair: joe, headers: masters }), {
    code: 200,
    body: { username: 'joe', groups: ['system:authenticated'] },
  })
  t.match(await ask({ pair: controlPlane.adminCertificate }), {
    body: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
  })
  t.match(await ask({ headers: bearer }), {
    code: 200,
    body: {
      username: 'system:serviceaccount:default:asking',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    },
  })
  t.match(await ask({ headers: { authorization: 'Bearer rubbish' } }), unauthorized)
  t.match(await ask({ headers: { authorization: 'Basic cm9vdDp4' } }), anonymous)
  t.match(await ask({ pair: joe, headers: { 'Impersonate-User': 'root' } }), { code: 403 })

  // The same certificates say the same to kube-apiserver.
  for (const own of [joe, controlPlane.adminCertificate]) {
    const ours = await ask({ pair: own })
    const theirs = await ask({ pair: own, to: controlPlane.server })
    t.strictSame({ ...ours.body, resumed: false }, { ...theirs.body, resumed: false })
  }
})

t.test('who may not hears it in the words of kube-apiserver', async t => {
  const joe = await controlPlane.certificateFor('joe')
  await client.create(Role, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'joe', namespace: 'default' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: ['x'] }],
  })
  await client.create(RoleBinding, {
    ...bind('default', 'Role', 'joe'),
    metadata: { name: 'joe', namespace: 'default' },
    subjects: [{ kind: 'User', name: 'joe', apiGroup: 'rbac.authorization.k8s.io' }],
  })
  const questions: Record<string, string> = {
    '/api/v1/namespaces/default/configmaps/y': 'resource=configmaps&namespace=default&name=y',
    '/api/v1/secrets': 'verb=list&resource=secrets',
    '/api/v1/namespaces/default/pods/x/log':
      'resource=pods&subresource=log&namespace=default&name=x',
    '/apis/apps/v1/namespaces/default/deployments?watch=1':
      'verb=watch&group=apps&version=v1&resource=deployments&namespace=default',
    '/apis/apps/v1/namespaces/default/deployments?fieldSelector=metadata.name%3Dx':
      'verb=list&group=apps&version=v1&resource=deployments&namespace=default&name=x&fieldSelector=metadata.name%3Dx',
    '/metrics': 'path=/metrics',
  }
  const odd = 'joe <b> & "x"'
  const people: Record<string, readonly [Omit<Ask, 'path'>, Omit<Ask, 'path'>]> = {
    joe: [{ pair: joe }, { pair: joe }],
    nobody: [{}, {}],
    'somebody with an odd name': [
      { pair: controlPlane.adminCertificate, headers: { 'Impersonate-User': odd } },
      { pair: pair('front-proxy-client'), headers: { 'X-Remote-User': odd } },
    ],
  }
  for (const [who, [there, here]] of Object.entries(people))
    for (const [path, question] of Object.entries(questions)) {
      const theirs = await ask({ ...there, path, to: controlPlane.server })
      t.equal(theirs.code, 403, path)
      const ours = await ask({ ...here, path: `${GROUP}/ask?${question}` })
      t.strictSame(ours, theirs, `${who}: ${path}`)
    }

  const x = 'resource=configmaps&namespace=default&name=x'
  await until('the binding is in force', async () => {
    // Whoever was refused is asked about again only after 10 s.
    return (await ask({ pair: joe, path: `${GROUP}/ask?${x}` })).code === 200
  })
  t.match(await ask({ headers: bearer, path: `${GROUP}/ask?${x}` }), { code: 403 })
  t.match(await ask({ path: `${GROUP}/ask?path=/readyz` }), { code: 200 })
  const asRoot = await ask({
    pair: controlPlane.adminCertificate,
    path: `${GROUP}/ask?verb=delete&resource=secrets`,
  })
  t.match(asRoot, { code: 200 })
})

t.test('selectors are part of the question', async t => {
  const node = { username: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] }
  const pods = { verb: 'list', version: 'v1', resource: 'pods' }
  t.match(await authorization.reviewAccess(node, pods), { allowed: false })
  const own = { ...pods, fieldSelector: 'spec.nodeName=n1' }
  t.match(await authorization.reviewAccess(node, own), { allowed: true })
  const other = { ...pods, fieldSelector: 'spec.nodeName=n2' }
  t.match(await authorization.reviewAccess(node, other), { allowed: false })
})

t.test('where nobody answers, nobody is let in', async t => {
  const lost = clientAt('https://127.0.0.1:1')
  t.teardown(() => lost.close())
  const unavailable = { code: 503, reason: 'ServiceUnavailable', retryAfterSeconds: 1 }
  const alone = createLog('alone', 'error', { write: () => {} })
  const jane = { username: 'jane' }
  await t.rejects(
    delegatedAuthorization(lost, alone).reviewAccess(jane, { verb: 'get', resource: 'pods' }),
    unavailable,
  )
  await t.rejects(delegatedTokens(lost, alone)('abc'), unavailable)
})

t.test('whom to believe changes under way, on open connections too', async t => {
  const otherCa = await issueCa('another-front-proxy-ca', new Date())
  const own = await clientOf(otherCa, 'another-proxy')
  const agent = new https.Agent({ ...own, keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const name = async () => (await ask({ agent, headers: remote })).body['username']
  t.equal(await name(), undefined)
  const before = (await client.get(ConfigMap, CONFIG.name, CONFIG.namespace))?.data ?? {}
  const put = (data: Record<string, string>) => client.mergePatch(ConfigMap, CONFIG, { data })

  const key = 'requestheader-client-ca-file'
  await put({ [key]: before[key] + otherCa.cert })
  await sleep(1_000)
  t.equal(await name(), undefined, 'the authority alone is not enough')
  await put({ 'requestheader-allowed-names': '["front-proxy-client","another-proxy"]' })
  await until('the other proxy is believed', async () => (await name()) === 'jane', 20)
  t.equal(await whoIs(), 'kubernetes-admin', 'and the first one still is')

  await put({ [key]: String(before[key]) })
  await until('it no longer is', async () => (await name()) === undefined, 20)
  t.equal(await whoIs(), 'kubernetes-admin')

  await client.delete(ConfigMap, CONFIG.name, CONFIG.namespace)
  for (let look = 0; look < 20; look++) {
    t.equal(await whoIs(), 'kubernetes-admin', 'a ConfigMap that is gone takes nothing away')
    await sleep(50)
  }
})

t.test('rotations and accidents leave the APIService available', async t => {
  const problems = new Set<string>()
  let looks = 0
  const done = new AbortController()
  const watching = (async () => {
    while (!done.signal.aborted) {
      looks++
      const [who, condition, isTrusted] = await Promise.all([
        kubectl(['get', '--raw', `${GROUP}/whoami`]),
        available(),
        trusted(),
      ])
      if (who.code !== 0) problems.add(who.stderr)
      if (!condition.startsWith('True')) problems.add(condition)
      if (!isTrusted) problems.add('the live bundle does not trust what is served')
      await sleep(200)
    }
  })()

  const before = served.length
  await until('it was renewed twice', async () => served.length >= before + 2, 200)
  const rotated = served.length
  await client.delete(Secret, APISERVER_SECRET, PLATFORM_NAMESPACE)
  await until('a lost one was made again', async () => served.length > rotated, 60)
  await sleep(3_000)
  done.abort()
  await watching
  t.comment(`${looks} looks, ${served.length} certificates`)
  t.strictSame([...problems], [])
})

t.test('what leads to the server is put back', async t => {
  const spec = async () =>
    JSON.stringify((await client.get(APIService, ACTIVITY_API_SERVICE))?.spec)
  const patch = (change: object) =>
    client.mergePatch(APIService, { name: ACTIVITY_API_SERVICE }, { spec: change })
  const accidents: Record<string, () => Promise<unknown>> = {
    'a bundle that was wiped': () => patch({ caBundle: null }),
    'a server that is trusted blindly': () =>
      patch({ caBundle: null, insecureSkipTLSVerify: true }),
    'another priority': () => patch({ groupPriorityMinimum: 17 }),
    'an APIService that was deleted': () => client.delete(APIService, ACTIVITY_API_SERVICE),
    'a Service that was deleted': () =>
      client.delete(Service, 'kradle-apiserver', PLATFORM_NAMESPACE),
    'a Service that leads elsewhere': () =>
      client.mergePatch(
        Service,
        { name: 'kradle-apiserver', namespace: PLATFORM_NAMESPACE },
        { spec: { externalName: 'example.com' } },
      ),
  }
  const service = async () =>
    JSON.stringify((await client.get(Service, 'kradle-apiserver', PLATFORM_NAMESPACE))?.spec)
  for (const [what, happen] of Object.entries(accidents)) {
    const wanted = [await spec(), await service()]
    await happen()
    const restored = async () => (await spec()) === wanted[0] && (await service()) === wanted[1]
    await until(`${what} is put back`, restored, 20)
    await until(`kubectl is served again (${what})`, async () => (await whoIs()) !== '', 60)
    t.pass(what)
  }
})

t.test('an activity API that is no longer installed leaves no APIService behind', async t => {
  await kradle.kill('admission-controller', 'SIGTERM')
  await kradle.start({ name: 'admission-controller', id: 'without' })
  await until('it is gone', async () => !(await client.get(APIService, ACTIVITY_API_SERVICE)))
  t.pass()
})

/** Who the aggregator says the admin is; '' where there is no answer. */
async function whoIs(): Promise<string> {
  const { code, stdout } = await kubectl(['get', '--raw', `${GROUP}/whoami`])
  return code === 0 ? (JSON.parse(stdout) as { username: string }).username : ''
}

/** Whether an API server that knows the live bundle would trust what is served; true where that changed meanwhile. */
async function trusted(): Promise<boolean> {
  const bundle = async () =>
    (await client.get(APIService, ACTIVITY_API_SERVICE))?.spec.caBundle ?? ''
  const before = await bundle()
  const answer = await new Promise<boolean>(resolve => {
    const socket = connect(
      {
        host: '127.0.0.1',
        port: server.port,
        servername: 'kradle-apiserver.kradle-system.svc',
        ca: Buffer.from(before, 'base64'),
        rejectUnauthorized: false,
      },
      () => {
        resolve(socket.authorized)
        socket.destroy()
      },
    )
    socket.on('error', () => resolve(false))
  })
  return answer || before !== (await bundle())
}

/** A front proxy whose certificate was signed by an authority below the given one; sends both. */
async function below(ca: Pair): Promise<Pair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const der = Buffer.from(ca.key.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await x509.X509CertificateGenerator.create({
    subject: 'CN=below',
    issuer: new x509.X509Certificate(ca.cert).subject,
    notBefore: new Date(Date.now() - 1_000),
    notAfter: new Date(Date.now() + 3_600_000),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()
  const cert = `${made.toString('pem')}\n`
  const leaf = await clientOf({ cert, key }, 'front-proxy-client')
  return { cert: leaf.cert + cert, key: leaf.key }
}
