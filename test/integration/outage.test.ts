import t from 'tap'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { AgentMcpServer, AgentStack, AgentTriggerRule } from '#src/api/agents/v1alpha1.ts'
import { Namespace } from '#src/api/core/v1.ts'
import {
  IdentityMapping,
  Organization,
  OrgNamespaceBinding,
  Team,
} from '#src/api/identity/v1alpha1.ts'
import { ExternalBackendProvider } from '#src/api/external-backends/v1alpha1.ts'
import { KradleInferenceService, KradleServingRuntime } from '#src/api/inference/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { LABEL_ORG, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { readExamples } from '#test/support/examples.ts'
import { createOrganization, mapping, running, team, until } from '#test/support/running.ts'

// The webhook configurations stay, nobody answers behind them: the worst day of a cluster with Kradle on it.
const { kubectl, client, kradle } = await running(t)
await createOrganization(client, 'acme')
await createOrganization(client, 'globex')
await client.create(Team, {
  ...team('held'),
  metadata: { ...team('held').metadata, finalizers: ['example.com/x'] },
})
await client.create(Team, team('held', 'globex'))
for (const id of ['admission-controller', 'identity-controller', 'webhook']) await kradle.kill(id)

const create = (object: object) => kubectl(['create', '-f', '-'], object)
/** A certificate request as a kubelet makes it; base64 of PEM. */
const request = async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=system:node:n1,O=system:nodes',
    keys,
    signingAlgorithm: algorithm,
  })
  return Buffer.from(csr.toString('pem')).toString('base64')
}

t.test('what has nothing to do with organisations goes on', async t => {
  const foreign: Record<string, object> = {
    'a node': { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } },
    'a lease': {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'n1', namespace: 'kube-node-lease' },
      spec: { holderIdentity: 'n1' },
    },
    'a certificate request': {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'n1' },
      spec: {
        request: await request(),
        signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
        usages: ['client auth', 'digital signature'],
      },
    },
    'a Pod in kube-system': {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'kube-system' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    },
    'a ConfigMap in Kradle’s own namespace': {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: PLATFORM_NAMESPACE },
    },
    'a namespace': { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } },
    'a ConfigMap in the namespace of an organisation': {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'kradle-org-acme' },
    },
  }
  for (const [what, object] of Object.entries(foreign))
    t.match(await create(object), { code: 0 }, what)
  const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } }
  const patch = ['--type=merge', '-p', JSON.stringify(ready)]
  t.match(await kubectl(['patch', 'node', 'n1', '--subresource=status', ...patch]), { code: 0 })
})

t.test('a write that needs a decision is refused, and says that nobody decided', async t => {
  const { code, stderr } = await create(mapping('x'))
  t.equal(code, 1)
  t.match(stderr, /failed calling webhook "validate\.kradle\.a5c\.ai"/)
  t.equal(await client.get(IdentityMapping, 'x', 'kradle-org-acme'), undefined)
})

t.test('a write that the API server can decide by itself is decided', async t => {
  t.match(await create(team('decided')), { code: 0 })
  const across = team('undecided')
  across.metadata.labels = { 'kradle.a5c.ai/org': 'globex' }
  t.match(await create(across), { code: 1, stderr: /R28/ })
})

t.test('a write across organisations still names its reason', async t => {
  const across = team('x')
  across.spec.organizationRef = 'globex'
  t.match(await create(across), { code: 1, stderr: /spec\.organizationRef: "globex".*R28/ })
  const elsewhere = team('x')
  elsewhere.metadata.namespace = 'default'
  t.match(await create(elsewhere), { code: 1, stderr: /metadata\.namespace: "default".*R29/ })
  const relabel = [
    'label',
    'namespace',
    'kradle-org-acme',
    '--overwrite',
    'kradle.a5c.ai/org=globex',
  ]
  t.match(await kubectl(relabel), { code: 1, stderr: /R29/ })
  t.match(await kubectl(['create', 'namespace', 'kradle-org-hooli']), { code: 1, stderr: /R29/ })
  const status = ['--subresource=status', '--type=merge', '-p', '{"status":{"phase":"Hacked"}}']
  t.match(await kubectl(['patch', 'organization', 'acme', '-n', PLATFORM_NAMESPACE, ...status]), {
    code: 1,
    stderr: /R20/,
  })
})

t.test('what no rule may block goes on', async t => {
  const patch = (json: object) =>
    kubectl([
      'patch',
      'team',
      'held',
      '-n',
      'kradle-org-acme',
      '--type=merge',
      '-p',
      JSON.stringify(json),
    ])
  t.match(await patch({ metadata: { labels: { app: 'x' }, annotations: { note: 'x' } } }), {
    code: 0,
  })
  t.match(await patch({ metadata: { ownerReferences: [] } }), { code: 0 })
  t.match(await patch({ metadata: { finalizers: null } }), { code: 0 })
  t.match(await kubectl(['delete', 'team', 'held', '-n', 'kradle-org-acme']), { code: 0 })
})

t.test('no label on a namespace decides whether its Pods wait for us', async t => {
  const labelled = (namespace: string, label: string) =>
    kubectl([
      'label',
      'namespace',
      namespace,
      label,
      '--overwrite',
      // Whoever has taken over the only account that may.
      '--as=system:serviceaccount:kradle-system:identity-controller',
      // kubectl reads first what it labels.
      '--as-group=system:masters',
    ])
  const pod = (namespace: string) =>
    create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'p-', namespace },
      spec: { serviceAccountName: 'default', containers: [{ name: 'c', image: 'i' }] },
    })
  const refusedBy = (webhook: string) =>
    until(`${webhook} is asked about a Pod`, async () => {
      const { code, stderr } = await pod('kradle-org-acme')
      t.equal(code, 1)
      return stderr.includes(`failed calling webhook "${webhook}"`)
    })

  await refusedBy('validate.workloads.kradle.a5c.ai')
  t.match(await labelled('kradle-org-acme', 'kradle.a5c.ai/org-'), { code: 0 })
  await refusedBy('validate.workloads.unmarked.kradle.a5c.ai')
  t.match(await labelled('kradle-org-acme', 'kradle.a5c.ai/org=acme'), { code: 0 })
  await refusedBy('validate.workloads.kradle.a5c.ai')

  for (const namespace of ['other', 'kube-system'])
    t.match(await labelled(namespace, 'kradle.a5c.ai/org=acme'), { code: 0 })
  // That one stands for how long the API server takes to see a label; it has no name of the cluster's own.
  await until('the label is seen', async () => (await pod('other')).code === 1)
  t.match(await pod('kube-system'), { code: 0 })
  for (const namespace of ['other', 'kube-system'])
    t.match(await labelled(namespace, 'kradle.a5c.ai/org-'), { code: 0 })
})

t.test('a namespace of an organisation can be deleted, with what is in it', async t => {
  t.match(await kubectl(['delete', 'namespace', 'kradle-org-globex', '--timeout=60s']), { code: 0 })
  t.equal(await client.get(Namespace, 'kradle-org-globex'), undefined)
})

t.test('an Organization can still be made; it waits', async t => {
  t.match(
    await create({
      apiVersion: 'kradle.a5c.ai/v1alpha1',
      kind: 'Organization',
      metadata: { name: 'initech', namespace: PLATFORM_NAMESPACE },
      spec: { displayName: 'Initech', namespaceName: 'kradle-org-initech' },
    }),
    { code: 0 },
  )
})

const { of: examples } = readExamples()

/** The example of a kind, complete, under another name and with more in its spec. */
function example({ kind }: Kind, name?: string, more: object = {}): UnknownObject {
  const { metadata, spec, ...rest } = structuredClone(examples.get(kind)!)
  return {
    ...rest,
    metadata: { ...metadata, name: name ?? metadata.name, labels: { [LABEL_ORG]: 'acme' } },
    spec: { organizationRef: 'acme', ...spec, ...more },
  }
}
const onnx = {
  model: { modelFormat: { name: 'onnx' }, storageUri: 's3://acme-models/x', runtime: 'sklearn' },
}
/** What is refused as soon as Kradle decides again, and by which rule. */
const broken: readonly { kind: Kind; more?: object; name?: string; says: RegExp }[] = [
  { kind: AgentTriggerRule, more: { agentStack: 'nobody' }, says: /R143/ },
  { kind: AgentStack, more: { mcpServerRefs: ['issue-tracker'] }, says: /R221/ },
  { kind: ExternalBackendProvider, more: { providerType: 'gthub' }, says: /R168/ },
  { kind: KradleInferenceService, more: { predictor: onnx }, says: /R209/ },
  { kind: PolicyBinding, more: { templateRef: 'nobody' }, says: /R200/ },
  { kind: Team, name: 'no.label', says: /R10/ },
]

t.test('breaking the glass is one command, and Kradle puts the glass back', async t => {
  const glass = [
    'delete',
    'validatingwebhookconfiguration,validatingadmissionpolicybinding',
    '-l',
    'app.kubernetes.io/part-of=kradle',
  ]
  t.match(await kubectl(glass), { code: 0 })
  await until(
    'a write passes unchecked',
    async () => (await create(mapping('unchecked'))).code === 0,
  )
  const needed = [example(AgentMcpServer), example(KradleServingRuntime)]
  const stored = broken.map(({ kind, name, more }) => example(kind, name ?? 'broken', more))
  for (const object of stored) object.metadata.finalizers = ['example.com/x']
  for (const object of [...needed, ...stored])
    t.match(await create(object), { code: 0, stderr: '' }, object.kind)

  for (const id of ['admission-controller', 'identity-controller', 'webhook'])
    await kradle.restart(id)
  await until('writes are judged again', async () => {
    const { stderr } = await create({
      apiVersion: 'kradle.a5c.ai/v1alpha1',
      kind: 'OrgNamespaceBinding',
      metadata: { name: 'ghost', namespace: PLATFORM_NAMESPACE },
      spec: { organizationRef: 'ghost', namespace: 'kradle-org-ghost' },
    })
    return stderr.includes('R31')
  })
  await until('the policies are back', async () => {
    const across = team('y')
    across.spec.organizationRef = 'globex'
    return (await create(across)).stderr.includes('kradle-organization-scope')
  })
  const { stdout } = await kubectl(['get', 'events', '-n', PLATFORM_NAMESPACE])
  t.match(stdout, /AdmissionDriftRestored.*ValidatingWebhookConfiguration "kradle": it was missing/)
})

t.test('what broke a rule while nobody looked can still be cleared away', async t => {
  for (const { kind, name = 'broken', more, says } of broken) {
    const anew = example(kind, name === 'broken' ? 'anew' : `${name}.too`, more)
    t.match(await create(anew), { code: 1, stderr: says }, `${kind.kind} is refused by now`)
    const at = [kind.plural, name, '-n', 'kradle-org-acme']
    const patch = (metadata: object) =>
      kubectl(['patch', ...at, '--type=merge', '-p', JSON.stringify({ metadata })])
    t.match(await patch({ labels: { app: 'x' }, annotations: { note: 'x' } }), { code: 0 })
    t.match(await patch({ ownerReferences: [] }), { code: 0 })
    t.match(await kubectl(['delete', ...at, '--wait=false']), { code: 0 }, `${kind.kind} goes`)
    t.match(await patch({ finalizers: null }), { code: 0 }, 'and is not held')
    t.equal(await client.get(kind, name, 'kradle-org-acme'), undefined)
  }
})

t.test('and what waited is done', async t => {
  for (const slug of ['initech', 'globex'])
    await until(`organization ${slug} is Ready`, async () => {
      const found = await client.get(Organization, slug, PLATFORM_NAMESPACE)
      return found?.status?.phase === 'Ready'
    })
  t.ok(await client.get(OrgNamespaceBinding, 'initech', PLATFORM_NAMESPACE))
})
