import { readFileSync } from 'node:fs'
import t from 'tap'
import { installKyverno } from '#hack/local/kyverno/kyverno.ts'
import {
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Review } from '#src/api/activity/v1alpha1.ts'
import { AgentStack, AgentTriggerRule } from '#src/api/agents/v1alpha1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { AgentSecretGrant, IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyReport, Report, type PolicyReportResult } from '#src/api/policy-reports.ts'
import { exampleFiles } from '#test/support/kubectl/examples.ts'
import { allProcesses, createOrganization, mapping, running, until } from '#test/support/running.ts'

// The scanner on the real servers: what breaks a rule that was not there, or what the rule stands on has changed under.

const SCANNER = 'scan-controller'
const EVERY_SECOND = ['--interval-seconds', '1']
const { client, controlPlane, kradle, kubectl } = await running(t, {
  processes: allProcesses.map(start =>
    start.name === SCANNER ? { ...start, flags: EVERY_SECOND } : start,
  ),
})
const NAMESPACE = 'kradle-org-acme'
await createOrganization(client, 'acme')

/** A metric of the scanner, by its whole name with labels. */
async function metric(name: string, id = SCANNER): Promise<number> {
  const text = await (await fetch(`${kradle.health(id)}/metrics`)).text()
  const line = text.split('\n').find(each => each.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}
const passes = (id?: string) => metric('kradle_scan_passes_total{result="success"}', id)
/** Two more ends of passes: one of them began after now. */
async function looked(id?: string): Promise<void> {
  const before = await passes(id)
  await until('everything was looked through', async () => (await passes(id)) >= before + 2)
}

const reports = async (kind: Kind<Report> = PolicyReport): Promise<readonly Report[]> =>
  (await client.list(kind, { namespace: NAMESPACE })).items
async function results(kind?: Kind<Report>): Promise<readonly PolicyReportResult[]> {
  return (await reports(kind)).flatMap(({ results: all }) => all ?? [])
}
const line = ({ result, policy, rule, resources = [] }: PolicyReportResult): string =>
  `${result} ${policy} ${rule} ${resources[0]?.kind}/${resources[0]?.name}`
const lines = async (kind?: Kind<Report>) => (await results(kind)).map(line).toSorted()

/** Does something while no webhook judges, nor the policy that keeps reports. */
async function unjudged(task: () => Promise<unknown>): Promise<void> {
  await kradle.kill('admission-controller', 'SIGTERM')
  const guard = (await client.get(ValidatingAdmissionPolicyBinding, 'kradle-policy-objects'))!
  await client.delete(ValidatingAdmissionPolicyBinding, 'kradle-policy-objects')
  for (const kind of [ValidatingWebhookConfiguration, MutatingWebhookConfiguration])
    await client.delete(kind, 'kradle')
  await until('nobody judges', () =>
    task().then(
      () => true,
      (error: Error) => {
        if (/webhook|ValidatingAdmissionPolicy/.test(error.message)) return false
        throw error
      },
    ),
  )
  const { name, labels } = guard.metadata
  await client.create(ValidatingAdmissionPolicyBinding, {
    ...guard,
    metadata: { name, ...(labels && { labels }) },
  })
  await kradle.restart('admission-controller')
}

/** Puts an object there, whatever stands in its place. */
const put = (kind: Kind, object: KubernetesObject) =>
  client.delete(kind, object.metadata.name, NAMESPACE).then(() => create(kind, object))

const create = <T extends KubernetesObject>(kind: Kind<T>, object: object) =>
  client.create(kind, object as T)

const files = exampleFiles.toSorted(
  (a, b) => Number(a.includes('activity-examples')) - Number(b.includes('activity-examples')),
)
const applied = await until('every example is there', async () => {
  const args = files.flatMap(file => ['-f', file])
  const { code } = await kubectl(['apply', ...args])
  return code === 0
})
t.equal(applied, undefined)

t.test('waits for the definitions of reports, and says so once', async t => {
  await until('it is the leader', async () =>
    /became leader/.test(readFileSync(kradle.log(SCANNER), 'utf8')),
  )
  await new Promise(done => setTimeout(done, 12_000))
  t.equal(await metric('kradle_scan_reports_available'), 0)
  t.equal(readFileSync(kradle.log(SCANNER), 'utf8').split('reports are not served').length, 2)
  await installKyverno(controlPlane)
  await until('there is a report', async () => (await reports()).length > 0)
  t.equal(await metric('kradle_scan_reports_available'), 1)
})

t.test('has nothing against what was let in', async t => {
  await looked()
  t.strictSame(await lines(), [])
  const [report, ...others] = await reports()
  t.strictSame(others, [])
  t.match(report, {
    metadata: {
      name: 'kradle-0',
      labels: { 'app.kubernetes.io/managed-by': 'kradle', 'kradle.a5c.ai/org': 'acme' },
    },
    scope: { kind: 'Namespace', name: NAMESPACE },
    summary: { fail: 0, warn: 0, error: 0, skip: 0 },
  })
  t.ok(report!.summary!.pass! > 100, String(report!.summary!.pass))
  t.equal(await metric('kradle_scan_unread_kinds'), 0)
})

const broken = {
  mapping: 'fail identitymapping/subject-is-unique R42 IdentityMapping/twin',
  pod: 'fail pod/keys-are-granted R51 Pod/greedy',
  review: 'fail org-scoped/references-exist R78 Review/app-42-jane',
  trigger: 'fail org-scoped/references-exist R143 AgentTriggerRule/broken-builds',
}

t.test('tells of what got in past the webhook, and of what lost what it stands on', async t => {
  const twin = {
    ...mapping('twin'),
    spec: { ...mapping('twin').spec, user: 'john', subject: 'one' },
  }
  const one = mapping('one')
  await create(IdentityMapping, one)
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'greedy', namespace: NAMESPACE },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'main',
          image: 'registry.example/main:1',
          env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'model', key: 'token' } } }],
        },
      ],
    },
  }
  await unjudged(async () => {
    for (const [kind, object] of [
      [IdentityMapping, twin],
      [Pod, pod],
    ] as readonly (readonly [Kind, KubernetesObject])[])
      await put(kind, object)
  })
  t.ok(await client.delete(AgentStack, 'diagnoser', NAMESPACE))
  const { code, stderr } = await kubectl([
    'delete',
    'pullrequests.activity.kradle.a5c.ai',
    'app-42',
    '-n',
    NAMESPACE,
  ])
  t.equal(code, 0, stderr)
  await looked()
  const found = await results()
  t.strictSame(
    found.map(line).toSorted(),
    [
      ...Object.values(broken),
      'fail identitymapping/subject-is-unique R42 IdentityMapping/one',
    ].toSorted(),
  )
  const review = await client.get(Review, 'app-42-jane', NAMESPACE)
  t.match(
    found.find(each => line(each) === broken.review),
    {
      source: 'kradle',
      severity: 'medium',
      scored: true,
      message: /^spec\.pullRequest: "app-42" is no PullRequest in namespace "kradle-org-acme"; /,
      properties: { field: 'spec.pullRequest' },
      resources: [
        {
          apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
          kind: 'Review',
          namespace: NAMESPACE,
          name: 'app-42-jane',
          uid: review!.metadata.uid,
        },
      ],
      timestamp: { nanos: 0 },
    },
  )
})

const versions = async () =>
  (await reports()).map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
const writes = async () =>
  (await metric('kradle_scan_report_writes_total{verb="create"}')) +
  (await metric('kradle_scan_report_writes_total{verb="update"}')) +
  (await metric('kradle_scan_report_writes_total{verb="delete"}'))

t.test('writes nothing where nothing changed', async t => {
  const before = [await versions(), await writes()]
  await looked()
  await looked()
  t.strictSame([await versions(), await writes()], before)
})

t.test('what cannot be read keeps what was said of it, and says so', async t => {
  const before = await results()
  await kradle.kill('apiserver', 'SIGTERM')
  await looked()
  t.ok((await metric('kradle_scan_unread_kinds')) > 20)
  t.strictSame(await results(), before)
  t.match((await reports())[0]!.metadata.annotations, {
    'kradle.a5c.ai/unread': /reviews\.activity\.kradle\.a5c\.ai/,
  })
  await kradle.restart('apiserver')
  await until('everything can be read again', async () => {
    await looked()
    return (await metric('kradle_scan_unread_kinds')) === 0
  })
  t.strictSame(await results(), before)
  t.equal((await reports())[0]!.metadata.annotations, undefined)
})

t.test('forged reports change nothing', async t => {
  const before = await results()
  const forged = (name: string, labels: Record<string, string>) => ({
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: { name, namespace: NAMESPACE, labels },
    summary: { pass: 99 },
    results: [{ policy: 'pod/keys-are-granted', result: 'pass', source: 'kradle' }],
  })
  const own = { 'app.kubernetes.io/managed-by': 'kradle', 'kradle.a5c.ai/report': 'scan' }
  await t.rejects(create(PolicyReport, forged('kradle-6', own)), /R204/)
  await unjudged(async () => {
    await put(PolicyReport, forged('kradle-5', own))
    await put(PolicyReport, forged('somebody-elses', {}))
    await client.mergePatch(
      PolicyReport,
      { name: 'kradle-0', namespace: NAMESPACE },
      { results: [], summary: { pass: 99, fail: 0 } },
    )
  })
  await looked()
  t.strictSame(
    (await reports()).map(({ metadata }) => metadata.name),
    ['kradle-0', 'somebody-elses'],
  )
  t.strictSame((await reports())[0]!.results!.map(line), before.map(line))
  await unjudged(() => client.delete(PolicyReport, 'somebody-elses', NAMESPACE))
})

t.test('what was mended is gone, and what was not keeps its time', async t => {
  const times = new Map((await results()).map(each => [line(each), each.timestamp]))
  await client.delete(IdentityMapping, 'twin', NAMESPACE)
  const model = await client.get(AgentSecretGrant, 'repairer-model', NAMESPACE)
  await create(AgentSecretGrant, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'AgentSecretGrant',
    metadata: { name: 'greedy', namespace: NAMESPACE },
    spec: {
      subject: { kind: 'user', name: 'jane' },
      serviceAccountRef: 'default',
      secretRef: { name: model!.spec.secretRef.name, keys: ['token'] },
      purpose: 'model-provider-token',
    },
  })
  // A pull request of that name would not be the one that was reviewed.
  await client.delete(Review, 'app-42-jane', NAMESPACE)
  await looked()
  t.strictSame(await lines(), [broken.trigger])
  t.strictSame((await results())[0]!.timestamp, times.get(broken.trigger))
  t.match(await client.get(AgentTriggerRule, 'broken-builds', NAMESPACE), {})
})

t.test('writes openreports.io instead where it is told to, and takes the others away', async t => {
  await kradle.kill(SCANNER, 'SIGTERM')
  const id = 'scan-open'
  await kradle.start({
    name: SCANNER,
    id,
    flags: [...EVERY_SECOND, '--report-api', 'openreports.io'],
  })
  await until('there is a report', async () => (await reports(Report)).length > 0)
  await looked(id)
  t.strictSame(await lines(Report), [broken.trigger])
  t.match(await reports(Report), [{ source: 'kradle', metadata: { name: 'kradle-0' } }])
  t.strictSame(await reports(), [])
})
