import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { planCertificate } from '#src/controllers/admission/certificate-plan.ts'
import { installationOf } from '#src/controllers/admission/installed.ts'
import { apiserverCertificate } from '#src/controllers/admission/served-certificates.ts'
import { writeServingSecret } from '#src/controllers/admission/serving-secret.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import { cluster, now } from '#test/fixtures.ts'

const LIFE = 3_600_000
const early = (ms: number) => new Date(now.getTime() - ms)
const certificate = apiserverCertificate('service')
const issued = await issue({ hosts: ['a'], lifetimeMs: LIFE, now })
const secretOf = (serving: Parameters<typeof writeServingSecret>[1]) =>
  writeServingSecret(certificate.secret, serving)
const secret = secretOf({ ...issued, bundle: issued.ca })
const encoded = (pem: string) => Buffer.from(pem).toString('base64')
const apiService = (bundle: string) => {
  const [object] = certificate.objects as (KubernetesObject & { spec: object })[]
  return { ...object!, spec: { ...object!.spec, caBundle: encoded(bundle) } }
}
const plans = (objects: readonly KubernetesObject[], own = true) =>
  planCertificate(certificate, own, cluster(...objects))
const all = (list: ReturnType<typeof plans>) => ({
  apply: list.flatMap(({ apply }) => apply ?? []),
  replace: list.flatMap(({ replace }) => replace ?? []),
  effects: list.flatMap(({ effects }) => effects ?? []),
})

t.test('makes the certificate first, and nothing that would lead to it', async t => {
  const { apply, effects } = all(plans([]))
  t.strictSame(apply, [])
  t.match(effects, [{ secret: certificate.secret, serving: '', next: false, trusted: '' }])
})

t.test('then the APIService, which trusts it from its first moment', async t => {
  t.match(all(plans([secret])), {
    apply: [{ kind: 'APIService', spec: { caBundle: encoded(issued.ca) } }],
    effects: [],
  })
})

t.test('rests until it has to be renewed', async t => {
  const list = plans([secret, apiService(issued.ca)])
  t.strictSame(all(list), { apply: [], replace: [], effects: [] })
  t.ok((list.at(-1)?.requeueAfter ?? 0) > 1000)
})

t.test('publishes the next authority beside the first, and serves its leaf only then', async t => {
  const old = await issue({ hosts: ['a'], lifetimeMs: LIFE, now: early(LIFE * 0.8) })
  const next = await issue({ hosts: ['a'], lifetimeMs: LIFE, now: early(LIFE / 2) })
  const bundle = old.ca + next.ca
  t.match(all(plans([secretOf({ ...old, bundle: old.ca }), apiService(old.ca)])).effects, [
    { serving: old.certificate, next: true, trusted: old.ca },
  ])
  const rotating = secretOf({ ...old, bundle, next })
  t.match(all(plans([rotating, apiService(old.ca)])), {
    apply: [],
    replace: [{ spec: { caBundle: encoded(bundle) } }],
  })
  t.strictSame(all(plans([rotating, apiService(bundle)])).apply, [secretOf({ ...next, bundle })])
})

t.test('a lost Secret takes no trust away', async t => {
  const { apply, replace, effects } = all(plans([apiService(issued.ca)]))
  t.strictSame([apply, replace], [[], []])
  t.match(effects, [{ next: true, trusted: issued.ca }])
})

t.test('somebody else may keep the certificate, and the bundle after its beginning', async t => {
  t.strictSame(plans([], false), [])
  t.match(all(plans([secret], false)), {
    apply: [{ spec: { caBundle: encoded(issued.ca) } }],
    effects: [],
  })
  t.strictSame(all(plans([secret, apiService('theirs')], false)).replace, [])
})

t.test('cert-manager is asked for the bundle, and what it writes stays', async t => {
  const { certificates } = installationOf([], {
    webhook: 'service',
    activity: 'service',
    ownCertificates: false,
    injectCaFrom: 'kradle-system/kradle',
  })
  const served = certificates[1]!
  const plan = (...objects: KubernetesObject[]) =>
    all(planCertificate(served, false, cluster(...objects)))
  const annotations = { 'cert-manager.io/inject-ca-from': 'kradle-system/kradle' }
  t.match(plan(secret), { apply: [{ kind: 'APIService', metadata: { annotations } }] })
  const theirs = apiService('theirs')
  const noted = (list: Record<string, string>) => ({
    ...theirs,
    metadata: { ...theirs.metadata, annotations: list },
  })
  t.match(plan(secret, theirs).replace, [
    { metadata: { annotations }, spec: { caBundle: encoded('theirs') } },
  ])
  t.strictSame(plan(secret, noted(annotations)).replace, [])
  t.match(
    plan(secret, noted({ ...annotations, 'cert-manager.io/inject-ca-from': 'x/y' })).replace,
    [{ metadata: { annotations }, spec: { caBundle: encoded('theirs') } }],
  )
})
