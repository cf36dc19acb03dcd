import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { apiClient } from '#hack/local/api.ts'
import { installDefinitions, kyvernoDefinitions } from '#hack/local/kyverno/definitions.ts'
import { deciding } from '#hack/local/kradle.ts'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { RoleBinding } from '#src/api/rbac/v1.ts'
import { PolicyReport } from '#src/api/policy-reports.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { atRest } from '#test/support/at-rest.ts'
import { person, persona } from '#test/support/people.ts'
import { bindingOf, decide, NAMESPACE, requestOf, teamNames } from '#test/support/policy.ts'
import { createOrganization, running, until } from '#test/support/running.ts'
import { reports } from '#test/support/says.ts'

/** The real API server and Kyverno's definitions; what Kyverno itself would write, the test does in its name. */
const { client, kradle, controlPlane } = await running(t, {
  processes: [...deciding, { name: 'policy-controller' }],
})
await createOrganization(client, 'acme')
const { says, messageOf } = reports(client, NAMESPACE)
const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
t.teardown(() => api.close())

const as = (name: string) => person(controlPlane, `system:serviceaccount:${name}`, 'system:masters')
const kyverno = await as('kyverno:kyverno-admission-controller')
const reporter = await as('kyverno:kyverno-reports-controller')
const itself = await as('kradle-system:policy-controller')
const [joe, jane] = await Promise.all([person(controlPlane, 'joe'), person(controlPlane, 'jane')])
for (const { name } of [joe, jane])
  await client.create(RoleBinding, persona(name, 'kradle-admin', NAMESPACE))
t.teardown(() => [kyverno, reporter, itself, joe, jane].forEach(each => each.close()))

const create = <T extends KubernetesObject>(kind: Kind<T>, object: T) => client.create(kind, object)
const change = (kind: Kind, name: string, spec: object) =>
  client.mergePatch(kind, { name, namespace: NAMESPACE }, { spec })
const policyOf = (name = 'kradle-acme-names') =>
  client.get(NamespacedValidatingPolicy, name, NAMESPACE)
const actions = async () => (await policyOf())?.spec['validationActions']

/** Kyverno is heard of. */
async function beat(time = new Date()): Promise<void> {
  const annotations = { 'kyverno.io/last-request-time': time.toISOString() }
  await client.apply(
    Lease,
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'kyverno-health', namespace: 'kube-system', annotations },
    },
    { fieldManager: 'test', force: true },
  )
}

/** So is its reports controller. */
async function renew(time = new Date()): Promise<void> {
  await client.apply(
    Lease,
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'kyverno-reports-controller', namespace: 'kube-system' },
      spec: { leaseDurationSeconds: 12, renewTime: time.toISOString().replace('Z', '000Z') },
    },
    { fieldManager: 'test', force: true },
  )
}

/** What Kyverno says of a policy once it has compiled it. */
async function compiled(
  name = 'kradle-acme-names',
  status = 'True',
  message = 'Webhook configured.',
) {
  const path = `${apiPath(NamespacedValidatingPolicy, { name, namespace: NAMESPACE })}/status`
  const condition = {
    type: 'WebhookConfigured',
    status,
    reason: status === 'True' ? 'Succeeded' : 'Failed',
    message,
    lastTransitionTime: new Date().toISOString(),
  }
  const conditionStatus = { ready: status === 'True', message: '', conditions: [condition] }
  const refused = await kyverno.send(
    'PATCH',
    path,
    { status: { conditionStatus } },
    'application/merge-patch+json',
  )
  if (refused) throw new Error(refused)
}

/** Kyverno goes on being heard of, until told otherwise. */
let pulse: NodeJS.Timeout | undefined
const live = async () => {
  const both = async () => void (await Promise.all([beat(), renew()]))
  await both()
  pulse = setInterval(() => void both().catch(() => {}), 10_000)
}
t.teardown(() => clearInterval(pulse))

const reconciles = async () => {
  const text = await (await fetch(`${kradle.health('policy-controller')}/metrics`)).text()
  return text
    .split('\n')
    .filter(line => /_reconcile.*_(count|total)/.test(line) && !line.startsWith('#'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

t.test('without Kyverno a binding says so, and nothing goes round in circles', async t => {
  await create(PolicyTemplate, teamNames())
  await create(PolicyBinding, bindingOf('names', 'team-names'))
  await says(PolicyTemplate, 'team-names', 'Compiled', 'Ready=True Ready')
  await says(
    PolicyBinding,
    'names',
    'Rendered',
    'TemplateResolved=True Found',
    'PolicyRendered=True Rendered',
    'PolicyApplied=False KyvernoMissing',
    'ReportsObserved=False KyvernoMissing',
    'Ready=False KyvernoMissing',
  )
  const before = await atRest(reconciles)
  t.ok(before > 0)
  await sleep(4000)
  t.equal(await reconciles(), before)
})

t.test('when its definitions come, it goes on by itself', async t => {
  await installDefinitions(api, await kyvernoDefinitions(controlPlane.settings))
  await says(PolicyBinding, 'names', 'Degraded', 'PolicyApplied=False KyvernoNotRunning')
  await live()
  await says(PolicyBinding, 'names', 'Rendered', 'PolicyApplied=False WaitingForKyverno')
  await compiled()
  await says(PolicyBinding, 'names', 'Applied', 'PolicyApplied=True Applied', 'Ready=True Applied')
  const binding = await client.get(PolicyBinding, 'names', NAMESPACE)
  t.match(binding?.status, {
    generatedPolicy: {
      kind: 'NamespacedValidatingPolicy',
      namespace: NAMESPACE,
      name: 'kradle-acme-names',
    },
    rollout: { mode: 'audit', since: /Z$/ },
  })
  t.match(await policyOf(), {
    metadata: {
      labels: { 'kradle.a5c.ai/org': 'acme', 'kradle.a5c.ai/policy-binding': 'names' },
      ownerReferences: [{ kind: 'PolicyBinding', name: 'names', uid: binding?.metadata.uid }],
    },
    spec: { validationActions: ['Audit'], variables: [{ name: 'minLength', expression: '12' }] },
  })
})

t.test('it needs no more rights than it has', async t => {
  const { body } = await api(
    'GET',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/kradle-policy-controller',
  )
  const { rules } = JSON.parse(body) as {
    rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[]
  }
  const writes = rules
    .filter(({ verbs }) => verbs.includes('create') || verbs.includes('delete'))
    .flatMap(({ apiGroups, resources }) => resources.map(each => `${each}.${apiGroups[0]}`))
  t.strictSame(writes.toSorted(), [
    'events.',
    'namespaceddeletingpolicies.policies.kyverno.io',
    'namespacedgeneratingpolicies.policies.kyverno.io',
    'namespacedimagevalidatingpolicies.policies.kyverno.io',
    'namespacedmutatingpolicies.policies.kyverno.io',
    'namespacedvalidatingpolicies.policies.kyverno.io',
    'policybindings.kradle.a5c.ai',
  ])
})

t.test('what Kyverno cannot compile is told in its words', async t => {
  await compiled('kradle-acme-names', 'False', 'no such overload')
  await says(PolicyBinding, 'names', 'Degraded', 'PolicyApplied=False NotReady')
  t.match(await messageOf(PolicyBinding, 'names', 'PolicyApplied'), 'no such overload')
  await compiled()
  await says(PolicyBinding, 'names', 'Applied')
})

t.test('drift is repaired at once', async t => {
  const path = apiPath(NamespacedValidatingPolicy, {
    name: 'kradle-acme-names',
    namespace: NAMESPACE,
  })
  const patch = { spec: { validationActions: ['Warn'], validations: [{ expression: 'true' }] } }
  t.equal(await itself.send('PATCH', path, patch, 'application/merge-patch+json'), '')
  await until('it is put right', async () => {
    const { validationActions, validations } = ((await policyOf())?.spec ?? {}) as {
      validationActions?: string[]
      validations?: { expression: string }[]
    }
    return String(validationActions) === 'Audit' && validations?.[0]?.expression !== 'true'
  })
  const never = [{ name: 'never', expression: 'false' }]
  const more = {
    metadata: { finalizers: ['example.org/forever'] },
    spec: { matchConditions: never },
  }
  t.equal(await itself.send('PATCH', path, more, 'application/merge-patch+json'), '')
  await until('nothing of it is left', async () => {
    const found = await policyOf()
    return found?.spec['matchConditions'] === undefined && !found?.metadata.finalizers?.length
  })
  const uid = (await policyOf())?.metadata.uid
  t.equal(await itself.send('DELETE', path), '')
  await until('it is made anew', async () => {
    const now = (await policyOf())?.metadata.uid
    return now !== undefined && now !== uid
  })
  await compiled()
  await says(PolicyBinding, 'names', 'Applied')
})

t.test('mode and suspend are followed', async t => {
  const before = (await client.get(PolicyBinding, 'names', NAMESPACE))?.status?.rollout
  await sleep(1100)
  await change(PolicyBinding, 'names', { mode: 'enforce' })
  await until('it refuses', async () => String(await actions()) === 'Deny')
  await says(PolicyBinding, 'names', 'Applied')
  const after = (await client.get(PolicyBinding, 'names', NAMESPACE))?.status?.rollout
  t.equal(after?.mode, 'enforce')
  t.not(after?.since, before?.since)
  await change(PolicyBinding, 'names', { suspend: true })
  await says(PolicyBinding, 'names', 'Rendered', 'PolicyApplied=False Suspended')
  t.equal(await policyOf(), undefined)
  await change(PolicyBinding, 'names', { suspend: false })
  await until('it is back', policyOf)
  await compiled()
  await says(PolicyBinding, 'names', 'Applied')
})

t.test('reports are counted, and those of others are not', async t => {
  const report = (name: string, ...results: object[]): PolicyReport =>
    ({
      apiVersion: 'wgpolicyk8s.io/v1alpha2',
      kind: 'PolicyReport',
      metadata: { name, namespace: NAMESPACE },
      results,
    }) as PolicyReport
  const policy = `${NAMESPACE}/kradle-acme-names`
  const source = 'KyvernoValidatingPolicy'
  const found = [
    report('one', { policy, source, result: 'fail' }, { policy, source: 'kradle', result: 'fail' }),
    report('two', { policy, source, result: 'pass' }, { policy: 'other', source, result: 'fail' }),
  ]
  for (const each of found)
    t.equal(await reporter.send('POST', apiPath(PolicyReport, { namespace: NAMESPACE }), each), '')
  await says(PolicyBinding, 'names', 'ReportsObserved=True Observed')
  const results = async () => (await client.get(PolicyBinding, 'names', NAMESPACE))?.status?.results
  await until('both are counted', async () => {
    const counts = await results()
    return counts?.fail === 1 && counts.pass === 1
  })
  const before = await results()
  const path = apiPath(PolicyReport, { name: 'two', namespace: NAMESPACE })
  await reporter.send(
    'PATCH',
    path,
    { metadata: { labels: { seen: 'again' } } },
    'application/merge-patch+json',
  )
  await sleep(1500)
  t.strictSame(await results(), before, 'nothing is written where nothing is counted anew')
})

t.test(
  'an exception comes with the approval of somebody else, and goes when it is over',
  async t => {
    const team = { kind: 'Team', name: 'core' }
    const request = requestOf('short', 'names', team, 25)
    const path = apiPath(PolicyExceptionRequest, { namespace: NAMESPACE })
    t.equal(await joe.send('POST', path, request), '')
    await says(PolicyExceptionRequest, 'short', 'Requested', 'Ready=False Requested')
    t.match(await decide(joe, 'short'), 'R202')
    t.equal(await decide(jane, 'short'), '')
    await says(PolicyExceptionRequest, 'short', 'Applied', 'Ready=True Applied')
    t.match(await client.get(PolicyException, 'kradle-acme-short', 'kradle-system'), {
      spec: { policyRefs: [{ name: 'kradle-acme-names', kind: 'NamespacedValidatingPolicy' }] },
    })
    const digest = async () =>
      (await policyOf())?.metadata.annotations?.['kradle.a5c.ai/exceptions']
    await until('the policy has changed twice', async () =>
      /^1-[0-9a-f]{16}$/.test((await digest()) ?? ''),
    )
    await says(PolicyExceptionRequest, 'short', 'Expired', 'Ready=False Expired')
    const late = Date.now() - Date.parse(request.spec.expiresAt)
    t.ok(late >= 0 && late < 2000, `${late} ms after it was over`)
    t.equal(await client.get(PolicyException, 'kradle-acme-short', 'kradle-system'), undefined)
    await until('the policy has changed again', async () => (await digest())?.startsWith('0'))
    await until('nothing holds the request', async () => {
      const left = await client.get(PolicyExceptionRequest, 'short', NAMESPACE)
      return left && !left.metadata.finalizers?.length
    })
  },
)

t.test('an exception goes with its request, and when its profile allows no more', async t => {
  const team = { kind: 'Team', name: 'core' }
  const path = apiPath(PolicyExceptionRequest, { namespace: NAMESPACE })
  for (const name of ['first', 'second']) {
    t.equal(await joe.send('POST', path, requestOf(name, 'names', team)), '')
    t.equal(await decide(jane, name), '')
    await says(PolicyExceptionRequest, name, 'Applied')
  }
  await client.delete(PolicyExceptionRequest, 'first', NAMESPACE)
  const isThere = (name: string) =>
    client.get(PolicyException, `kradle-acme-${name}`, 'kradle-system')
  await until('its exception is gone', async () => !(await isThere('first')))
  await until(
    'it is gone',
    async () => !(await client.get(PolicyExceptionRequest, 'first', NAMESPACE)),
  )
  t.ok(await isThere('second'))
  await create(PolicyProfile, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'PolicyProfile',
    metadata: { name: 'strict', namespace: NAMESPACE },
    spec: {
      organizationRef: 'acme',
      displayName: 'Strict',
      mode: 'mixed',
      exceptions: { allowed: false },
    },
  } as unknown as PolicyProfile)
  await says(PolicyExceptionRequest, 'second', 'Approved', 'Admitted=False NotAllowed')
  await until('its exception is gone too', async () => !(await isThere('second')))
  await says(PolicyProfile, 'strict', 'Ready', 'ExceptionsAllowed=False NotAllowed')
  await client.delete(PolicyExceptionRequest, 'second', NAMESPACE)
})

t.test('a profile binds its default templates once, and caps the mode', async t => {
  await create(PolicyTemplate, teamNames('plain-names'))
  const parameters = [{ name: 'minLength', type: 'integer', required: true }]
  await create(PolicyTemplate, teamNames('needy-names', { parameters }))
  const defaultTemplates = ['plain-names', 'needy-names', 'team-names']
  await change(PolicyProfile, 'strict', { mode: 'audit', defaultTemplates })
  await says(PolicyProfile, 'strict', 'PoliciesSynced=False NotBound')
  t.match(
    await messageOf(PolicyProfile, 'strict', 'PoliciesSynced'),
    'needy-names" requires minLength',
  )
  await until('it is bound', () => client.get(PolicyBinding, 'plain-names', NAMESPACE))
  t.match(await client.get(PolicyBinding, 'plain-names', NAMESPACE), {
    metadata: { ownerReferences: [{ kind: 'PolicyProfile', name: 'strict' }] },
    spec: { templateRef: 'plain-names', profileRef: 'strict', mode: 'audit' },
  })
  t.equal(await client.get(PolicyBinding, 'team-names', NAMESPACE), undefined, 'bound already')
  await change(PolicyBinding, 'plain-names', { parameters: { minLength: 3 } })
  await until('the cap is in force', async () => String(await actions()) === 'Audit')
  await sleep(1000)
  const bound = await client.get(PolicyBinding, 'plain-names', NAMESPACE)
  t.strictSame(bound?.spec.parameters, { minLength: 3 }, 'and not fought over')
  await client.delete(PolicyProfile, 'strict', NAMESPACE)
  await until(
    'its bindings go with it',
    async () => !(await client.get(PolicyBinding, 'plain-names', NAMESPACE)),
  )
  await until('the cap too', async () => String(await actions()) === 'Deny')
})

t.test('a template that goes leaves the policy in force', async t => {
  await compiled()
  const path = apiPath(PolicyTemplate, { name: 'team-names', namespace: NAMESPACE })
  t.equal(await api('DELETE', path).then(({ status }) => status), 200)
  await says(
    PolicyBinding,
    'names',
    'Degraded',
    'TemplateResolved=False TemplateMissing',
    'PolicyRendered=False TemplateMissing',
    'PolicyApplied=False OutOfDate',
  )
  t.strictSame(await actions(), ['Deny'])
  await create(PolicyTemplate, teamNames())
  await says(PolicyBinding, 'names', 'Applied')
})

t.test('silence of Kyverno is told of, and its return', async () => {
  clearInterval(pulse)
  await beat()
  await renew(new Date(Date.now() - 42_000))
  await says(PolicyBinding, 'names', 'Applied', 'ReportsObserved=False KyvernoNotReporting')
  await beat(new Date(Date.now() - 42_000))
  await says(PolicyBinding, 'names', 'Degraded', 'PolicyApplied=False KyvernoNotRunning')
  await live()
  await says(PolicyBinding, 'names', 'Applied', 'ReportsObserved=True Observed')
})

t.test('its definitions go, and come back', async t => {
  const definitions = await kyvernoDefinitions(controlPlane.settings)
  const ours = definitions.filter(({ spec }) => spec.group === 'policies.kyverno.io')
  for (const { metadata } of ours) await client.delete(CustomResourceDefinition, metadata.name)
  await says(PolicyBinding, 'names', 'PolicyApplied=False KyvernoMissing')
  for (const { metadata } of ours)
    await until(
      'it is gone',
      async () => !(await client.get(CustomResourceDefinition, metadata.name)),
    )
  await sleep(2000)
  const before = await reconciles()
  await sleep(3000)
  t.ok((await reconciles()) - before <= 2)
  await installDefinitions(api, ours)
  await until('it is made again', policyOf)
  await compiled()
  await says(PolicyBinding, 'names', 'Applied')
})

t.test('a deleted binding takes its policy along', async () => {
  await client.delete(PolicyBinding, 'names', NAMESPACE)
  await until('it is gone', async () => !(await policyOf()))
})
