import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import tap from 'tap'
import { apiClient } from '#hack/local/api.ts'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { install } from '#hack/local/install.ts'
import { startKradle } from '#hack/local/kradle.ts'
import { readManifests } from '#hack/local/manifests.ts'

/** Stands in for Kradle's programs: says how it was started, is ready at once, and can be told not to be. */
const program = `
import { createServer } from 'node:http'
const flag = name => process.argv[process.argv.indexOf('--' + name) + 1]
const [host, port] = flag('health').split(':')
createServer((request, response) => {
  response.writeHead(process.env.NEVER_READY ? 503 : 200).end(JSON.stringify(process.argv.slice(2)))
}).listen(Number(port), host)
console.log(process.env.LAST_WORDS ?? '')
if (process.env.LAST_WORDS) process.exit(3)
`

const root = tap.testdir({ 'program.mjs': program })
const entry = join(root, 'program.mjs')
const controlPlane = await startControlPlane({ home: join(root, 'home'), unsafeNoFsync: true })
tap.teardown(() => controlPlane.stop())
const api = apiClient(controlPlane.server, controlPlane.adminCertificate)
tap.teardown(() => api.close())

await install(controlPlane, {
  ...readManifests(root),
  rbac: ['webhook', 'identity-controller'].map(name => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: 'kradle-system' },
  })),
})

tap.test('each process gets its flags, its account and a health address', async t => {
  const kradle = await startKradle(controlPlane, {
    processes: [
      { name: 'webhook', entry },
      { name: 'webhook', id: 'webhook-2', entry, flags: ['--deadline', '5s'] },
      { name: 'identity-controller', entry },
    ],
  })
  t.teardown(() => kradle.stop())
  const flags = async (id: string) =>
    (await (await fetch(`${kradle.health(id)}/readyz`)).json()) as string[]

  t.match(await flags('webhook'), [
    '--kubeconfig',
    join(root, 'home/kradle/webhook/kubeconfig'),
    '--health',
    kradle.health('webhook').replace('http://', ''),
    '--listen',
    kradle.webhook().replace('https://', ''),
  ])
  t.same((await flags('webhook-2')).slice(-2), ['--deadline', '5s'])
  t.not(kradle.webhook('webhook-2'), kradle.webhook())
  t.notOk((await flags('identity-controller')).includes('--listen'))

  const token = join(root, 'home/kradle/webhook-2/token')
  t.equal(statSync(token).mode & 0o777, 0o600)
  const review = await api('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: readFileSync(token, 'utf8') },
  })
  t.match(review.body, '"username":"system:serviceaccount:kradle-system:webhook"')

  const before = kradle.pid('webhook-2')
  await kradle.kill('webhook-2')
  t.equal(kradle.pid('webhook-2'), undefined, 'killed on purpose, it stays down')
  await t.rejects(fetch(kradle.health('webhook-2')))
  await kradle.restart('webhook-2')
  t.ok(kradle.pid('webhook-2'))
  t.not(kradle.pid('webhook-2'), before)
  await kradle.start({ name: 'webhook', id: 'webhook-3', entry })
  t.ok((await flags('webhook-3')).includes('--listen'))
})

tap.test(
  'one that ends while starting is named with its log, and the others are stopped',
  async t => {
    await t.rejects(
      startKradle(controlPlane, {
        processes: [
          { name: 'webhook', entry },
          { name: 'identity-controller', entry, env: { LAST_WORDS: 'no such flag' } },
        ],
      }),
      {
        message:
          /^identity-controller stopped while starting, see .*identity-controller\.log:\n.*no such flag/s,
      },
    )
  },
)

tap.test('an account that is not installed is named', async t => {
  await t.rejects(
    startKradle(controlPlane, { processes: [{ name: 'admission-controller', entry }] }),
    {
      message: /kradle-system\/admission-controller/,
    },
  )
})

tap.test('the API server and its store can be stopped and started on their own', async t => {
  await controlPlane.kill('kube-apiserver')
  t.equal(controlPlane.pid('kube-apiserver'), undefined)
  await t.rejects(api('GET', '/readyz'))
  await controlPlane.restart('etcd')
  await controlPlane.restart('kube-apiserver')
  t.equal((await api('GET', '/api/v1/namespaces/kradle-system')).status, 200)
})
