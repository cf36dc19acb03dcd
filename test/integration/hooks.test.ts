import t from 'tap'
import { apiClient } from '#hack/local/api.ts'
import { deciding } from '#hack/local/kradle.ts'
import { installDefinitions, kyvernoDefinitions } from '#hack/local/kyverno/definitions.ts'
import {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Deployment } from '#src/api/apps/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { Pod, ResourceQuota, Secret } from '#src/api/core/v1.ts'
import { Organization } from '#src/api/identity/v1alpha1.ts'
import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { FINALIZER_ORGANIZATION, PLATFORM_NAMESPACE, WEBHOOK_SECRET } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { PolicyReport } from '#src/api/policy-reports.ts'
import { guards } from '#src/install/sweeps.ts'
import { shippedTemplates } from '#src/install/shipped.ts'
import { reportLabels } from '#src/scan/report-api.ts'
import { hookRunner } from '#test/support/hooks.ts'
import { bindingOf, NAMESPACE, teamNames } from '#test/support/policy.ts'
import { createOrganization, running, until } from '#test/support/running.ts'

// What Helm runs besides what it applies, each as its own account: the catalogue once writes are judged, and the end
// of everything that Kradle wrote for itself, after which the cluster is as if it had never been there, but for data.

const controllers = ['admission-controller', 'grants-controller', 'identity-controller'].concat(
  'policy-controller',
)
const { controlPlane, client, kradle } = await running(t, {
  processes: [...deciding, { name: 'policy-controller' }],
})
const { hook, close } = await hookRunner(controlPlane)
t.teardown(close)
await createOrganization(client, 'acme')
const templates = shippedTemplates('.')

const count = async (kind: Kind, labelSelector = 'app.kubernetes.io/part-of=kradle') =>
  (await client.list(kind, { labelSelector })).items.length
const guardCount = async () => {
  const counts = await Promise.all(guards.map(({ kind }) => count(kind).catch(() => 0)))
  return counts.reduce((a, b) => a + b, 0)
}
const template = (name: string) => client.get(PolicyTemplate, name, PLATFORM_NAMESPACE)
const counted = (lines: readonly Record<string, unknown>[]) =>
  lines.find(({ templates: counts }) => counts)?.['templates']

t.test('the catalogue waits until writes are judged', async t => {
  await kradle.kill('webhook')
  const { code, errors } = await hook('hook-catalogue', '--timeout-seconds', '4')
  t.equal(code, 1)
  t.match(errors, [
    /^no template was applied, since writes to them are not judged yet: .*calling webhook/,
  ])
  t.equal(await template('image-age'), undefined)
  const late = hook('hook-catalogue', '--without', 'image-age')
  await kradle.restart('webhook')
  const said = await late
  t.equal(said.code, 0, String(said.errors))
  t.strictSame(counted(said.lines), { created: templates.length - 1 })
  t.equal(await template('image-age'), undefined, 'who wants to be without it says so')
})

t.test('it leaves alone what people made of it, and says so', async t => {
  const at = (name: string) => ({ name, namespace: PLATFORM_NAMESPACE })
  const mine = { ...templates[0]!, metadata: at('image-age') }
  await client.create(PolicyTemplate, mine)
  await client.mergePatch(PolicyTemplate, at('title-convention'), { spec: { severity: 'high' } })
  const labelled = { metadata: { labels: { team: 'forge' } } }
  await client.mergePatch(PolicyTemplate, at('resource-limits'), labelled)
  await client.delete(PolicyTemplate, 'allowed-images', PLATFORM_NAMESPACE)
  const { code, lines } = await hook('hook-catalogue')
  t.equal(code, 0)
  t.strictSame(counted(lines), {
    created: 1,
    unchanged: templates.length - 3,
    edited: 1,
    foreign: 1,
  })
  const warnings = lines.filter(({ level }) => level === 'warn').map(line => line['template'])
  t.strictSame(warnings, ['image-age', 'title-convention'])
  t.equal((await template('title-convention'))?.spec.severity, 'high')
  t.equal((await template('resource-limits'))?.metadata.labels?.['team'], 'forge')
})

t.test('nothing is taken away while the admission controller could put it back', async t => {
  const before = await guardCount()
  t.ok(before > 20)
  const { code, errors, lines } = await hook('hook-uninstall', '--timeout-seconds', '4')
  t.equal(code, 1)
  t.match(errors, [/^admission-controller is still at work: its Lease is held by /])
  t.strictSame(lines.find(({ removed }) => removed)?.['removed'], {})
  t.notOk(
    lines.some(({ kept }) => kept),
    'nor is anything said to be kept',
  )
  t.equal(await guardCount(), before)
})

const policyThere = async () =>
  (await client.get(NamespacedValidatingPolicy, 'kradle-acme-names', NAMESPACE)) !== undefined

t.test('an uninstall leaves data, and nothing else', async t => {
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
  t.teardown(() => api.close())
  await installDefinitions(api, await kyvernoDefinitions(controlPlane.settings))
  const beat = { 'kyverno.io/last-request-time': new Date().toISOString() }
  await client.create(Lease, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'kyverno-health', namespace: 'kube-system', annotations: beat },
  })
  await client.create(PolicyTemplate, teamNames())
  await client.create(PolicyBinding, bindingOf('names', 'team-names'))
  await until('the policy is generated', policyThere)

  // Guards keep strangers from writing what follows, so all of Kradle is stopped first.
  for (const name of controllers) await kradle.kill(name, 'SIGTERM')
  const image = 'example.invalid/kradle:1'
  const labels = { app: 'kradle' }
  for (const name of ['admission-controller', 'policy-controller', 'webhook'])
    await client.create(Deployment, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: PLATFORM_NAMESPACE },
      spec: {
        replicas: 1,
        selector: { matchLabels: { ...labels, name } },
        template: {
          metadata: { labels: { ...labels, name } },
          spec: { serviceAccountName: name, containers: [{ name: 'main', image }] },
        },
      },
    })
  const pods = async () => {
    const { items } = await client.list(Pod, { namespace: PLATFORM_NAMESPACE })
    return items.map(({ spec }) => String(spec?.['serviceAccountName']))
  }
  await until('they have Pods', async () => (await pods()).length === 3)

  const { code, errors, lines } = await hook('hook-uninstall', '--timeout-seconds', '90')
  t.strictSame({ code, errors }, { code: 0, errors: [] })
  const removed = lines.find(line => line['removed'])?.['removed'] as Record<string, number>
  t.comment(JSON.stringify(removed))
  t.match(removed, {
    'deployments.apps': 2,
    'validatingwebhookconfigurations.admissionregistration.k8s.io': 1,
    'mutatingwebhookconfigurations.admissionregistration.k8s.io': 1,
    'namespacedvalidatingpolicies.policies.kyverno.io': 1,
    secrets: 1,
    'leases.coordination.k8s.io': 4,
  })
  t.match(lines.find(({ released }) => released)?.['released'], {
    'organizations.kradle.a5c.ai': 1,
  })
  t.match(lines.find(({ kept }) => kept)?.['kept'], {
    'organizations.kradle.a5c.ai': 1,
    'policybindings.kradle.a5c.ai': 1,
    'policytemplates.kradle.a5c.ai': templates.length + 1,
  })

  t.equal(await guardCount(), 0)
  t.strictSame(await pods(), ['webhook'], 'servers are left to Helm')
  t.equal(await policyThere(), false)
  t.equal(await client.get(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE), undefined)
  const acme = await client.get(Organization, 'acme', PLATFORM_NAMESPACE)
  t.strictSame(acme?.metadata.finalizers ?? [], [])
  const ours = await client.list(Lease, { namespace: PLATFORM_NAMESPACE })
  t.strictSame(
    ours.items.map(({ metadata }) => metadata.name),
    [],
  )
})

t.test('then writes pass that it would have refused, and its data can go', async t => {
  await kradle.kill('webhook')
  await until('a Pod passes', async () =>
    client
      .create(Pod, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'free',
          namespace: NAMESPACE,
          labels: { 'kradle.a5c.ai/dispatch-run': 'r' },
        },
        spec: { containers: [{ name: 'main', image: 'example.invalid/x' }] },
      })
      .then(
        () => true,
        () => false,
      ),
  )
  t.ok(await client.delete(Pod, 'free', NAMESPACE))
})

t.test('run again, it finds what is left, also of a half', async t => {
  const again = await hook('hook-uninstall', '--timeout-seconds', '30')
  t.strictSame({ code: again.code, errors: again.errors }, { code: 0, errors: [] })
  t.strictSame(again.lines.find(line => line['removed'])?.['removed'], {})

  const generated = {
    'app.kubernetes.io/managed-by': 'kradle',
    'kradle.a5c.ai/policy-binding': 'b',
  }
  const make = <T extends KubernetesObject>(kind: Kind<T>, object: object) =>
    client.create(kind, object as T)
  await make(PolicyException, {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'PolicyException',
    metadata: { name: 'left', namespace: PLATFORM_NAMESPACE, labels: generated },
    spec: { policyRefs: [{ name: 'x', kind: 'NamespacedValidatingPolicy' }] },
  })
  const report = { apiVersion: 'wgpolicyk8s.io/v1alpha2', kind: 'PolicyReport', results: [] }
  const named = (name: string, labels: object) => ({
    metadata: { name, namespace: NAMESPACE, labels },
  })
  await make(PolicyReport, { ...report, ...named('left', reportLabels(NAMESPACE)) })
  await make(PolicyReport, { ...report, ...named('theirs', {}) })
  await make(ResourceQuota, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    ...named('kradle-census', {}),
    spec: { hard: { 'count/pods': '1' } },
  })
  const stranger = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    metadata: { name: 'theirs', labels: { 'app.kubernetes.io/part-of': 'kradle' } },
  }
  await make(ValidatingWebhookConfiguration, {
    ...stranger,
    kind: 'ValidatingWebhookConfiguration',
    webhooks: [],
  })
  const half = await hook('hook-uninstall', '--timeout-seconds', '30')
  t.equal(half.code, 1, 'somebody put our label on what is not shipped')
  t.match(half.errors, [/^validatingwebhookconfigurations\S* theirs stays: .*forbidden/])
  t.strictSame(half.lines.find(line => line['removed'])?.['removed'], {
    'policyexceptions.policies.kyverno.io': 1,
    'policyreports.wgpolicyk8s.io': 1,
    resourcequotas: 1,
  })
  t.ok(await client.get(PolicyReport, 'theirs', NAMESPACE))
  await client.delete(ValidatingWebhookConfiguration, 'theirs')
})

t.test('started again, Kradle is what it was', async t => {
  // All at once: without a certificate the webhook is not ready.
  await Promise.all(['webhook', ...controllers].map(name => kradle.restart(name)))
  await until('the policy is generated again', policyThere)
  await until('the organisation is held', async () => {
    const acme = await client.get(Organization, 'acme', PLATFORM_NAMESPACE)
    return acme?.metadata.finalizers?.includes(FINALIZER_ORGANIZATION)
  })
  t.ok((await count(ValidatingAdmissionPolicy)) > 5)
  t.equal(await count(ValidatingAdmissionPolicy), await count(ValidatingAdmissionPolicyBinding))
  const { code, lines, errors } = await hook('hook-catalogue')
  t.strictSame({ code, errors }, { code: 0, errors: [] })
  t.match(counted(lines), { edited: 1, foreign: 1 })
})
